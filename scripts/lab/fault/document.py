"""Writes Docs/FaultMatrix.md."""

from judging import RIGHT, UNDECIDED, WRONG, short
from table import WAYS

HEAD = """# The fault matrix

Real failures of KVM's module init, and whether `kvm-inittrace report` names them. Written by
`scripts/fault-matrix`; not edited.

In an emulated machine with Debian's kernel one step of the init is made to fail, and the load of the module is recorded:

- **record**: `kvm-inittrace record --detail kvm`. The file holds return values.
- **trace-cmd**: `trace-cmd start -p function_graph -g do_init_module`, the load, `trace-cmd extract`. The file holds no return
  values, and no names of the functions of a module that is gone.
- **text**: `cat trace` of the same ring buffer, with the tracer's default columns: no kernel version, no time, no task either.

Most faults are made by a kernel module (`scripts/lab/fault/fault.c`): a chosen function returns a chosen value, once, in the task that
loads the module (or on one CPU). Where the function does not run at all, its call holds the kernel's probe (`kprobe_int3_handler`) and
nothing else. Others are natural: another CPU, a taken device number, a missing module, options. That a fault has happened is counted in the
machine, and the errno that `modprobe` told is compared with the expected one; where either is not as it has to be, the row says
**no result**, and `scripts/fault-matrix` exits with 1.

```
scripts/fault-matrix --out DIR                      # all: some hours
scripts/fault-matrix --out DIR --kernels 6.12 --faults 'irqfd misc'
scripts/fault-matrix --out DIR --random 8 --seed 1  # besides, faults that are drawn
scripts/fault-matrix --out DIR --judge-only --binary FILE
```

## What counts as right

- **right**: verdict `failed`, the stage is the expected one, the function is the expected one, and the errno is that of the load; `record`
  has to tell the errno, the others may leave it open. The expected function is the one that returned the error or, for a
  step without a call of its own, the call that holds it. A function of a module that is freed has no name in the files of
  trace-cmd and of tracefs: there its address is right. For a load that succeeds: verdict `ok`, and no step failed but one whose error KVM ignores, which
  `record` has to show as tolerated. For one that comes to no init: `unknown`, or no run. The module has to be the right one, or left open.
- **undecided**: verdict `incomplete` or `unknown`, no errno with `record`, or a step that holds the expected one.
- **wrong**: anything else.

More than one stage is accepted in one case only: enabling a CPU (`hardware_enable_cpu`) is the callback of the hotplug state
(`cpuhp_register`), which refuses with it.

Beside it, the last column: can the failing function be read off `trace-cmd report` of the trace-cmd file and `dmesg`?
Generously: **yes** if a call line with its name stands in the tree of that load, or if a line of the kernel log names the function or
the step unmistakably. Whether the reader could know that this call failed is not asked.
"""


def table(rows, titles):
    return "\n".join(["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles), *("| " + " | ".join(row) + " |" for row in rows)])


def percent(part, whole):
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "0"


def cell(judgement):
    if judgement is None:
        return "not recorded"
    if judgement.verdict == RIGHT:
        return "right"
    return f"{'**wrong**' if judgement.verdict == WRONG else 'undecided'}: {escape(judgement.said)}"


def escape(text):
    return text.replace("|", "\\|").replace("\n", " ")


def summary(rows, caption):
    """rows: of judged faults."""
    lines = []
    for way in WAYS:
        found = [row.judgements[way] for row in rows if row.judgements.get(way)]
        counts = [sum(judgement.verdict == verdict for judgement in found) for verdict in (RIGHT, UNDECIDED, WRONG)]
        lines.append([f"`{way}`", str(len(found)), *(percent(count, len(found)) for count in counts)])
    asked = [row for row in rows if row.rival]
    yes = sum(row.rival == "yes" for row in asked)
    return f"### {caption}\n\n{table(lines, ['way', 'recordings', 'right', 'undecided', 'wrong'])}\n\n" \
           f"`trace-cmd report` and `dmesg` name the function or the step in {yes} of {len(asked)} failed loads.\n"


def full(rows):
    lines = []
    for row in rows:
        fault = row.fault
        expected = {"ok": "loads" + "".join(f", {stage} tolerated" for stage in fault.stages), "none": "no init runs"}.get(
            fault.errno, f"{' or '.join(fault.stages)}, `{short(fault.functions[0]) if fault.functions else ''}`"
            + ("" if fault.errno == "any" else f", {fault.errno}"))
        cells = ["**no result**: " + escape(row.problem)] * 3 if row.problem else [cell(row.judgements.get(way)) for way in WAYS]
        lines.append([fault.kernel, fault.id, escape(fault.what), expected, *cells, row.rival or "-"])
    return table(lines, ["kernel", "fault", "what happens", "expected", *(f"{way}" for way in WAYS), "trace-cmd report, dmesg"])


def reasons(rows):
    lines = []
    for row in rows:
        for way in WAYS:
            judgement = row.judgements.get(way)
            if judgement and judgement.verdict != RIGHT and not row.problem:
                lines.append(f"- {row.fault.kernel} {row.fault.id}, {way}: {judgement.verdict}: {escape(judgement.said)}"
                             + (f". {escape(judgement.reason)}" if judgement.reason else ""))
    return "\n".join(lines) or "None."


def document(rows, drawn, refused, seed):
    """rows and drawn: of the table and of the faults drawn at random; refused: lines of those drawn again."""
    usable = [row for row in rows if not row.problem]
    failures = [row for row in usable if row.fault.expected == "failed"]
    others = [row for row in usable if row.fault.expected != "failed"]
    parts = [HEAD, "## Summary\n", summary(failures, f"Loads that fail: {len(failures)}"),
             summary(others, f"Loads that succeed, or come to no init: {len(others)}").split("\n`trace-cmd report`")[0] + "\n"]
    if drawn:
        good = [row for row in drawn if not row.problem]
        parts.append(summary(good, f"Faults drawn at random, seed {seed}: {len(good)}"))
    parts += ["## All faults\n", full(rows) + "\n"]
    if drawn:
        parts += ["## Faults drawn at random\n",
                  f"Seed {seed}. A function of kvm, of the vendor module, or one of the core kernel that these call directly is drawn from a good load, and one of "
                  "its calls there: that call is made to return NULL (0) where the good load's return values show pointers or, without "
                  "any, its name says that it allocates or creates; else -12. "
                  "Nobody knows beforehand what follows; it goes on until enough of them make the load fail. "
                  "Expected is, by modprobe's answer, a load that succeeds, or a failure of the innermost stage around that call in the good load.\n",
                  full(drawn) + "\n"]
        if refused:
            parts += ["Drawn again:\n", "\n".join(f"- {line}" for line in refused) + "\n"]
    parts += ["## What is not right, and why\n", reasons(rows + drawn) + "\n"]
    return "\n".join(parts)
