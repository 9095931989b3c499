"""Writes the small files beside it: list.parquet, of which a test flips every bit, so without checksums, and
types.parquet, which the manual shows (exec/load/README.md), and others with what has to be read of them, as Python has it. Needs
pyarrow and duckdb."""

import decimal
import json
import random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

item = pa.struct([("a", pa.int32()), ("b", pa.int32())])
rows = [[{"a": 1, "b": None}, {"a": None, "b": 1}], None, [{"a": 1, "b": 1}]]
pq.write_table(pa.table({"items": pa.array(rows, pa.list_(item))}), "list.parquet", compression="none", use_dictionary=False,
               write_statistics=False, store_schema=False)

amounts = [decimal.Decimal(s) for s in ("19.99", "12345678901234.5678", "12345678901234.5679")]
point = pa.struct([("x", pa.int32())])
pq.write_table(pa.table({
    "_id": ["a", "b", "c"],
    "paid": [True, False, True],
    "price": pa.array(amounts, pa.decimal128(18, 4)),
    "number": pa.array([1, 2, 999999999999999999], pa.decimal128(18, 0)),
    "serial": pa.array([7, None, 2**63 + 1], pa.uint64()),
    "hash": [b"abc", b"\xff\x00", None],
    "code": [b"CA", b"NY", b"TX"],
    "day": pa.array([19000, 19001, None], pa.date32()),
    "visits": pa.array([[(2024, 3)], [(2024, 1), (2025, None)], None], pa.map_(pa.int32(), pa.int64())),
    "byPoint": pa.array([[({"x": 1}, 2)], [], None], pa.map_(point, pa.int32())),
}), "types.parquet", compression="lz4", data_page_version="2.0")

duckdb.sql("copy (select 'a' as _id, interval '1 month 2 days 3.5 seconds' as span) to 'span.parquet' (format parquet)")


def decimals(*texts):
    return [s and decimal.Decimal(s) for s in texts]


# Numbers of more digits than a float has. exact.ndjson has them as texts, as Python spells them.
exact = pa.table({
    "u": pa.array([2**63, 1, 2**63 - 1, None], pa.uint64()),
    "i": pa.array([-2**63, 0, 2**63 - 1, None], pa.int64()),
    "d": pa.array(decimals("1234567890123456.78", "1.10", "-0.05", None), pa.decimal128(18, 2)),
    "d38": pa.array(decimals("-" + "9" * 35 + ".120", "0.000", "1.500", None), pa.decimal128(38, 3)),
    "d256": pa.array(decimals("9" * 56 + "." + "1" * 20, "-" + "0." + "0" * 19 + "1", None, None), pa.decimal256(76, 20)),
    "n38": pa.array(decimals("9" * 38, "-" + "9" * 38, "7", None), pa.decimal128(38, 0)),
    "ds": pa.array([decimals("1.10", None, "1234567890123456.78"), [], None, None], pa.list_(pa.decimal128(18, 2))),
    "o": pa.array([{"d": decimal.Decimal("2.50")}, {"d": None}, None, None], pa.struct([("d", pa.decimal128(9, 2))])),
    "m": pa.array([[("a", decimal.Decimal("3.10"))], [], None, None], pa.map_(pa.string(), pa.decimal128(18, 2))),
})


def texts(v):
    if isinstance(v, dict):
        return {k: texts(x) for k, x in v.items()}
    if isinstance(v, list):
        return [texts(x) for x in v]
    return v if v is None else f"{v:f}" if isinstance(v, decimal.Decimal) else str(v)


for name, integers in (("exact", False), ("exact-ints", True)):
    pq.write_table(exact, name + ".parquet", store_decimal_as_integer=integers, use_dictionary=["d"], row_group_size=3)
with open("exact.ndjson", "w") as f:
    for row in exact.to_pylist():
        row["m"] = row["m"] if row["m"] is None else dict(row["m"])
        f.write(json.dumps(texts(row)) + "\n")

# Maps that have a key twice. A dict of Python keeps the last value, as the format asks for (LogicalTypes.md, "Maps").
rnd = random.Random(1)


def some(value, most=4):
    return None if rnd.random() < 0.2 else [value() for _ in range(rnd.randrange(most))]


def entries(value):
    return some(lambda: (rnd.choice("abcd"), value()), 6)


def maybe():
    return None if rnd.random() < 0.2 else {"x": rnd.randrange(9), "tags": some(lambda: rnd.choice("xyz")), "never": None}


pair = pa.struct([("x", pa.int32()), ("tags", pa.list_(pa.string())), ("never", pa.string())])
maps = pa.table({
    "m": pa.array([[("a", 1), ("a", 2)], [("a", 3)], [("a", 4), ("b", 5), ("a", None), ("c", 6), ("b", 7)], None, [], [("b", 8), ("a", 9)]],
                  pa.map_(pa.string(), pa.int64())),
    "o": pa.array([[("k", {"x": 1, "tags": ["p", "q"]}), ("l", {"x": 2, "tags": ["r"]}), ("k", {"x": 3, "tags": ["s", "t", "u"]})],
                   [], [("k", None), ("k", {"x": None, "tags": None})], [("l", {"x": 4, "tags": ["v"]}), ("l", None)], None,
                   [("k", {"x": 5, "tags": []}), ("m", {"x": 6, "tags": ["w"]})]], pa.map_(pa.string(), pair)),
    "n": pa.array([[[(1, [("a", 1), ("a", 2)]), (1, [("b", 3), ("c", 4), ("b", 5)])], [(2, [("a", 6)])]], [], None,
                   [[(1, []), (2, [("a", 7)]), (1, [("a", 8), ("a", 9)])], []], None, [[(3, None)]]],
                  pa.list_(pa.map_(pa.int32(), pa.map_(pa.string(), pa.int32())))),
    "random": pa.array([some(lambda: ("k", entries(maybe))) for _ in range(6)], pa.map_(pa.string(), pa.map_(pa.string(), pair))),
    "pairs": pa.array([entries(maybe) for _ in range(6)], pa.map_(pa.string(), pair)),
    "after": pa.array(range(6)),
})
pq.write_table(maps, "maps.parquet", row_group_size=4)
with open("maps.ndjson", "w") as f:
    for row in maps.to_pylist():
        row["random"] = row["random"] and [(k, m if m is None else dict(m)) for k, m in row["random"]]
        for name in ("m", "o", "random", "pairs"):
            row[name] = row[name] if row[name] is None else dict(row[name])
        row["n"] = row["n"] and [{str(k): v if v is None else dict(v) for k, v in m} for m in row["n"]]
        f.write(json.dumps(row) + "\n")
