"""Judges what `kvm-inittrace report` says of a load whose truth is known, and what trace-cmd shows of it."""

import json
import os
import re
import subprocess
from dataclasses import dataclass

RIGHT, UNDECIDED, WRONG = "right", "undecided", "WRONG"

# Which step holds which, as the source has it (kvm-inittrace's own catalogue is what is judged).
HARDWARE_SETUP = """
vendor_hardware_setup
  svm_iopm_alloc
  svm_cpu_data
  hw_checks
  nested_setup
  vmxon_region_alloc
"""
ARCH_INIT = """
  cpu_feature_check
  fpu_cache
  emulator_cache
  user_return_msrs
  mmu_vendor_init
    mmu_pte_masks
  timer_init
  pvclock_notifier
"""
GENERIC = """
  vcpu_cache
  cpu_kick_mask
  irqfd_init
  async_pf
  debugfs
  vfio
  gmem
  syscore_ops
  misc_register
"""


def indented(text, levels):
    return "".join(f"{'  ' * levels}{line}\n" for line in text.strip("\n").split("\n"))


OUTLINES = {
    "5.10": "kvm_init\n  arch_init\n" + indented(ARCH_INIT, 1) + "  hw_enabled_mask\n  arch_hardware_setup\n"
            + indented(HARDWARE_SETUP, 2) + "      vmcs_config\n  cpu_compat_check\n  cpuhp_register\n  reboot_notifier\n"
            + GENERIC.strip("\n") + "\nl1d_flush\n",
    "6.1": "x86_vendor_init\n" + ARCH_INIT.strip("\n") + "\nkvm_init\n  hw_enabled_mask\n  arch_hardware_setup\n"
           + indented(HARDWARE_SETUP, 2) + "      vmcs_config\n  cpu_compat_check\n  cpuhp_register\n  reboot_notifier\n"
           + GENERIC.strip("\n") + "\nl1d_flush\n",
    "6.12": "vendor_support_check\nx86_vendor_init\n" + ARCH_INIT.strip("\n") + "\n" + indented(HARDWARE_SETUP, 1)
            + "    vmcs_config\n  cpu_compat_check\nl1d_flush\nkvm_init\n" + GENERIC.strip("\n")
            + "\n  virtualization_enable\n    cpuhp_register\n      hardware_enable_cpu\n",
}
# From 6.18 on the VMCS configuration comes before the common init.
OUTLINES["6.18"] = "early_vmcs_config\n" + OUTLINES["6.12"].replace("    vmcs_config\n", "")
OUTLINES["7.3"] = OUTLINES["6.18"]


def holders(stage, kernel):
    """The steps that hold this one, from the outermost."""
    path = []
    for line in OUTLINES[kernel].splitlines():
        level = (len(line) - len(line.lstrip())) // 2
        path[level:] = [line.strip()]
        if path[-1] == stage:
            return ["module_load", "vendor_entry", *path[:-1]]
    return ["module_load", "vendor_entry"]


# What the kernel log says that names a step without naming its function.
MESSAGES = {
    "cpu_feature_check": r"already loaded (the other|vendor) module|no hardware support|disabled by bios|svm not available|not amd or hygon",
    "vendor_support_check": r"not supported by CPU|isn't AMD or Hygon",
    "emulator_cache": r"failed to allocate cache for x86 emulator",
    "user_return_msrs": r"failed to allocate percpu",
    "misc_register": r"misc device register failed",
    "hardware_enable_cpu": r"enabling virtualization on CPU ?\d+ failed",
    "cpu_compat_check": r"CPU ?\d+ feature inconsistency",
}


@dataclass
class Judgement:
    verdict: str
    said: str
    """What the report said, in a few words."""
    reason: str = ""


def short(function):
    """kvm:kvm_init as the table has it, kvm_init [kvm] as the report has it: the name."""
    return function.split(":")[-1].split(" ")[0]


def errno_of(log):
    """The errno that modprobe told, by its text; None where it told none."""
    match = re.search(r"could not insert '[^']*': (.*)", log)
    if not match:
        return None
    for code in range(1, 134):
        if os.strerror(code) == match.group(1).strip():
            return os_errno_name(code)
    return match.group(1).strip()


def os_errno_name(code):
    import errno
    name = errno.errorcode.get(code, str(code))
    return "EOPNOTSUPP" if name == "ENOTSUP" else name


