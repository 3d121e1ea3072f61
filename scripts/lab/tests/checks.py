#!/usr/bin/env python3
"""Judges the files that a lab machine brought out; part of scripts/test-kernels.

usage: checks.py GROUP DIRECTORY KERNEL BINARY NAME=TRACE-CMD...

Prints one line per check: "ok NAME", "not ok NAME: why", or "skip NAME: why".
A check whose file is not there is left out: the machine has said why."""

import itertools
import json
import os
import re
import subprocess
import sys

checks = []


class Wrong(Exception):
    """What a check found."""


class Left(Exception):
    """Why a check is left out."""


def check(group, file, name=None):
    """A check of one file that a test of `group` brought out."""

    def add(function):
        checks.append((group, file, name or function.__name__.replace("_", "-"), function))
        return function

    return add


def require(condition, message):
    if not condition:
        raise Wrong(message)


class Machine:
    """The files of one machine, and what reads them."""

    def __init__(self, directory, kernel, binary, trace_cmds):
        self.directory, self.kernel, self.binary, self.trace_cmds = directory, kernel, binary, trace_cmds
        self.aliases = {}
        self.version = tuple(int(part) for part in kernel.split(".")[:2])

    def path(self, file):
        return os.path.join(self.directory, file)

    def report(self, file):
        done = subprocess.run([self.binary, "report", "--format", "json", self.path(file)], capture_output=True, text=True)
        require(done.returncode in (0, 1, 2), f"report exits with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def run(self, file, module):
        runs = [run for run in self.report(file)["runs"] if run["module"] == module]
        require(len(runs) >= 1, f"no run of {module}")
        return runs[-1]

    def calls(self, file):
        done = subprocess.run([self.binary, "export", self.path(file), "--to", "calls"], capture_output=True, text=True)
        require(done.returncode == 0, f"export exits with {done.returncode}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def same(self, before, after):
        """No difference between two recordings: `diff` exits with 0, and its first line says so."""
        done = subprocess.run([self.binary, "diff", self.path(before), self.path(after)], capture_output=True, text=True)
        said = (done.stdout + done.stderr).strip().splitlines()
        require(done.returncode == 0, f"diff exits with {done.returncode}: {' / '.join(said)[:400]}")
        require(said and re.search(r"\bsame\b", said[0]), f"diff says {said[:1]}")

    def size(self, file):
        return os.path.getsize(self.path(file))


# The same calls as in trace-cmd

LINE = re.compile(r"^ *(?P<comm>.*)-(?P<pid>\d+) +\[(?P<cpu>\d+)\]\S* +(?P<time>\d+\.\d{9}): (?P<event>\w+): +(?P<fields>.*)$")
FUNCTION = re.compile(r"func=(\S*)(?: \((0x[0-9a-f]+)\))?")
GRAPH = ("funcgraph_entry", "fgraph_retaddr_entry", "funcgraph_exit")


def number(fields, key):
    found = re.search(rf"\b{key}=(?:0x)?([0-9a-f]+)", fields)
    return int(found.group(1), 16) if found else None


def trace_cmd_calls(program, path):
    """Entries (pid, start, cpu, depth, function, address) and exits (pid, depth, duration) as trace-cmd reads them."""
    done = subprocess.run([program, "report", "-N", "-R", "-t", "-i", path], capture_output=True, text=True, errors="replace")
    require(done.returncode == 0, f"exits with {done.returncode}: {done.stderr.strip()[:300]}")
    require(done.stderr.strip() == "", f"warns: {done.stderr.strip()[:300]}")
    entries, exits = [], []
    for text in done.stdout.splitlines():
        line = LINE.match(text)
        if not line or line["event"] not in GRAPH:
            continue
        pid, fields = int(line["pid"]), line["fields"]
        depth = int(re.search(r"\bdepth=(\w+)", fields).group(1), 0)  # 2.9 writes a long as 0x1
        if line["event"] == "funcgraph_exit":
            exits.append((pid, depth, number(fields, "rettime") - number(fields, "calltime")))
            continue
        name, address = FUNCTION.search(fields).groups()
        if address is None and re.fullmatch(r"(0x)?[0-9a-f]{16}", name):
            address = "0x" + name.removeprefix("0x")
        start = int(line["time"].replace(".", ""))
        entries.append((pid, start, int(line["cpu"]), depth, name, address))
    return entries, exits


def aliases(machine, file):
    """The addresses of functions by the names that trace-cmd gives them, from the version that shows both."""
    if file not in machine.aliases:
        entries, _ = trace_cmd_calls(machine.trace_cmds["3.3"], machine.path(file))
        machine.aliases[file] = {name: int(address, 16) for *_, name, address in entries if address}
    return machine.aliases[file]


def same_calls(machine, file, program):
    """Entries in the order of each task with start, CPU, depth and function; durations of all exits."""
    ours = machine.calls(file)
    entries, exits = trace_cmd_calls(program, machine.path(file))
    require(len(ours) > 0, "the file holds no call")
    by_task, other_by_task, named = {}, {}, {}
    for call in ours:
        if "entry-missing" not in call["flags"]:
            by_task.setdefault(call["pid"], []).append(call)
    for entry in entries:
        other_by_task.setdefault(entry[0], []).append(entry)
    require(by_task.keys() == other_by_task.keys(), f"tasks {sorted(by_task)} and, in trace-cmd, {sorted(other_by_task)}")
    for pid, calls in by_task.items():
        others = other_by_task[pid]
        require(len(calls) == len(others), f"task {pid}: {len(calls)} calls, in trace-cmd {len(others)}")
        for call, (_, start, cpu, depth, name, address) in zip(calls, others):
            same = call["start_ns"] == start and call["cpu"] == cpu and call["depth"] == depth
            if address is not None and call["address"] is not None:
                same = same and int(address, 16) == int(call["address"], 16)
            elif call["function"] is not None and name != call["function"]:
                # of several symbols at an address either is right: the other trace-cmd tells the address
                same = same and aliases(machine, file).get(name) == int(call["address"], 16)
            named.setdefault(call["address"], set()).add(name)
            require(same, f"task {pid}: {call} is, in trace-cmd, {(start, cpu, depth, name, address)}")
    for address, names in named.items():
        require(len(names) == 1, f"{address} is, in trace-cmd, {sorted(names)}")
    durations = sorted((call["pid"], call["depth"], call["duration_ns"]) for call in ours if call["duration_ns"] is not None)
    require(durations == sorted(exits), f"{len(durations)} durations, in trace-cmd {len(exits)}, not the same")


def opens(machine, file, program):
    """The report that a person reads: no error, no warning, as many calls."""
    done = subprocess.run([program, "report", "-i", machine.path(file)], capture_output=True, text=True, errors="replace")
    require(done.returncode == 0, f"exits with {done.returncode}: {done.stderr.strip()[:300]}")
    lines = sum("funcgraph_entry" in line or "funcgraph_exit" in line for line in done.stdout.splitlines())
    require(lines > 0, "shows no call")


# Verdicts


def stages_of(run, status):
    return [stage for stage in run["stages"] if stage["status"] == status]


def good(machine, file, module):
    report = machine.report(file)
    run = machine.run(file, module)
    require(run["verdict"] == "ok", f"verdict {run['verdict']}: {run.get('failure')}")
    require(report["source"]["lost_events"] == 0, f"{report['source']['lost_events']} events lost")
    require(run["integrity"]["lost_events"] == 0, f"{run['integrity']['lost_events']} events lost in the run")
    require(report["source"]["kernel"] is not None and report["source"]["kernel"].startswith(machine.kernel), f"kernel {report['source']['kernel']}")
    return run


def probed(machine, file):
    """The functions whose returns the file holds events of, as trace-cmd names the events."""
    done = subprocess.run([machine.trace_cmds["3.1"], "report", "-N", "-i", machine.path(file)], capture_output=True, text=True, errors="replace")
    return set(re.findall(r" r_(\w+):", done.stdout))


def per_cpu_enabling(machine, run):
    """Since 6.12 the load enables virtualization on every CPU; before that, the first machine does."""
    if machine.version < (6, 12):
        return
    enabling = [stage for stage in run["stages"] if "enable" in stage["id"] and len(stage["per_cpu"]) >= 2]
    require(enabling, f"no enabling on two CPUs in {[(s['id'], s['status'], len(s['per_cpu'])) for s in run['stages']]}")


def quarter(machine, file, other):
    if not os.path.exists(machine.path(other)):
        raise Left(f"no {other} to compare with")
    if machine.size(file) * 4 <= machine.size(other):
        return
    # An emulator that gets no time for a while is full of timer interrupts: then it is not the same load any more.
    own, theirs = len(machine.calls(file)), len(machine.calls(other))
    if own > theirs * 1.3:
        raise Left(f"not the same load: {own} calls, {theirs} with trace-cmd; run it again when the host is less busy")
    require(False, f"{machine.size(file)} bytes, trace-cmd's {machine.size(other)}")


@check("load", "amd-full.dat")
def amd_full_verdict(machine, file):
    good(machine, file, "kvm_amd")


@check("load", "amd-full.dat")
def amd_full_return_values(machine, file):
    values = {}
    for call in machine.calls(file):
        values.setdefault(call["function"], []).append(call["return_value"])
    markers = probed(machine, file)
    for name in ("svm_init", "kvm_init", "svm_hardware_setup", "misc_register"):
        require(name in markers, f"no event of the return of {name}")
        require(values.get(name) == [0], f"{name} returned {values.get(name)}")
    without = {name for name in markers if name in values and all(value is None for value in values[name])}
    require(not without, f"no return value of the calls of {sorted(without)}")
    require(len(markers) >= 12, f"only {len(markers)} markers: {sorted(markers)}")


@check("load", "amd-full.dat")
def amd_full_per_cpu(machine, file):
    per_cpu_enabling(machine, machine.run(file, "kvm_amd"))


@check("load", "amd-full.dat")
def amd_full_size(machine, file):
    quarter(machine, file, "trace-cmd-amd.dat")


@check("fail", "intel-full.dat")
def intel_full_failure(machine, file):
    run = machine.run(file, "kvm_intel")
    require(run["verdict"] == "failed", f"verdict {run['verdict']}")
    failure = run["failure"]
    require(failure["errno"] == "EOPNOTSUPP" and failure["code"] == -95, f"errno {failure['errno']}")
    for kind in ("return-value", "syscall"):
        require(kind in failure["evidence"], f"evidence {failure['evidence']}")
    # 6.1 still says "kvm: no hardware support for 'kvm_intel'"
    message = "VMX not supported by CPU" if machine.version >= (6, 3) else "no hardware support"
    require(any(message in line for line in failure["log"]), f"kernel log {failure['log']}")


@check("fail", "intel-full.dat")
@check("fail", "intel-stages.dat", "intel-stages-init-name")
def intel_full_init_name(machine, file):
    path = machine.run(file, "kvm_intel")["failure"]["path"]
    names = [step if isinstance(step, str) else step.get("function") for step in path]
    require(any(re.search(r"\b(vmx_init|vt_init)\b", name or "") for name in names), f"path {names}")


@check("fail", "intel-full.dat")
def intel_full_size(machine, file):
    quarter(machine, file, "trace-cmd-intel.dat")


def opens_everywhere(group, file, names):
    for name in names:

        def run(machine, file, name=name):
            require(name in machine.trace_cmds, f"no trace-cmd {name}")
            opens(machine, file, machine.trace_cmds[name])
            same_calls(machine, file, machine.trace_cmds[name])

        checks.append((group, file, f"{file.removesuffix('.dat')}-in-trace-cmd-{name}", run))


opens_everywhere("load", "amd-full.dat", ["3.1", "3.3"])
opens_everywhere("fail", "intel-full.dat", ["3.1", "3.3"])
opens_everywhere("load", "compat.dat", ["2.9", "3.1", "3.3"])


@check("load", "compat.dat")
def compat_version_6(machine, file):
    with open(machine.path(file), "rb") as trace:
        require(trace.read(12) == b"\x17\x08\x44tracing6\x00", "not a file of version 6")
    good(machine, file, "kvm_amd")


@check("load", "amd-stages.dat")
def amd_stages_verdict(machine, file):
    run = good(machine, file, "kvm_amd")
    per_cpu_enabling(machine, run)


@check("load", "amd-kvm.dat")
def amd_kvm_verdict(machine, file):
    run = good(machine, file, "kvm_amd")
    per_cpu_enabling(machine, run)


@check("fail", "intel-stages.dat")
def intel_stages_failure(machine, file):
    run = machine.run(file, "kvm_intel")
    require(run["verdict"] == "failed" and run["failure"]["errno"] == "EOPNOTSUPP", f"{run['verdict']}, {run['failure']}")
    require("return-value" in run["failure"]["evidence"], f"evidence {run['failure']['evidence']}")


@check("bochs", "intel-full.dat", "bochs-intel-verdict")
def bochs_intel(machine, file):
    good(machine, file, "kvm_intel")


# How it is called

SERVANTS = re.compile(r"^(cpuhp/|migration/|kworker/|ksoftirqd/|idle|swapper|<idle>|kthreadd|rcu_|irq/)")


@check("modes", "others.dat")
def other_tasks_are_left_out(machine, file):
    run = good(machine, file, "kvm_amd")
    calls = machine.calls(file)
    # the check of the other CPU is a call out of whatever runs there
    visited = {call["pid"] for call in calls if call["depth"] == 0 and call["function"] == "kvm_x86_check_cpu_compat"}
    visited |= {call["pid"] for call in calls if call["depth"] == 0 and call["function"] == "check_processor_compat"}
    for call in calls:
        ours = call["pid"] == run["pid"] or call["pid"] in visited or SERVANTS.match(call["comm"] or "")
        require(ours, f"a call of another task: {call}")
    require(not any("ata_piix" in (call["module"] or "") for call in calls), "calls of another module")


@check("modes", "others.dat")
def other_tasks_events_are_left_out(machine, file):
    done = subprocess.run([machine.trace_cmds["3.1"], "report", "-N", "-i", machine.path(file)], capture_output=True, text=True, errors="replace")
    run = machine.run(file, "kvm_amd")
    # the command is sh, which runs sleep, and then is modprobe
    command = {run["pid"], *map(int, re.findall(r"(?m)^ *sleep-(\d+) ", done.stdout))}
    for line in done.stdout.splitlines():
        found = re.match(r"^ *(.*)-(\d+) +\[\d+\] +[\d.]+: (\w+):", line)
        # the kernel's log is everybody's, and the other CPU's check is a call out of any task
        if not found or found[3] == "console" or found[3].startswith(("r_", "funcgraph", "sys_exit")):
            continue
        names = {found[1], *re.findall(r"(?:prev|next)_comm=(\S+)", line)}
        pids = {int(found[2]), *map(int, re.findall(r"(?:prev|next)_pid=(\d+)", line))}
        require(command & pids or any(SERVANTS.match(name) for name in names), f"event of another task: {line.strip()}")
        require("ata_piix" not in line, f"another module: {line.strip()}")


@check("modes", "wait.dat")
def wait_verdict(machine, file):
    good(machine, file, "kvm_amd")


@check("modes", "command.dat")
def command_verdict(machine, file):
    good(machine, file, "kvm_amd")


@check("modes", "depth.dat")
def depth_limit(machine, file):
    depths = [call["depth"] for call in machine.calls(file)]
    require(depths and max(depths) < 3, f"depth {max(depths, default=None)}")


@check("modes", "extract.dat")
def extract_run(machine, file):
    machine.run(file, "kvm_amd")
    require(machine.calls(file), "no calls")


for number_of_run in (1, 2, 3):

    @check("modes", f"repeat-{number_of_run}.dat", f"repeat-{number_of_run}-verdict")
    def repeated(machine, file):
        good(machine, file, "kvm_amd")


for first, second in itertools.combinations(range(1, 6), 2):

    @check("repeats", f"load-{second}.dat", f"loads-{first}-and-{second}-are-the-same")
    def same_loads(machine, file, first=first):
        machine.same(f"load-{first}.dat", file)


@check("modes", "doctor.json")
def doctor_json(machine, file):
    with open(machine.path(file)) as text:
        content = json.load(text)
    words = json.dumps(content).lower()
    for word in ("tracefs", "function_graph", "pass"):
        require(word in words, f"nothing about {word}")


def main():
    if len(sys.argv) < 5:
        print(__doc__, file=sys.stderr)
        return 64
    group, directory, kernel, binary = sys.argv[1:5]
    machine = Machine(directory, kernel, binary, dict(pair.split("=", 1) for pair in sys.argv[5:]))
    for of_group, file, name, function in checks:
        if of_group != group or not os.path.exists(machine.path(file)):
            continue
        try:
            function(machine, file)
            print(f"ok {name}", flush=True)
        except Left as left:
            print(f"skip {name}: {left}", flush=True)
        except Wrong as wrong:
            print(f"not ok {name}: {wrong}", flush=True)
        except Exception as error:  # a judge that breaks is a failure too
            print(f"not ok {name}: {type(error).__name__}: {error}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
