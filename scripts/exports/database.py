"""sqlite: opened by SQLite itself; its tables say what report and export --to calls say."""

import collections
import os
import sqlite3

from sample import Call, key, require

STAGE = ["id", "section", "title", "status", "tolerated", "function", "parent", "start_ns", "duration_ns", "calls", "interrupt_ns",
         "sleep_ns", "level", "note"]
RUN = ["pid", "comm", "module", "vendor", "root", "verdict", "reason", "start_ns", "duration_ns", "calls", "max_depth", "interrupt_ns",
       "sleep_ns", "flow"]


def check(sample):
    require(sample.export("sqlite")[:16] == b"SQLite format 3\0", "no SQLite file")
    database = sqlite3.connect(os.path.join(sample.folder.name, "sqlite"))
    database.row_factory = sqlite3.Row
    try:
        require(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the file is not whole")
        require(not database.execute("PRAGMA foreign_key_check").fetchall(), "a reference leads nowhere")
        require(database.execute("PRAGMA user_version").fetchone()[0] == 1, "another version of the schema")
        source(database, sample)
        runs(database, sample)
        calls(database, sample)
        count = database.execute("SELECT count(*) FROM calls").fetchone()[0]
    finally:
        database.close()
    return f"{count} calls"


def source(database, sample):
    row = database.execute("SELECT * FROM traces").fetchall()
    require(len(row) == 1, "not one trace")
    for column in ["path", "kind", "kernel", "machine", "cpus", "clock", "events", "lost_events", "has_times", "resolution_ns"]:
        require(row[0][column] == sample.report["source"][column], f"{column} of the trace is {row[0][column]}")


def runs(database, sample):
    rows = database.execute("SELECT * FROM runs ORDER BY id").fetchall()
    require(len(rows) == len(sample.report["runs"]), f"{len(rows)} runs")
    for row, run in zip(rows, sample.report["runs"]):
        for column in RUN:
            require(row[column] == run[column], f"{column} of a run is {row[column]}, report says {run[column]}")
        failure = run["failure"] or collections.defaultdict(lambda: None)
        for column, field in [("failed_stage", "stage"), ("failed_function", "function"), ("errno", "errno"), ("code", "code"),
                              ("cause", "cause"), ("remedy", "remedy")]:
            require(row[column] == failure[field], f"{column} of a run is {row[column]}, report says {failure[field]}")
        for column, count in run["integrity"].items():
            require(row[column] == count, f"{column} of a run is {row[column]}, report says {count}")
        stages = database.execute("SELECT stage AS id, * FROM stages WHERE run = ? ORDER BY position", [row["id"]]).fetchall()
        require(len(stages) == len(run["stages"]), f"{len(stages)} stages")
        for position, (stage, expected) in enumerate(zip(stages, run["stages"])):
            for column in STAGE:
                require(stage[column] == expected[column], f"{column} of {expected['id']} is {stage[column]}")
            shares = database.execute(
                "SELECT cpu, start_ns, duration_ns, result FROM stage_cpus WHERE run = ? AND position = ? ORDER BY rowid",
                [row["id"], position]).fetchall()
            require([dict(share) for share in shares] == expected["per_cpu"], f"CPUs of {expected['id']}")


def calls(database, sample):
    """Every call with all that is said of it; and how they hang together, for the other checks."""
    expected = collections.defaultdict(list)
    for call in sample.calls:
        expected[key(call.pid, call.cpu)].append(call)
    sample.tasks = []
    tasks = collections.defaultdict(list)
    for task in database.execute("SELECT id, pid, comm FROM tasks ORDER BY id").fetchall():
        made = calls_of(database, task)
        if made:
            sample.tasks.append(made)
            tasks[key(task["pid"], made[0].cpu)].append(made)
    require(tasks.keys() == expected.keys(), f"calls of {list(tasks.keys() ^ expected.keys())} are in one export only")
    for task, made in tasks.items():
        merged(made, expected[task], task)


def calls_of(database, task):
    """The calls of a task, with their parents and children as indices."""
    rows = [tuple(row) for row in database.execute(
        "SELECT ?, ?, cpu, depth, name, module, address, start_ns, duration_ns, return_value, flags, doubtful_name, parent, "
        "calls.id FROM calls LEFT JOIN functions ON functions.id = function WHERE task = ? ORDER BY calls.id",
        [task["pid"], task["comm"], task["id"]])]
    tree = []
    for row in rows:
        parent = None if row[12] is None else row[12] - rows[0][13]
        call = Call(*row[:10], row[10].split() if row[10] else [], row[11], parent, [])
        require(parent is None or 0 <= parent < len(tree) and tree[parent].depth <= call.depth, f"parent of {call}")
        if parent is not None:
            tree[parent].children.append(len(tree))
        tree.append(call)
    return tree


def merged(tasks, calls, task):
    """`calls` are those of the tasks, merged by time: the order within each is kept."""
    places = [0] * len(tasks)
    for call in calls:
        for index, made in enumerate(tasks):
            if places[index] < len(made) and made[places[index]]._replace(parent=None, children=None) == call:
                places[index] += 1
                break
        else:
            require(False, f"a call of task {task} is not in its place in the database: {call}")
    require(places == [len(made) for made in tasks], f"{places} calls of task {task}, in the database {[len(made) for made in tasks]}")
