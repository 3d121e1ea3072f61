"""Runs the questions on one engine, in a process of its own, and prints its answers, times and memory as JSON."""

import glob
import json
import os
import sys
import time

from columns import columns


class DuckDB:
    def __init__(self, rows):
        import duckdb
        self.database = duckdb.connect(os.path.join(os.path.dirname(rows), "fleet.duckdb"))
        types = ", ".join(f"'{name}': '{kind.replace('STRING', 'VARCHAR')}'" for name, kind in columns().items())
        self.database.execute(
            f"CREATE OR REPLACE TABLE rows AS SELECT * FROM read_json('{rows}/*.ndjson.gz', format = 'newline_delimited', "
            f"columns = {{{types}}})")

    def ask(self, query):
        return self.database.execute(query).fetchall()

    def peak(self):
        return high_water("self")


class Spark:
    def __init__(self, rows):
        os.environ["PYSPARK_PYTHON"] = sys.executable
        from pyspark.sql import SparkSession
        self.session = (
            SparkSession.builder.master(f"local[{os.cpu_count()}]").appName("fleet").config("spark.driver.memory", "2g")
            .config("spark.sql.shuffle.partitions", "8").config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", os.path.join(os.path.dirname(rows), "warehouse"))
            .config("spark.ui.showConsoleProgress", "false").config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1").getOrCreate())
        self.session.sparkContext.setLogLevel("ERROR")
        schema = ", ".join(f"`{name}` {kind}" for name, kind in columns().items())
        # Columnar files, as a lake would hold them, and as DuckDB's own table is.
        table = os.path.join(os.path.dirname(rows), "rows.parquet")
        self.session.read.schema(schema).json(rows).write.mode("overwrite").parquet(table)
        self.session.read.parquet(table).createOrReplaceTempView("rows")

    def ask(self, query):
        return [tuple(row) for row in self.session.sql(query).collect()]

    def peak(self):
        """Of the Java process, which is the engine: a child of this one."""
        children = glob.glob("/proc/[0-9]*/stat")
        own = [path.split("/")[2] for path in children if parent(path) == os.getpid()]
        return max(high_water(pid) for pid in own)


def parent(path):
    try:
        with open(path) as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return None


def high_water(pid):
    """Largest resident set in MB."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:"))


def main():
    name, rows = sys.argv[1:]
    start = time.monotonic()
    engine = {"duckdb": DuckDB, "spark": Spark}[name](rows)
    loaded = time.monotonic() - start
    answers = {}
    for path in sorted(glob.glob("scripts/fleet/queries/*.sql")):
        with open(path) as file:
            query = file.read()
        start = time.monotonic()
        answer = engine.ask(query)
        answers[os.path.basename(path)] = {"seconds": time.monotonic() - start, "rows": answer}
    json.dump({"load_seconds": loaded, "peak_mb": engine.peak(), "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
