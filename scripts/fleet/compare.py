"""Runs the engines one after the other, compares what they answer, and prints times and memory."""

import argparse
import json
import os
import subprocess
import sys


def same(left, right):
    if isinstance(left, float) or isinstance(right, float):
        # The last bits of an interpolation or a quotient.
        return left is not None and right is not None and abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    return left == right


def difference(left, right):
    """What differs between two answers, or None."""
    if len(left) != len(right):
        return f"{len(left)} rows and {len(right)} rows"
    for number, (one, other) in enumerate(zip(left, right)):
        if len(one) != len(other) or not all(map(same, one, other)):
            return f"row {number}: {one} and {other}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", required=True)
    parser.add_argument("--answers", required=True, help="where the answers are written")
    parser.add_argument("engines", nargs="+", choices=["duckdb", "spark"])
    options = parser.parse_args()
    found = {}
    for name in options.engines:
        done = subprocess.run([sys.executable, "scripts/fleet/engine.py", name, options.rows], stdout=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit(f"test-fleet: {name} ended with {done.returncode}")
        found[name] = json.loads(done.stdout)
        with open(os.path.join(options.answers, f"{name}.json"), "w") as file:
            json.dump(found[name], file, indent=1)
    print(f"{'':<18}" + "".join(f"{name:>12}" for name in found) + f"{'rows':>10}")
    print(f"{'load':<18}" + "".join(f"{one['load_seconds']:>10.1f} s" for one in found.values()))
    bad = []
    for query in found[options.engines[0]]["answers"]:
        answers = [one["answers"][query] for one in found.values()]
        print(f"{query:<18}" + "".join(f"{answer['seconds']:>10.2f} s" for answer in answers) + f"{len(answers[0]['rows']):>10}")
        if not answers[0]["rows"]:
            bad.append(f"{query}: no rows, which tells nothing")
        for answer in answers[1:]:
            told = difference(answers[0]["rows"], answer["rows"])
            if told:
                bad.append(f"{query}: {told}")
    print(f"{'peak memory':<18}" + "".join(f"{one['peak_mb']:>9.0f} MB" for one in found.values()))
    bad += undocumented()
    print("WRONG:\n  " + "\n  ".join(bad) if bad else "the same answers" if len(found) > 1 else "answered")
    sys.exit(1 if bad else 0)


def undocumented():
    """Docs/Fleet.md shows the queries as they are."""
    with open("Docs/Fleet.md") as file:
        text = file.read()
    bad = []
    for name in sorted(os.listdir("scripts/fleet/queries")):
        with open(os.path.join("scripts/fleet/queries", name)) as file:
            if file.read().strip() not in text:
                bad.append(f"Docs/Fleet.md does not show {name} as it is")
    return bad


if __name__ == "__main__":
    main()
