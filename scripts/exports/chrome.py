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
    for place in tracks:
        check_run(tracks[place])
    moved = sum(timeline.compare(calls, nested(tracks[place], calls)) for place, calls in zip(tasks, sample.tasks))
    return f"{len(document['traceEvents'])} events, {moved} with moved ends"


def check_run(events):
    """The slice of a run is the first of its track, so that viewers put the stages into it, the loader's too, which begins and ends with it."""
    slices = sorted((event for event in events if event["ph"] == "X" and event["cat"] == "stage"), key=lambda event: event["ts"])
    runs = [event for event in slices if "verdict" in event["args"]]
    require(not runs or runs == slices[:1], f"{slices[:1]} comes before {runs}")


def nested(events, calls):
    """The events of a track as slices in the order of the calls. Viewers take those that begin together in the order of the file, the outer
    one first: sorted by begin alone, events of a kind must be in the order of the calls."""
    kinds, _ = timeline.expected_kinds(calls)
    require(len(events) == len(calls), f"{len(events)} events for {len(calls)} calls")
    placed = [None] * len(calls)
    for phase, kind in {"X": "slice", "B": "unfinished", "i": "instant"}.items():
        rows = [row for row, (own, _) in enumerate(kinds) if own == kind]
        slices = sorted((item for item in events if item["ph"] == phase), key=lambda item: item["ts"])
        require(len(rows) == len(slices), f"{len(slices)} events {phase} for {len(rows)} calls")
        for row, event in zip(rows, slices):
            begin = nanoseconds(event["ts"])
            end = None if phase == "B" else begin + nanoseconds(event.get("dur", decimal.Decimal(0)))
            measured = event.get("args", {}).get("measured_ns")
            placed[row] = Slice(event["name"], begin, end, kinds[row][1], phase == "i", measured)
    # Viewers nest by time: whatever is inside must lie inside.
    for row, call in enumerate(calls):
        outer = None if call.parent is None else timeline.enclosing(kinds, calls, call.parent)
        if outer is not None:
            item, around = placed[row], placed[outer]
            require(around.begin <= item.begin and (around.end is None or item.end is not None and item.end <= around.end),
                    f"{item} is not inside {around}")
    return placed
