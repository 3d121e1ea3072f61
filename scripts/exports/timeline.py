"""What every timeline must show of the calls of a task, whatever its format."""

import collections

from sample import name, require

# A call on a timeline: end is None for one without, and equals begin for an instant.
Slice = collections.namedtuple("Slice", "name begin end depth is_instant measured")


def expected_kinds(calls):
    """For each call whether it is a slice, an instant or unfinished, and at which depth it is drawn."""
    last = [index for index in range(len(calls))]
    for index in reversed(range(len(calls))):
        if calls[index].parent is not None:
            last[calls[index].parent] = max(last[calls[index].parent], last[index])
    kinds = []
    for index, call in enumerate(calls):
        parent = call.parent
        inner = None if parent is None else enclosing(kinds, calls, parent)
        depth = 0 if inner is None else kinds[inner][1] + 1
        unfinished = "open" in call.flags and last[index] == len(calls) - 1 and (inner is None or kinds[inner][0] == "unfinished")
        if unfinished:
            kinds.append(("unfinished", depth))
        elif call.duration is None or "entry-missing" in call.flags:
            kinds.append(("instant", depth))
        else:
            kinds.append(("slice", depth))
    return kinds, last


def enclosing(kinds, calls, index):
    """The innermost call from `index` outwards that is drawn as a slice."""
    while index is not None and kinds[index][0] == "instant":
        index = calls[index].parent
    return index


def compare(calls, slices):
    """Compares the slices of a task's track, in the order of their begin, with its calls."""
    require(len(slices) == len(calls), f"{len(slices)} slices for {len(calls)} calls")
    kinds, last = expected_kinds(calls)
    # The latest time below each call, and the earliest end around it as measured: bounds of what can be drawn.
    inner = [item.begin for item in slices]
    for index in reversed(range(len(calls))):
        for child in calls[index].children:
            inner[index] = max(inner[index], inner[child], slices[child].end or 0)
    around = []
    for call, item in zip(calls, slices):
        outer = float("inf") if call.parent is None else around[call.parent]
        around.append(outer if call.duration is None or item.is_instant else min(outer, item.begin + call.duration))
    now = 0
    for index, (call, item, (kind, depth)) in enumerate(zip(calls, slices, kinds)):
        require(item.name == name(call), f"{item.name} instead of {name(call)}")
        require(item.depth == depth, f"{item} is drawn at depth {item.depth}, expected {depth}")
        require(item.is_instant == (kind == "instant") and (item.end is None) == (kind == "unfinished"), f"{item} should be {kind}")
        if call.start is not None:
            require(item.begin == max(call.start, now), f"{item} begins at another time than {call}")
        now = max(now, item.begin)
        if kind == "instant":
            require(item.measured == call.duration, f"{item}: measured was {call.duration}")
        if kind == "slice":
            check_end(calls, slices, kinds, last, inner, around, index)
    return sum(item.measured is not None for item in slices)


def check_end(calls, slices, kinds, last, inner, around, index):
    """The drawn slice nests. Its duration is the measured one, or that is told, and it could not have been drawn."""
    call, item = calls[index], slices[index]
    following = slices[last[index] + 1].begin if last[index] + 1 < len(slices) else float("inf")
    outer = None if call.parent is None else enclosing(kinds, calls, call.parent)
    end = float("inf") if outer is None or slices[outer].end is None else slices[outer].end
    require(inner[index] <= item.end <= min(following, end), f"{item} does not nest")
    if item.measured is None:
        require(item.end - item.begin == call.duration, f"{item} lasts {item.end - item.begin}, measured was {call.duration}")
        return
    require(item.measured == call.duration and item.end - item.begin != call.duration, f"{item}: measured was {call.duration}")
    natural = item.begin + call.duration
    allowed = min(following, float("inf") if outer is None else around[outer])
    require(natural > allowed or natural < inner[index], f"{item} could be drawn with its duration {call.duration}")
