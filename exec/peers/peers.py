"""Runs one job in ClickHouse (chDB) or DuckDB: reads it from stdin as JSON, writes counts and times to stdout."""

import json
import os
import sys
import tempfile
import threading
import time


class ClickHouse:
    def __init__(self, job):
        from chdb import session
        # Nothing of interest is kept there: the table is in memory.
        self.scratch = tempfile.TemporaryDirectory(dir=job["dir"])
        self.session = session.Session(self.scratch.name)
        self.run(f"set max_execution_time = {job['limit']}")

    def version(self):
        return self.rows("select version()")[0][0]

    def run(self, sql):
        self.session.query(sql)

    def rows(self, sql):
        return json.loads(self.session.query(sql, "JSONCompact").bytes())["data"]


class DuckDB:
    def __init__(self, job):
        import duckdb
        self.connection = duckdb.connect()
        self.limit = job["limit"]

    def version(self):
        return self.rows("select version()")[0][0]

    def run(self, sql):
        # DuckDB has no setting for it.
        limit = threading.Timer(self.limit, self.connection.interrupt)
        limit.start()
        try:
            self.connection.execute(sql)
        finally:
            limit.cancel()

    def rows(self, sql):
        self.run(sql)
        return self.connection.fetchall()


def timed(engine, work):
    """Runs the queries of a work one after another, up to its number of times.

    What is no query returns no counts."""
    print(type(engine).__name__ + ": " + work["name"], file=sys.stderr)
    times, counts, begun = [], [], time.perf_counter()
    try:
        while len(times) < work["times"] and (not times or time.perf_counter() - begun < work["longest"]):
            for sql in work["before"] or []:
                engine.run(sql)
            start = time.perf_counter()
            answers = [engine.rows(q) if q.startswith("select") else engine.run(q) or [] for q in work["queries"]]
            times.append(time.perf_counter() - start)
            counts = [int(n) for rows in answers for row in rows for n in row]
    except Exception as e:
        print(e, file=sys.stderr)
        return {"error": str(e)[:2000]}
    return {"counts": counts, "times": times}


def main():
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is not the answer
    job = json.load(sys.stdin)
    engine = {"ClickHouse": ClickHouse, "DuckDB": DuckDB}[job["peer"]](job)
    begun = time.perf_counter()
    for sql in job["setup"]:
        engine.run(sql)
    loaded = time.perf_counter() - begun
    reply = {"version": engine.version(), "loaded": loaded, "work": [timed(engine, w) for w in job["work"]]}
    json.dump(reply, out)
    out.close()


main()
