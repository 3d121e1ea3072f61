"""Faults drawn at random from the calls of a good load."""

import json
import random
import re
import subprocess

from judging import report
from table import KINDS, Fault, Job, note, read_faults

# What an interrupt runs, at any place of the load.
INTERRUPT = r"^(irq_enter_rcu|irq_exit_rcu|__?sysvec_.*|__hrtimer_rearm_deferred|raw_irqentry_.*)$"

GOOD = Fault("good", "", "kvm_amd", "qemu", "", (), (), "ok", "nothing is wrong")


def calls_of(binary, path):
    """The calls of the task that loads the module, in order of start, each with `path`: the functions that hold it."""
    done = subprocess.run([str(binary), "export", "--to", "calls", str(path)], capture_output=True, text=True)
    calls, stack, task = [], [], None
    for line in done.stdout.splitlines():
        call = json.loads(line)
        task = task or call["pid"]
        if call["pid"] != task:
            continue
        del stack[call["depth"]:]
        call["path"] = tuple(stack)
        stack.append(call["function"] or call["address"])
        calls.append(call)
    return calls


def counted(calls):
    """(function, n) and the call: the n-th one of a function after do_one_initcall was entered, as the fault module counts."""
    numbers, begun, result = {}, False, {}
    for call in calls:
        name = call["function"]
        if begun and name and not name.startswith("0x"):
            numbers[name] = numbers.get(name, 0) + 1
            result[name, numbers[name]] = call
        begun = begun or name == "do_one_initcall"
    return result


def candidates(calls):
    """Functions of kvm and the vendor module, and those of the core kernel that they call, with their calls."""
    own = ("kvm", "kvm_amd")
    named = {call["function"]: call["module"] for call in calls}
    chosen = {}
    for (name, number), call in counted(calls).items():
        holder = named.get(call["path"][-1]) if call["path"] else None
        noise = any(re.search(INTERRUPT, function) for function in (*call["path"], name))
        if (call["module"] in own or holder in own) and not noise:
            chosen.setdefault((call["module"], name), []).append((number, call))
    return chosen


def stage_around(answer, call):
    """The innermost stage of the good load's report that holds the call: its id and function."""
    start, best = call["start_ns"], None
    names = (*call["path"], call["function"])
    for stage in answer["runs"][-1]["stages"]:
        begin, duration = stage.get("start_ns"), stage.get("duration_ns")
        if begin is None or duration is None or not begin <= start <= begin + duration:
            continue
        if (stage.get("function") or "").split(" ")[0] in names and (best is None or duration <= best[0]):
            best = (duration, stage["id"], stage["function"])
    return best[1:] if best else None


def failures_of(calls):
    """What functions return when they fail, by name: NULL where the good load's calls returned pointers, else -ENOMEM."""
    values = {}
    for call in calls:
        value = call["return_value"]
        if value is not None:
            values.setdefault(call["function"], []).append(value & 0xffffffffffffffff)
    return {name: 0 if all(value >> 47 == 0x1ffff and value >> 12 != 0xfffffffffffff for value in seen) else -12
            for name, seen in values.items()}


def failure_of(name, values):
    """The same of one function; where the good load tells no return value, one that allocates or creates returns a pointer."""
    return values.get(name, 0 if "alloc" in name or "create" in name else -12)


class Draws:
    """Draws faults for some kernels, has them recorded, and finds their truth; what it drew is kept in random.tsv."""

    def __init__(self, recorder, out, binary, seed):
        self.recorder, self.out, self.binary = recorder, out, binary
        self.random = random.Random(seed)
        self.seed, self.number = seed, 0
        self.table, self.refused = out / "random.tsv", out / "random-refused.tsv"
        self.table.write_text("")
        self.refused.write_text("")

    def good(self, kernel):
        """The calls and the report of a load without a fault, and what its functions return when they fail."""
        fault = Fault(**{**GOOD.__dict__, "kernel": kernel})
        jobs = {kind: Job(fault, kind) for kind in KINDS}
        self.recorder.run([job for job in jobs.values() if job.result(self.out) is None])
        path = jobs["graph"].file(self.out, "trace-cmd")
        answer, complaint = report(self.binary, path)
        if not answer or answer["runs"][-1]["verdict"] != "ok":
            raise SystemExit(f"fault-matrix: error: no good load of {kernel} to draw from: {complaint}")
        return calls_of(self.binary, path), answer, failures_of(calls_of(self.binary, jobs["record"].file(self.out, "record")))

    def draw(self, kernel, count, rounds=8):
        """Until `count` of them make the load fail; those that it survives are kept, too."""
        calls, answer, values = self.good(kernel)
        choice = candidates(calls)
        functions = sorted(choice, key=str)
        left = count
        while left > 0 and rounds > 0 and functions:
            rounds -= 1
            drawn = []
            for _ in range(min(left, len(functions))):
                module, name = functions.pop(self.random.randrange(len(functions)))
                number, call = self.random.choice(choice[module, name])
                drawn.append((self.fault(kernel, module, name, number, failure_of(name, values)), call, number))
            left -= self.record(kernel, drawn, answer)

    def fault(self, kernel, module, name, number, value):
        self.number += 1
        place = f"{module}:{name}" if module else name
        return Fault(f"random-{self.seed}-{self.number}", kernel, "kvm_amd", "qemu",
                     # nobody knows what it leaves behind
                     f"last; fault function={place} value={value} after=do_one_initcall nth={number}", (), (place,), "ok",
                     f"call {number} of {name} returns {value}")

    def record(self, kernel, drawn, answer):
        """Keeps those that are good for the matrix; how many of them made the load fail."""
        dead = {job.fault.id for kind in ("graph", "record")
                for job in self.recorder.run([Job(fault, kind) for fault, _, _ in drawn], tries=1)}
        failed = 0
        for fault, call, number in drawn:
            refusal = "the machine died" if fault.id in dead else self.refusal(fault, call, number)
            if refusal:
                note(f"{kernel} {fault.id}: {fault.what}: {refusal}")
                with self.refused.open("a") as file:
                    file.write(f"{fault.line()}\t{refusal}\n")
                continue
            truth = self.truth(fault, call, answer)
            failed += truth.expected == "failed"
            with self.table.open("a") as file:
                file.write(truth.line() + "\n")
        return failed

    def refusal(self, fault, call, number):
        """Why a fault is drawn again; empty when it is good."""
        for kind in ("record", "graph"):
            result = Job(fault, kind).result(self.out) or {}
            if result.get("hits") != "1":
                return "it could not be probed, or was not called"
            if int(result.get("status") or 0) > 128:
                return "the kernel oopsed, and killed modprobe"
        there = counted(calls_of(self.binary, Job(fault, "graph").file(self.out, "trace-cmd"))).get((call["function"], number))
        if there is None or len(there["path"]) != len(call["path"]):
            return "its call was at another place than in the good load"
        return ""

    def truth(self, fault, call, answer):
        """The fault with what has to be said of it: by modprobe's answer, and the good load."""
        result = Job(fault, "graph").result(self.out)
        if result["loaded"] == "1":
            return fault
        stage = stage_around(answer, call) or ("vendor_entry", None)
        functions = [*fault.functions, *([stage[1].split(" ")[0]] if stage[1] else [])]
        return Fault(**{**fault.__dict__, "stages": (stage[0],), "functions": tuple(dict.fromkeys(functions)), "errno": "any"})


def read_random(out):
    return read_faults(out / "random.tsv")
