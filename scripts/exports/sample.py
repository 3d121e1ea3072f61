"""A sample with what the tool says of it, in the formats that the checks compare with."""

import collections
import functools
import glob
import json
import os
import subprocess
import tempfile

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

Call = collections.namedtuple(
    "Call", "pid comm cpu depth function module address start duration value flags doubtful parent children", defaults=(None, None))


class Failure(Exception):
    """What is not as it must be."""


def require(condition, message):
    if not condition:
        raise Failure(message)


@functools.cache
def validator(schema):
    """Of the JSON schema in a file, read once."""
    with open(schema) as file:
        return jsonschema.Draft202012Validator(json.load(file))


def samples(names):
    """Paths of the samples' traces."""
    return [path for path in glob.glob("SampleTraces/*/trace.*") if not names or path.split("/")[1] in names]


class Sample:
    def __init__(self, tool, path):
        self.tool = tool
        self.path = path
        self.name = path.split("/")[1]
        self.folder = tempfile.TemporaryDirectory(prefix="check-exports-")
        self._calls = None
        self._report = None
        # By task, in the order of the trace, with parents as indices: the database fills it in.
        self.tasks = None

    def remove(self):
        self.folder.cleanup()

    def run(self, *arguments):
        return subprocess.run([self.tool, *arguments], capture_output=True)

    def export(self, form, *more, timeline=False):
        """The bytes of an export, or None for a trace without times that cannot be a timeline."""
        output = os.path.join(self.folder.name, form)
        done = self.run("export", self.path, "--to", form, "-o", output, *more)
        if timeline and not self.has_times:
            require(done.returncode == 2 and not os.path.exists(output), f"without times: exit status {done.returncode}, expected 2")
            require(b"has no times" in done.stderr, f"without times, but: {done.stderr.decode()}")
            return None
        damaged = 65 if self.report["source"]["damage"] else 0
        require(done.returncode == damaged, f"exit status {done.returncode}: {done.stderr.decode()}")
        with open(output, "rb") as file:
            return file.read()

    @property
    def report(self):
        if self._report is None:
            self._report = json.loads(self.run("report", self.path, "--format", "json").stdout)
        return self._report

    @property
    def has_times(self):
        return self.report["source"]["has_times"]

    @property
    def calls(self):
        """The calls as export --to calls has them, in its order."""
        if self._calls is None:
            lines = self.export("calls").splitlines()
            self._calls = [Call(*list(row.values())[:11], row.get("doubtful_name")) for row in map(json.loads, lines)]
        return self._calls


def key(pid, cpu):
    """What tells tasks apart: the idle ones, by their CPU. Nothing does that for unknown ones, which may change the CPU."""
    return (pid, cpu) if pid == 0 else pid


def name(call):
    """A call's function as it is displayed."""
    if call.doubtful is not None:
        return f"{call.address or '?'} ({call.doubtful}?)"
    if call.function is None:
        return call.address or "?"
    return f"{call.function} [{call.module}]" if call.module else call.function
