"""The table of faults (scripts/lab/faults.tsv)."""

import sys
from dataclasses import dataclass
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent
KERNELS = ("5.10", "6.1", "6.12", "6.18", "7.3")

# One load is recorded by kvm-inittrace; another one as text and by trace-cmd, at once.
KINDS = {"record": ("record",), "graph": ("trace-cmd", "text")}
WAYS = ("record", "trace-cmd", "text")
SUFFIX = {"record": "dat", "trace-cmd": "dat", "text": "txt"}


def note(text):
    print(f"fault-matrix: {text}", file=sys.stderr, flush=True)


def die(text):
    note(f"error: {text}")
    sys.exit(1)


@dataclass(frozen=True)
class Fault:
    id: str
    kernel: str
    module: str
    machine: str
    setup: str
    stages: tuple
    functions: tuple
    errno: str
    what: str

    @property
    def injected(self):
        return "fault " in self.setup

    @property
    def damages(self):
        """Nothing can be loaded after it."""
        return self.setup.startswith("last")

    @property
    def expected(self):
        """The verdict that is right."""
        return {"ok": "ok", "none": "unknown"}.get(self.errno, "failed")

    def line(self):
        """As a line of the table."""
        return "\t".join([self.id, self.kernel, self.module, self.machine, self.setup or "-", ",".join(self.stages) or "-",
                          ",".join(self.functions) or "-", self.errno, self.what])


def read_faults(path):
    """One fault for each kernel of a line, in the order of the table."""
    faults = []
    if not path.exists():
        return faults
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 9:
            die(f"{path}: a line with {len(fields)} fields instead of 9: {line}")
        identifier, kernels, module, machine, setup, stages, functions, errno, what = fields
        for kernel in kernels.split():
            faults.append(Fault(identifier, kernel, module, machine, "" if setup == "-" else setup,
                                () if stages == "-" else tuple(stages.split(",")),
                                () if functions == "-" else tuple(functions.split(",")), errno, what))
    return faults


@dataclass(frozen=True)
class Job:
    """One load."""

    fault: Fault
    kind: str

    def directory(self, out):
        return out / self.fault.kernel / self.fault.id

    def file(self, out, way):
        return self.directory(out) / f"{way}.{SUFFIX[way]}"

    def text(self, out, suffix):
        """What was kept of the load: log, dmesg; empty where nothing was."""
        path = self.directory(out) / f"{self.kind}.{suffix}"
        return path.read_text(errors="replace") if path.exists() else ""

    def result(self, out):
        """hits, calls, status, loaded, as text; None when it was not recorded."""
        path = self.directory(out) / f"{self.kind}.result"
        if not path.exists():
            return None
        return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
