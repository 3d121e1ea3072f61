"""scripts/fault-matrix: the command."""

import argparse
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

sys.dont_write_bytecode = True
from document import document
from draws import Draws, read_random
from judging import WRONG, errno_of, errnos, judge, report, rival
from recording import Recorder
from table import KERNELS, KINDS, LAB, WAYS, Job, die, note, read_faults


@dataclass
class Row:
    """A fault with what came of it."""

    fault: object
    judgements: dict = field(default_factory=dict)
    rival: str = ""
    problem: str = ""
    """Why it is no result; empty if it is one."""


def truth_problem(fault, kind, result, log):
    """Why a load was not the one that the table describes; empty if it was."""
    if fault.injected and result.get("hits") != "1":
        return f"{kind}: the fault happened {result.get('hits') or 0} times"
    # kvm-inittrace unloads what it has loaded; modprobe calls a load that fails with EEXIST a success.
    loaded = result.get("status") == "0" if kind == "record" else result.get("loaded") == "1"
    if loaded != (fault.expected == "ok"):
        return f"{kind}: the module {'was' if loaded else 'was not'} loaded"
    told = errno_of(log)
    if fault.expected == "failed" and fault.errno != "any" and told and told not in errnos(fault):
        return f"{kind}: modprobe told {told}"
    return ""


def row_of(fault, out, binary):
    """None if nothing of the fault is recorded."""
    row, recorded = Row(fault), False
    for kind, ways in KINDS.items():
        job = Job(fault, kind)
        result = job.result(out)
        if result is None:
            continue
        recorded = True
        log, dmesg = job.text(out, "log"), job.text(out, "dmesg")
        row.problem = row.problem or truth_problem(fault, kind, result, log)
        for way in ways:
            path = job.file(out, way)
            if path.exists():
                row.judgements[way] = judge(fault, way, *report(binary, path))
            elif fault.expected == "unknown":
                row.judgements[way] = judge(fault, way, {"runs": [], "reason": ""}, "")
            else:
                row.problem = row.problem or f"{way}: no file"
            if way == "trace-cmd" and fault.expected == "failed" and path.exists():
                row.rival = rival(fault, path, dmesg)
    return row if recorded else None


def rows_of(faults, out, binary):
    return [row for row in (row_of(fault, out, binary) for fault in faults) if row]


def record(options, faults):
    recorder = Recorder(options.out, options.binary)
    try:
        jobs = [Job(fault, kind) for fault in faults for kind in KINDS if set(KINDS[kind]) & set(options.ways.split())]
        if options.resume:
            jobs = [job for job in jobs if job.result(options.out) is None]
        dead = recorder.run(jobs, options.jobs)
        if options.random:
            draws = Draws(recorder, options.out, options.binary, options.seed)
            kernels = options.kernels.split()
            for number, kernel in enumerate(kernels):
                share = options.random // len(kernels) + (number < options.random % len(kernels))
                draws.draw(kernel, share)
            (options.out / "random.seed").write_text(f"{options.seed}\n")
        return dead
    finally:
        recorder.close()


def arguments():
    parser = argparse.ArgumentParser(prog="fault-matrix", add_help=False)
    parser.add_argument("--kernels", default=" ".join(KERNELS))
    parser.add_argument("--faults", default="*")
    parser.add_argument("--ways", default=" ".join(WAYS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--document", type=Path, default=LAB.parent.parent / "Docs" / "FaultMatrix.md")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    for flag in ("--list", "--resume", "--judge-only"):
        parser.add_argument(flag, action="store_true")
    return parser.parse_args()


def main():
    options = arguments()
    kernels, patterns = options.kernels.split(), options.faults.split()
    table = sorted(read_faults(LAB / "faults.tsv"), key=lambda fault: KERNELS.index(fault.kernel))
    chosen = [fault for fault in table if fault.kernel in kernels and any(fnmatch(fault.id, pattern) for pattern in patterns)]
    if options.list:
        for fault in chosen:
            print(f"{fault.kernel:5} {fault.id:18} {fault.errno:11} {fault.what}")
        return 0
    if not chosen:
        die(f"no fault is called {options.faults}; see: fault-matrix --list")
    options.out.mkdir(parents=True, exist_ok=True)
    dead = [] if options.judge_only else record(options, sorted(chosen, key=lambda fault: kernels.index(fault.kernel)))
    # The document is about all that the directory holds.
    rows, drawn = rows_of(table, options.out, options.binary), rows_of(read_random(options.out), options.out, options.binary)
    if not rows:
        die(f"{options.out} holds no recordings; leave --judge-only out")
    seed = (options.out / "random.seed").read_text().strip() if (options.out / "random.seed").exists() else ""
    options.document.write_text(document(rows, drawn, refused_lines(options.out), seed))
    for row in rows + drawn:
        if row.problem:
            note(f"{row.fault.kernel} {row.fault.id}: no result: {row.problem}")
    wrong = [f"{row.fault.kernel} {row.fault.id} {way}" for row in rows + drawn if not row.problem
             for way, judgement in row.judgements.items() if judgement.verdict == WRONG]
    for name in wrong:
        print(f"wrong: {name}")
    print(f"{len(rows)} faults, {len(drawn)} drawn at random; {len(wrong)} wrong judgements; {options.document}")
    return 1 if dead or any(row.problem for row in rows + drawn) else 0


def refused_lines(out):
    path = out / "random-refused.tsv"
    if not path.exists():
        return []
    fields = [line.split("\t") for line in path.read_text().splitlines()]
    return [f"{words[1]}, {words[8]}: {words[9]}" for words in fields if len(words) == 10]


if __name__ == "__main__":
    sys.exit(main())
