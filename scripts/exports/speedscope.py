"""speedscope: by the JSON schema of its file format, by the rules that its importer asks for, and against the calls."""

import json
import os

import timeline
from sample import require, validator
from timeline import Slice

NO_RETURN, NO_ENTRY = " (return not recorded)", " (entry not recorded)"
SCHEMA = os.path.join(os.path.dirname(__file__), "speedscope.schema.json")


def check(sample):
    data = sample.export("speedscope", timeline=True)
    if data is None:
        return "no times"
    document = json.loads(data)
    validate(document)
    frames = [frame["name"] for frame in document["shared"]["frames"]]
    require(len(document["profiles"]) == len(sample.tasks), f"{len(document['profiles'])} profiles")
    for profile, calls in zip(document["profiles"], sample.tasks):
        kinds, _ = timeline.expected_kinds(calls)
        compare(calls, kinds, read(profile, frames))
    return f"{sum(len(profile['events']) for profile in document['profiles'])} events"


def validate(document):
    """By the schema. Its rules for events are checked in `read`: one by one they would take minutes."""
    outline = {**document, "profiles": [{**profile, "events": profile["events"][:1000]} for profile in document["profiles"]]}
    for error in validator(SCHEMA).iter_errors(outline):
        require(False, f"{error.json_path}: {error.message}")


def read(profile, frames):
    """The slices of a profile, in the order of their begin."""
    slices, stack, now = [], [], profile["startValue"]
    for event in profile["events"]:
        require(event.keys() == {"type", "frame", "at"} and 0 <= event["frame"] < len(frames), f"{event}")
        require(now <= event["at"] <= profile["endValue"], f"{event} is out of order")
        now = event["at"]
        if event["type"] == "O":
            slices.append(Slice(frames[event["frame"]], event["at"], None, len(stack), False, None))
            stack.append((event["frame"], len(slices) - 1))
        else:
            require(event["type"] == "C" and stack and stack[-1][0] == event["frame"], f"{event} closes another frame")
            index = stack.pop()[1]
            slices[index] = slices[index]._replace(end=event["at"])
    require(not stack, "frames stay open")
    return slices


def compare(calls, kinds, slices):
    """As on every timeline; calls that could not be measured are marked by their name, and moved ends cannot be told."""
    made = []
    for call, item, (kind, _) in zip(calls, slices, kinds):
        mark = NO_ENTRY if "entry-missing" in call.flags else NO_RETURN if call.duration is None else ""
        require(item.name.endswith(mark), f"{item} does not say that it was not measured")
        name = item.name.removesuffix(mark)
        if kind == "instant":
            require(item.begin == item.end, f"{item} has a width")
            made.append(item._replace(name=name, is_instant=True, measured=call.duration))
        elif kind == "unfinished":
            made.append(item._replace(name=name, end=None))
        else:
            moved = item.end - item.begin != call.duration
            made.append(item._replace(name=name, measured=call.duration if moved else None))
    require(len(made) == len(slices) == len(calls), f"{len(slices)} frames for {len(calls)} calls")
    timeline.compare(calls, made)
