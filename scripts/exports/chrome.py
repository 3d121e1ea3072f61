"""chrome: the rules of the Trace Event Format, and its events against the calls."""

import collections
import decimal
import json

import timeline
from sample import require
from timeline import Slice


def nanoseconds(number):
    scaled = number * 1000
    require(scaled == scaled.to_integral_value(), f"{number} µs is no whole number of ns")
    return int(scaled)


def check(sample):
    data = sample.export("chrome", timeline=True)
    if data is None:
        return "no times"
    document = json.loads(data, parse_float=decimal.Decimal, parse_int=int)
    require(document["displayTimeUnit"] == "ns", "displayTimeUnit")
    names, tracks = {}, collections.defaultdict(list)
    for event in document["traceEvents"]:
        require(isinstance(event["name"], str) and isinstance(event["pid"], int) and isinstance(event["tid"], int), f"{event}")
        place = event["pid"], event["tid"]
        if event["ph"] == "M":
            require(event["name"] in ("process_name", "thread_name") and isinstance(event["args"]["name"], str), f"{event}")
            names[place, event["name"]] = event["args"]["name"]
            continue
        require(event["ph"] in ("X", "B", "i") and isinstance(event["cat"], str), f"{event}")
        require((event["ph"] == "X") == ("dur" in event) and (event["ph"] == "i") == (event.get("s") == "t"), f"{event}")
        tracks[place].append(event)
    require(all((place, kind) in names for place in tracks for kind in ("process_name", "thread_name")), "a track without a name")
    tasks = [place for place in tracks if names[place, "process_name"] != "trace" and ": stages (" not in names[place, "process_name"]]
    require(len(tasks) == len(sample.tasks), f"{len(tasks)} tracks of tasks")
    moved = sum(timeline.compare(calls, nested(tracks[place], calls)) for place, calls in zip(tasks, sample.tasks))
    return f"{len(document['traceEvents'])} events, {moved} with moved ends"


def nested(events, calls):
    """The events of a track as slices in the order of their begin; of those that begin together the one that ends last comes first, and
    among those that end together the one that was written last, because events are written where they end."""
    slices = []
    for order, event in enumerate(events):
        begin = nanoseconds(event["ts"])
        end = None if event["ph"] == "B" else begin + nanoseconds(event.get("dur", decimal.Decimal(0)))
        measured = event.get("args", {}).get("measured_ns")
        slices.append((begin, end, order, Slice(event["name"], begin, end, 0, event["ph"] == "i", measured)))
    return place_by_tree(slices, calls)


def place_by_tree(slices, calls):
    """Puts the slices into the order of the calls: callees are written before their callers, and each once."""
    order = written_order(calls)
    require(len(order) == len(slices), f"{len(slices)} events for {len(calls)} calls")
    placed = [None] * len(calls)
    for index, (_, _, _, item) in zip(order, slices):
        placed[index] = item
    kinds, _ = timeline.expected_kinds(calls)
    placed = [item._replace(depth=depth) for item, (_, depth) in zip(placed, kinds)]
    # Viewers nest by time alone: whatever is inside must lie inside.
    for index, call in enumerate(calls):
        outer = None if call.parent is None else timeline.enclosing(kinds, calls, call.parent)
        if outer is not None:
            item, around = placed[index], placed[outer]
            require(around.begin <= item.begin and (around.end is None or item.end is not None and item.end <= around.end),
                    f"{item} is not inside {around}")
    return placed


def written_order(calls):
    """Rows in the order in which a walk that writes slices at their end comes by; instants are written at their place."""
    kinds, last = timeline.expected_kinds(calls)
    order, stack = [], []
    for index in range(len(calls)):
        while stack and last[stack[-1]] < index:
            order.append(stack.pop())
        if kinds[index][0] == "instant":
            order.append(index)
        else:
            stack.append(index)
    return order + stack[::-1]
