"""openmetrics: by the reference parser of OpenMetrics, by that of the text format of Prometheus, and against report."""

from prometheus_client import parser as classic
from prometheus_client.openmetrics import parser as strict

from sample import require


def samples(families):
    found = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            require(key not in found, f"{key} comes twice")
            require(sample.timestamp is None, f"{key} has a time, which the textfile collector refuses")
            found[key] = float(sample.value)
    return found


def last(runs):
    """The one that began last. One that tells no start is behind those of its task; one without a call is behind all."""
    found, latest = None, 0
    for run in runs:
        follows = run["root"] is None or run["start_ns"] is None and found and run["pid"] == found["pid"]
        start = latest if follows else run["start_ns"] or 0
        if start >= latest:
            found, latest = run, start
    return found


def check(sample):
    text = sample.export("openmetrics").decode()
    try:
        new = samples(strict.text_string_to_metric_families(text))
        old = samples(classic.text_string_to_metric_families(text))
    except ValueError as error:
        require(False, f"not parsed: {error}")
    require(new == old, "the two parsers read different things")
    expected = {}
    modules = {}
    for run in sample.report["runs"]:
        modules.setdefault(run["module"] or "unknown", []).append(run)
    for module, runs in modules.items():
        run = last(runs)
        for verdict in ["ok", "failed", "incomplete", "unknown"]:
            expected["verdict", ("module", module), ("verdict", verdict)] = float(run["verdict"] == verdict)
        expected["runs", ("module", module)] = float(sum(run["root"] is not None for run in runs))
        if run["duration_ns"] is not None:
            expected["run_duration_seconds", ("module", module)] = run["duration_ns"] / 1e9
        for stage in run["stages"]:
            if stage["duration_ns"] is not None:
                labels = ("module", module), ("section", stage["section"] or ""), ("stage", stage["id"])
                expected["stage_duration_seconds", *labels] = stage["duration_ns"] / 1e9
        if run["failure"]:
            failure = run["failure"]
            error = failure["errno"] or ("" if failure["code"] is None else str(failure["code"]))
            expected["failure", ("errno", error), ("module", module), ("stage", failure["stage"])] = 1.0
    checked = {"verdict", "runs", "run_duration_seconds", "stage_duration_seconds", "failure"}
    found = {(name.removeprefix("kvm_inittrace_"), *labels): value for (name, labels), value in new.items()}
    found = {key: value for key, value in found.items() if key[0] in checked}
    require(found == expected, f"differs from report: {set(found.items()) ^ set(expected.items())}")
    require(new["kvm_inittrace_lost_events", ()] == sample.report["source"]["lost_events"], "lost events")
    return f"{len(new)} samples"
