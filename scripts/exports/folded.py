"""folded: lines as flamegraph.pl reads them, one for each stack; their sums are the sums of the calls' self times."""

import re

from sample import name, require


def frame(text):
    return text.replace(";", ":").replace(" ", "_")


def measured_below(calls, call):
    """The durations of the measured calls that a call is the nearest measured caller of."""
    waiting = list(call.children)
    while waiting:
        callee = calls[waiting.pop()]
        if callee.duration is None:
            waiting += callee.children
        else:
            yield callee.duration


def check(sample):
    lines = sample.export("folded").decode().splitlines()
    found = {}
    stacks = []
    for line in lines:
        # The pattern by which flamegraph.pl and difffolded.pl read lines.
        match = re.fullmatch(r"(\S.*?)\s+?(\d+(?:\.\d*)?)", line)
        require(match and " " not in match[1], f"not a folded stack: {line!r}")
        stack = tuple(match[1].split(";"))
        require(stack not in found, f"a stack comes twice: {line!r}")
        found[stack] = int(match[2])
        stacks.append([part.encode() for part in stack])
    require(stacks == sorted(stacks), "the stacks are not in order")
    expected = {}
    total = 0
    for calls in sample.tasks:
        paths = []
        comm = calls[0].comm if calls[0].pid else f"swapper/{calls[0].cpu}" if calls[0].pid == 0 else calls[0].comm or "task"
        for call in calls:
            paths.append((frame(comm) if call.parent is None else paths[call.parent]) + ";" + frame(name(call)))
            inner = sum(measured_below(calls, call)) if call.duration else 0
            own = max(0, (call.duration or 0) - inner)
            total += own
            if own:
                stack = tuple(paths[-1].split(";"))
                expected[stack] = expected.get(stack, 0) + own
    require(found == expected, f"self times differ: {list(set(found.items()) ^ set(expected.items()))[:3]}")
    require(sum(found.values()) == total, "the sum differs")
    return f"{len(lines)} stacks"
