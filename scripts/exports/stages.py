"""stages: each line by the JSON schema in Docs, and against report."""

import json

from sample import require, validator

HOST = {"host_id": "host_id", "boot_id": "boot_id", "recorded_ns": "started_ns", "cpu_model": "cpu_model", "microcode": "microcode",
        "detail": "detail"}
SCHEMA = "Docs/stages.schema.json"


def check(sample):
    rows = [json.loads(line) for line in sample.export("stages").splitlines()]
    for row in rows:
        for error in validator(SCHEMA).iter_errors(row):
            require(False, f"{error.message} in {row}")
    require(len({tuple(row) for row in rows}) == 1, "rows differ in their keys")
    expected = [(index, run, stage) for index, run in enumerate(sample.report["runs"]) for stage in [None, *run["stages"]]]
    require(len(rows) == len(expected), f"{len(rows)} rows, {len(expected)} runs and stages")
    source = sample.report["source"]
    recorder = source.get("recorder") or {}
    for row, (index, run, stage) in zip(rows, expected):
        failure = run["failure"] or {}
        facts = {
            "kind": "stage" if stage else "run", "run": index, "kernel": source["kernel"], "machine": source["machine"],
            "trace": sample.path, "module": run["module"], "vendor": run["vendor"], "verdict": run["verdict"],
            "run_start_ns": run["start_ns"], "run_duration_ns": run["duration_ns"],
            "run_lost_events": run["integrity"]["lost_events"], "failed_stage": failure.get("stage"),
            "failed_function": failure.get("function"), "errno": failure.get("errno"), "code": failure.get("code"),
            "module_build_id": recorder.get("build_ids", {}).get(run["module"]),
            "kernel_build_id": recorder.get("build_ids", {}).get("kernel"), "kvm_build_id": recorder.get("build_ids", {}).get("kvm"),
        }
        facts.update({key: recorder.get(field) for key, field in HOST.items()})
        stage_keys = ["section", "title", "status", "tolerated", "function", "start_ns", "duration_ns", "calls", "interrupt_ns", "sleep_ns",
                      "level"]
        facts.update({key: stage[key] if stage else None for key in stage_keys})
        facts["stage"] = stage["id"] if stage else None
        for key, value in facts.items():
            require(row[key] == value, f"{key} is {row[key]}, report says {value}")
    named = [json.loads(line) for line in sample.export("stages", "--host-id", "a \"b\"").splitlines()]
    require(named == [{**row, "host_id": "a \"b\""} for row in rows], "--host-id changes more than the host's id")
    return f"{len(rows)} rows"