def errnos(fault):
    """From 7.1 on the module loader makes EBUSY of an init's EEXIST: both are right."""
    if fault.errno == "EEXIST" and fault.kernel == "7.3":
        return ("EEXIST", "EBUSY")
    return (fault.errno,)


def report(binary, path):
    """The report of a file as JSON, or None and what was said instead."""
    done = subprocess.run([str(binary), "report", "--format", "json", str(path)], capture_output=True, text=True)
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        return None, done.stderr.strip()


def judge(fault, way, answer, complaint):
    """Right, undecided or wrong; the rules stand in Docs/FaultMatrix.md."""
    if answer is None:
        return Judgement(UNDECIDED, "no report", complaint)
    runs = answer["runs"]
    if not runs:
        return Judgement(RIGHT if fault.expected == "unknown" else UNDECIDED, "no run", answer.get("reason") or "")
    run = runs[-1]
    verdict, reason = run["verdict"], run.get("reason") or ""
    if run.get("module") not in (None, fault.module):
        return Judgement(WRONG, f"{verdict}, {run['module']}", "another module")
    if fault.expected in ("ok", "unknown"):
        if verdict == fault.expected:
            return judge_tolerated(fault, way, run)
        if verdict in ("incomplete", "unknown"):
            return Judgement(UNDECIDED, verdict, reason)
        return Judgement(WRONG, f"{verdict}: {reason}")
    if verdict in ("incomplete", "unknown"):
        return Judgement(UNDECIDED, verdict, reason)
    failure = run.get("failure")
    if verdict != "failed" or not failure:
        return Judgement(WRONG, verdict, reason)
    return judge_failure(fault, way, failure, reason)


def judge_tolerated(fault, way, run):
    """A load that succeeded: an error of a step that KVM ignores is told where the file has return values, and no other."""
    failed = [stage for stage in run["stages"] if stage["status"] == "failed"]
    said = ", ".join([run["verdict"], *(f"{stage['id']} tolerated" for stage in failed)])
    # Of a fault that was drawn only the function is known.
    made = [short(name) for name in fault.functions]
    if any(not stage["tolerated"] or (stage["id"] not in fault.stages and short(stage["function"] or "") not in made) for stage in failed):
        return Judgement(WRONG, said, "a step is said to have failed")
    if way == "record" and not set(fault.stages) <= {stage["id"] for stage in failed}:
        return Judgement(UNDECIDED, said, "the error that was tolerated is not told")
    return Judgement(RIGHT, said)


def judge_failure(fault, way, failure, reason):
    stage, function, errno = failure["stage"], failure["function"] or "", failure.get("errno")
    said = f"{stage}, {short(function)}" + (f", {errno}" if errno else "")
    if errno and fault.errno != "any" and errno not in errnos(fault):
        return Judgement(WRONG, said, "another errno")
    if way == "record" and not errno:
        return Judgement(UNDECIDED, said, "no errno, though the file has return values")
    if stage not in fault.stages:
        if stage in holders(fault.stages[0], fault.kernel):
            return Judgement(UNDECIDED, said, f"a step that holds it: {reason}")
        return Judgement(WRONG, said, "another step")
    if short(function) in [short(name) for name in fault.functions]:
        return Judgement(RIGHT, said)
    # A function of the module that is freed has no name in the file: its address, or what it is by its place.
    freed = [name for name in fault.functions if name.startswith(fault.module + ":")]
    # "? (fault_init?)" is one to which the kernel gave the name of another module's function, without an address.
    if freed and (function.startswith("0x") or short(function) in ("", "?")):
        return Judgement(RIGHT, said)
    return Judgement(WRONG, said, "another function")


def rival(fault, path, dmesg):
    """Whether `trace-cmd report` and the kernel log name what failed: yes or no."""
    text = subprocess.run(["trace-cmd", "report", "-i", str(path)], capture_output=True, text=True, errors="replace").stdout
    start = text.find("do_init_module")
    for name in fault.functions:
        if start >= 0 and re.search(rf"\|\s+{re.escape(short(name))}\(\)", text[start:]):
            return "yes"
    lines = [line for line in dmesg.splitlines() if "fault:" not in line]
    for line in lines:
        if any(re.search(rf"\b{re.escape(short(name))}\b", line) for name in fault.functions):
            return "yes"
        if any(re.search(MESSAGES.get(stage, r"$^"), line) for stage in fault.stages):
            return "yes"
    return "no"
