"""Checks the exports of samples; see scripts/check-exports."""

import argparse
import concurrent.futures
import os
import sys
import time

import chrome
import database
import folded
import openmetrics
import perfetto_trace
import redaction
import speedscope
import stages
from sample import ROOT, Failure, Sample, samples

# Each gives what it counted. The database comes first: the others take from it how the calls hang together.
CHECKS = [database, stages, openmetrics, folded, perfetto_trace, chrome, speedscope, redaction]


def check(tool, path):
    """The lines that tell of a sample, and whether all is right."""
    sample = Sample(tool, path)
    lines, good = [], True
    try:
        for module in CHECKS:
            try:
                lines.append(f"{module.__name__}: {module.check(sample)}")
            except Failure as failure:
                lines.append(f"{module.__name__}: WRONG: {failure}")
                good = False
    finally:
        sample.remove()
    return sample.name, lines, good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--verbose", action="store_true", help="also what was counted")
    parser.add_argument("samples", nargs="*", help="names of samples; all if not given")
    options = parser.parse_args()
    start = time.monotonic()
    chosen = samples(options.samples)
    # The largest first: the others fill the time beside it.
    chosen.sort(key=os.path.getsize, reverse=True)
    failed = []
    with concurrent.futures.ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, lines, good in pool.map(check, [options.binary] * len(chosen), chosen):
            if not good:
                failed.append(name)
            if options.verbose or not good:
                print(name, *lines, sep="\n  ", flush=True)
    print(f"check-exports: {len(chosen)} samples in {len(CHECKS) + 1} formats, {time.monotonic() - start:.0f} s: "
          + (f"{len(failed)} WRONG: {', '.join(failed)}" if failed else "all as specified"))
    sys.exit(1 if failed or not chosen else 0)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
