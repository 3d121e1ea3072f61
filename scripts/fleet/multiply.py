"""Makes the rows of a fleet out of real ones: `export --to stages` of the samples, multiplied.

Each host is one of the samples' runs on x86, chosen at random; a quarter of the hosts have a second recording after an upgrade of the kernel.
Of runs with the same kernel, module, verdict, failing stage and error one is taken, so that durations of a kernel compare. Verdicts, stages,
errors and kernels are those of the run. Names of hosts, boots and times of recording are made up. Durations are the run's, times a factor for
the host and one for each row (lognormal); in one of 100 recordings one stage takes twenty times as long.
"""

import argparse
import collections
import glob
import gzip
import json
import math
import os
import random
import subprocess
import sys

PARTS = 16
DAY = 86_400_000_000_000
FIRST = 1_790_000_000_000_000_000


def runs(tool):
    """Rows of real runs, by run: the run's own row first."""
    traces = sorted(glob.glob("SampleTraces/*/trace.*"))
    done = subprocess.run([tool, "export", "--to", "stages", *traces], capture_output=True, check=False)
    if done.returncode not in (0, 65):
        sys.exit(f"multiply: export ended with {done.returncode}: {done.stderr.decode()}")
    found = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if row["module"] in ("kvm_intel", "kvm_amd") and row["kernel"]:
            found[row["trace"], row["run"]].append(row)
    chosen = {}
    # Recordings with --detail stages first, as those of a fleet would be.
    for rows in sorted(found.values(), key=lambda rows: (rows[0]["detail"] != "stages", rows[0]["trace"], rows[0]["run"])):
        chosen.setdefault(tuple(rows[0][key] for key in ["kernel", "module", "verdict", "failed_stage", "errno"]), rows)
    return list(chosen.values())


class Fleet:
    def __init__(self, seed, sources):
        self.random = random.Random(seed)
        self.sources = sources
        self.by_module = collections.defaultdict(list)
        for rows in sources:
            self.by_module[rows[0]["module"]].append(rows)

    def host(self, number):
        """All rows of one host."""
        first = self.random.choice(self.sources)
        speed = self.random.lognormvariate(0, 0.15)
        recorded = FIRST + self.random.randrange(DAY)
        yield from self.recording(number, 1, first, speed, recorded)
        if self.random.random() < 0.25:
            others = [rows for rows in self.by_module[first[0]["module"]] if version(rows) > version(first)]
            if others:
                yield from self.recording(number, 2, self.random.choice(others), speed, recorded + 30 * DAY)

    def recording(self, number, boot, rows, speed, recorded):
        slow = self.random.randrange(1, len(rows)) if len(rows) > 1 and self.random.random() < 1 / 100 else None
        for index, row in enumerate(rows):
            factor = speed * self.random.lognormvariate(0, 0.05) * (20 if index == slow else 1)
            made = dict(row, host_id=f"{number:032x}", host=f"host-{number:05}", boot_id=f"boot-{number:05}-{boot}", recorded_ns=recorded,
                        trace=f"/var/lib/kvm-inittrace/boot-{boot}.dat", run=0)
            for key in ["duration_ns", "run_duration_ns"]:
                if made[key] is not None:
                    # All rows of a run tell the same duration of it.
                    made[key] = math.floor(made[key] * (speed if key == "run_duration_ns" else factor))
            yield made


def version(rows):
    return [int(part) for part in rows[0]["kernel"].split("-")[0].split("+")[0].split(".")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--hosts", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    sources = runs(options.binary)
    fleet = Fleet(options.seed, sources)
    os.makedirs(options.output, exist_ok=True)
    count = 0
    parts = [gzip.open(os.path.join(options.output, f"part-{part:02}.ndjson.gz"), "wt", compresslevel=1) for part in range(PARTS)]
    for number in range(options.hosts):
        for row in fleet.host(number):
            parts[number % PARTS].write(json.dumps(row, separators=(",", ":")) + "\n")
            count += 1
    for part in parts:
        part.close()
    print(f"fleet: {options.hosts:,} hosts, {count:,} rows, made of {sum(map(len, sources)):,} real rows of {len(sources)} runs in the "
          f"samples (seed {options.seed}): the shares of verdicts are those of the samples, not of any real fleet", flush=True)


if __name__ == "__main__":
    main()
