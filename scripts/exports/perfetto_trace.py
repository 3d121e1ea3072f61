"""perfetto: decoded with the published schema; its slices, matched by begin and end as Perfetto does, are the calls of export --to calls."""

import collections

from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as schema

import timeline
from sample import require
from timeline import Slice

BEGIN, END, INSTANT = 1, 2, 3
CLOCKS = {"mono": 3, "mono_raw": 5, "boot": 6}


def packets(data):
    """The packets of a trace, one by one: a whole trace as one message takes too much memory."""
    place = 0
    while place < len(data):
        require(data[place] == 0x0A, "not a packet")
        size, shift, place = 0, 0, place + 1
        while True:
            byte = data[place]
            size |= (byte & 0x7F) << shift
            shift, place = shift + 7, place + 1
            if byte < 0x80:
                break
        require(place + size <= len(data), "a packet is cut off")
        yield schema.TracePacket.FromString(data[place:place + size])
        place += size


class Sequence:
    """What a sequence of packets has told so far."""

    def __init__(self):
        self.names, self.categories, self.keys = {}, {}, {}
        self.track = None
        self.clock = None


class Track:
    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.slices = []
        self.open = []
        self.now = 0


def read(data):
    """Tracks by number, and the clock snapshots."""
    tracks, sequences, snapshots = {}, {}, []
    for packet in packets(data):
        if packet.HasField("track_descriptor"):
            require(packet.track_descriptor.uuid not in tracks, "a track is described twice")
            tracks[packet.track_descriptor.uuid] = Track(packet.track_descriptor)
        elif packet.HasField("clock_snapshot"):
            snapshots.append(packet.clock_snapshot)
        else:
            require(packet.HasField("track_event"), f"a packet of another kind: {packet}")
            take(packet, sequences, tracks)
    for track in tracks.values():
        for index in track.open:
            require(track.slices[index].end is None, "a slice is open and ended")
    return tracks, snapshots, sequences


def take(packet, sequences, tracks):
    number = packet.trusted_packet_sequence_id
    require(number > 0, "a packet without a sequence")
    if packet.sequence_flags & 1:
        sequences[number] = Sequence()
        defaults = packet.trace_packet_defaults
        sequences[number].track = defaults.track_event_defaults.track_uuid
        sequences[number].clock = defaults.timestamp_clock_id if defaults.HasField("timestamp_clock_id") else None
    require(packet.sequence_flags & 2 and number in sequences, "a packet needs what no packet told")
    sequence = sequences[number]
    for name in packet.interned_data.event_names:
        require(name.iid not in sequence.names, "a name is interned twice")
        sequence.names[name.iid] = name.name
    for name in packet.interned_data.event_categories:
        sequence.categories[name.iid] = name.name
    for name in packet.interned_data.debug_annotation_names:
        sequence.keys[name.iid] = name.name
    event = packet.track_event
    track = tracks[sequence.track]
    require(packet.timestamp >= track.now, "the events of a track are not in the order of time")
    track.now = packet.timestamp
    facts = {}
    for annotation in event.debug_annotations:
        name = sequence.keys[annotation.name_iid] if annotation.HasField("name_iid") else annotation.name
        facts[name] = getattr(annotation, annotation.WhichOneof("value"))
    if event.type == END:
        require(track.open, "an end without a begin")
        index = track.open.pop()
        track.slices[index] = track.slices[index]._replace(end=packet.timestamp, measured=facts.get("measured_ns"))
        return
    require(event.type in (BEGIN, INSTANT), f"an event of type {event.type}")
    require(all(category in sequence.categories for category in event.category_iids), "a category is not told")
    name = sequence.names[event.name_iid] if event.HasField("name_iid") else event.name
    instant = event.type == INSTANT
    end = packet.timestamp if instant else None
    track.slices.append(Slice(name, packet.timestamp, end, len(track.open), instant, facts.get("measured_ns")))
    if not instant:
        track.open.append(len(track.slices) - 1)


def check(sample):
    data = sample.export("perfetto", timeline=True)
    if data is None:
        return "no times"
    tracks, snapshots, sequences = read(data)
    clock = CLOCKS.get(sample.report["source"]["clock"])
    require([snapshot.primary_trace_clock for snapshot in snapshots] == ([clock] if clock else []), "the clock of the trace")
    require(all(sequence.clock == clock for sequence in sequences.values()), "the clock of a sequence")
    tasks = [track for uuid, track in tracks.items() if uuid >> 32 == 4]
    require(len(tasks) == len(sample.tasks), f"{len(tasks)} tracks of tasks")
    moved = 0
    for track, calls in zip(tasks, sample.tasks):
        if calls[0].pid:
            thread = track.descriptor.thread
            require(thread.tid == calls[0].pid and thread.thread_name == (calls[0].comm or "?"), f"track of {calls[0].pid}")
            require(track.descriptor.parent_uuid in tracks, "the process of a thread is not described")
        moved += timeline.compare(calls, track.slices)
    stages = check_stages(sample, tracks)
    return f"{sum(map(len, sample.tasks))} slices, {moved} with moved ends, {stages} of stages, {len(data)} bytes"


def check_stages(sample, tracks):
    """The run and each stage with one call: title, begin and duration as report tells them."""
    count = 0
    timed = [run for run in sample.report["runs"] if run["root"] is not None]
    own = [track for uuid, track in tracks.items() if uuid >> 32 == 1]
    require(len(own) == len(timed), f"{len(own)} tracks of stages, {len(timed)} runs")
    for run, track in zip(timed, own):
        found = collections.defaultdict(list)
        for item in track.slices:
            found[item.name].append(item)
        for title, facts in [(f"{run['module'] or 'KVM'} init: {run['verdict']}", run)] + [
                (f"{stage['section']} {stage['title']}" if stage["section"] else stage["title"], stage) for stage in run["stages"]]:
            if facts.get("calls") != 1 and facts is not run or facts["start_ns"] is None or facts["duration_ns"] is None:
                continue
            match = [item for item in found[title] if item.begin == facts["start_ns"]]
            if not match and facts is not run:
                # A stage that only other tasks' CPUs show is in their lanes.
                require(facts["per_cpu"], f"{title} is not on the timeline")
                continue
            require(len(match) >= 1, f"{title} is not on the timeline")
            drawn = match[0].end - match[0].begin
            require(facts["duration_ns"] in (drawn, match[0].measured), f"{title} lasts {drawn}, report says {facts['duration_ns']}")
            count += 1
    return count
