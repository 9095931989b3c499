"""Writes Avro files with the values that they hold.

    python make.py OUT.zip

For each NAME.avro there is a NAME.ndjson: the rows as segq should read them, made from the values that were written, which
fastavro has to read again, by the rules of exec/load/README.md. Needs fastavro, backports.zstd, cramjam (for snappy), polars and chdb.
"""

import datetime as dt
import decimal
import io
import json
import math
import os
import random
import sys
import tempfile
import uuid
import zipfile

import chdb
import fastavro
import polars as pl

D = decimal.Decimal
UTC = dt.timezone.utc
words = ["", "a", "view", "Köln", "日本", "naïve ☕", "x" * 70, "commerce.purchases"]


def iso(t):
    s = t.strftime("%Y-%m-%dT%H:%M:%S")
    return s + (".%03d" % (t.microsecond // 1000)).rstrip("0").rstrip(".") + "Z"


def instant(r):
    return dt.datetime(1970, 1, 1, tzinfo=UTC) + dt.timedelta(microseconds=r.randint(-10**15, 4 * 10**15))


def millis(r):
    t = instant(r)
    return t.replace(microsecond=t.microsecond // 1000 * 1000)


def same(v):
    return v


def logical(kind, name, **more):
    return {"type": kind, "logicalType": name, **more}


def fixed(name, size, **more):
    return {"type": "fixed", "name": name, "size": size, **more}


def ns(v):
    return iso(dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=v // 10**6))


def duration(b):
    months, days, ms = (int.from_bytes(b[i:i + 4], "little") for i in (0, 4, 8))
    return f"P{months}M{days}DT" + f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + "S"


# Of each type a schema, what makes a value, and what it is read as.
SCALARS = {
    "bool": ("boolean", lambda r: r.random() < 0.5, same),
    "int": ("int", lambda r: r.choice([-2**31, 2**31 - 1, 0, r.randint(-99, 99)]), same),
    "long": ("long", lambda r: r.choice([-2**63, 2**63 - 1, 0, r.randint(-10**12, 10**12)]), same),
    "float": ("float", lambda r: r.choice([0.5, -2.25, float("nan"), 2.0**90]), lambda v: None if math.isnan(v) else v),
    "double": ("double", lambda r: r.choice([0.1, -3.75e10, float("nan"), r.gauss(0, 1)]), lambda v: None if math.isnan(v) else v),
    "text": ("string", lambda r: r.choice(words), same),
    "raw": ("bytes", lambda r: bytes(r.randrange(256) for _ in range(9)), bytes.hex),
    "raw_text": ("bytes", lambda r: r.choice(words).encode(), bytes.decode),
    "fixed_raw": (fixed("five", 5), lambda r: bytes(r.randrange(128, 256) for _ in range(5)), bytes.hex),
    "enum": ({"type": "enum", "name": "tier", "symbols": ["GOLD", "SILVER", "none"]}, lambda r: r.choice(["GOLD", "SILVER", "none"]), same),
    "date": (logical("int", "date"), lambda r: dt.date(1970, 1, 1) + dt.timedelta(days=r.randint(-30000, 30000)), lambda v: v.strftime("%Y-%m-%dT00:00:00Z")),
    "time_ms": (logical("int", "time-millis"), lambda r: dt.time(r.randrange(24), 1, 2, 7000), lambda v: (v.hour * 3600 + 62) * 1000 + 7),
    "time_us": (logical("long", "time-micros"), lambda r: dt.time(r.randrange(24), 1, 2, 7), lambda v: (v.hour * 3600 + 62) * 10**6 + 7),
    "ts_ms": (logical("long", "timestamp-millis"), millis, iso), "ts_us": (logical("long", "timestamp-micros"), instant, iso),
    "ts_ns": (logical("long", "timestamp-nanos"), lambda r: r.randint(-10**18, 10**18), ns),
    "local_ms": (logical("long", "local-timestamp-millis"), lambda r: millis(r).replace(tzinfo=None), iso),
    "local_us": (logical("long", "local-timestamp-micros"), lambda r: instant(r).replace(tzinfo=None), iso),
    "uuid": (logical("string", "uuid"), lambda r: uuid.UUID(int=r.getrandbits(128)), str),
    "dec": (logical("bytes", "decimal", precision=12, scale=3), lambda r: D(r.randint(-10**12 + 1, 10**12 - 1)).scaleb(-3), float),
    "dec_whole": (logical("bytes", "decimal", precision=18, scale=0), lambda r: D(r.randint(-10**17, 10**17)), int),
    "dec_fixed": (fixed("d16", 16, logicalType="decimal", precision=38, scale=10), lambda r: D(r.randint(-10**30, 10**30)).scaleb(-10), float),
    "span": (fixed("span", 12, logicalType="duration"), lambda r: b"".join(r.randint(1, 99).to_bytes(4, "little") for _ in range(3)), duration),
    "odd_logical": (logical("string", "of-nobody"), lambda r: r.choice(words), same),
}
item = {"type": "record", "name": "item", "fields": [
    {"name": "sku", "type": "string"}, {"name": "price", "type": ["null", "double"], "default": None},
    {"name": "tags", "type": {"type": "array", "items": "string"}}]}


def make_item(r):
    return {"sku": r.choice(words), "price": r.choice([None, r.random()]), "tags": [r.choice(words) for _ in range(r.randrange(3))]}


def entries(make):
    return lambda r: {k: make(r) for k in r.sample(["a", "b", "c", "ключ"], r.randrange(4))}


NESTED = {
    "numbers": ({"type": "array", "items": "long"}, lambda r: [r.randint(-9, 9) for _ in range(r.randrange(5))], same),
    "lists": ({"type": "array", "items": {"type": "array", "items": ["null", "string"]}}, lambda r: [[r.choice(words + [None])] * r.randrange(3) for _ in range(r.randrange(4))], same),
    "item": (item, make_item, same),
    "items": ({"type": "array", "items": "item"}, lambda r: [make_item(r) for _ in range(r.randrange(3))], same),
    "map": ({"type": "map", "values": "long"}, entries(lambda r: r.randint(0, 9)), same),
    "map_items": ({"type": "map", "values": ["null", "item"]}, entries(lambda r: r.choice([None, make_item(r)])), same),
    "either": (["null", "long", "double"], lambda r: r.choice([1, 2.5, 7]), same),
    "mixed": (["string", "long", "boolean", "null"], lambda r: r.choice(["x", "y", 7, True]), lambda v: json.dumps(v) if not isinstance(v, str) else v),
}


def table(n, nulls, seed, names=None):
    rnd = random.Random(seed)
    fields, columns, want = [], {}, {}
    for name, (schema, make, read) in (SCALARS | NESTED).items():
        if names and name not in names:
            continue
        optional = nulls and name not in ("item", "either", "mixed")
        union = schema if not optional else [schema, "null"] if rnd.random() < 0.3 else ["null", schema]
        fields.append({"name": name, "type": union})
        columns[name] = [None if rnd.random() < (nulls if optional or name in ("either", "mixed") and nulls else 0) else make(rnd) for _ in range(n)]
        want[name] = [None if v is None else read(v) for v in columns[name]]
    if nulls:
        fields.append({"name": "nothing", "type": "null"})
        columns["nothing"], want["nothing"] = [None] * n, [None] * n
    schema = {"type": "record", "name": "profile", "namespace": "org.example", "fields": fields}
    row = lambda of, i: {k: v[i] for k, v in of.items()}
    return schema, [row(columns, i) for i in range(n)], [row(want, i) for i in range(n)]


def written(schema, rows, codec, interval=16000):
    b = io.BytesIO()
    fastavro.writer(b, fastavro.parse_schema(schema), rows, codec=codec, sync_interval=interval)
    data = b.getvalue()
    again = list(fastavro.reader(io.BytesIO(data)))
    assert len(again) == len(rows)
    return data


def sized(schema, values):
    """A file of one block by hand, whose arrays and maps say how many bytes their runs have, as Java writes them."""
    def long(v):
        v = v << 1 ^ v >> 63
        out = b""
        while v > 0x7f:
            out, v = out + bytes([v & 0x7f | 0x80]), v >> 7
        return out + bytes([v])
    def text(s):
        return long(len(s.encode())) + s.encode()
    body = b""
    for v in values:
        for run in (v["l"][:1], v["l"][1:]):
            if run:
                inner = b"".join(long(x) for x in run)
                body += long(-len(run)) + long(len(inner)) + inner
        body += long(0)
        inner = b"".join(text(k) + long(x) for k, x in v["m"])
        body += (long(-len(v["m"])) + long(len(inner)) + inner if v["m"] else b"") + long(0)
    meta = json.dumps(schema).encode()
    head = b"Obj\x01" + long(1) + text("avro.schema") + long(len(meta)) + meta + long(0) + b"s" * 16
    return head + long(len(values)) + long(len(body)) + body + b"s" * 16


def main(out):
    files = {}
    for seed, (codec, n, nulls, interval) in enumerate([("null", 40, 0, 16000), ("null", 40, 0.3, 500), ("deflate", 60, 0.3, 16000), ("snappy", 60, 0.8, 16000),
                                                        ("zstandard", 60, 0.3, 16000), ("bzip2", 40, 0.1, 16000), ("xz", 40, 0.3, 2000), ("null", 0, 0.3, 16000)]):
        schema, rows, want = table(n, nulls, seed)
        files[f"fastavro-{codec}-{n}-{nulls}"] = written(schema, rows, codec, interval), want
    schema = {"type": "record", "name": "r", "fields": [{"name": "l", "type": {"type": "array", "items": "long"}}, {"name": "m", "type": {"type": "map", "values": "int"}}]}
    values = [{"l": [1, 2, 3], "m": [("a", 1), ("b", 2), ("a", 3)]}, {"l": [], "m": []}, {"l": [-5], "m": [("z", 9)]}]
    files["sized-runs"] = sized(schema, values), [{"l": v["l"], "m": dict(v["m"])} for v in values]
    # Defaults that do not fit, names that are not allowed.
    odd = {"type": "record", "name": "my-record", "fields": [
        {"name": "user-id", "type": "long", "default": "none"}, {"name": "1st", "type": ["null", "string"], "default": "x"}]}
    body = b"".join(bytes([2 * i, 2, 2, 97 + i]) for i in range(5))
    meta = json.dumps(odd).encode()
    def long(v):
        return bytes([v << 1 & 0x7f | 0x80, v >> 6])
    files["odd-names"] = (b"Obj\x01\x02\x16avro.schema" + long(len(meta)) + meta + b"\x00" + b"s" * 16 + b"\x0a" + bytes([2 * len(body)]) + body + b"s" * 16,
                          [{"user-id": i, "1st": chr(97 + i)} for i in range(5)])
    files |= others()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, (data, rows) in files.items():
            for end, content in ((".avro", data), (".ndjson", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode())):
                z.writestr(zipfile.ZipInfo(name + end, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
    print(len(files), "files")


def others():
    """Files of Polars and ClickHouse, as fastavro reads them."""
    n, out = 40, {}
    frame = pl.DataFrame({"i": list(range(n)), "f": [i / 4 for i in range(n)], "s": [words[i % len(words)] if i % 5 else None for i in range(n)],
                          "d": [dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(n)], "t": [dt.datetime(2024, 1, 1, 1, i) for i in range(n)],
                          "l": [[i] * (i % 3) for i in range(n)], "o": [{"a": i, "b": str(i)} for i in range(n)], "b": [i % 2 == 0 for i in range(n)]})
    for codec in ("uncompressed", "snappy", "deflate"):
        b = io.BytesIO()
        frame.write_avro(b, compression=codec, name="rows")
        rows = list(fastavro.reader(io.BytesIO(b.getvalue())))
        out[f"polars-{codec}"] = b.getvalue(), [plain(r) for r in rows]
    for codec in ("null", "deflate", "snappy", "zstd"):
        with tempfile.TemporaryDirectory() as d:
            name = os.path.join(d, "x.avro")
            chdb.query(f"""select number as n, toString(number % 7) as s, number / 4 as f, toDate('2024-01-01') + number as day,
                toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + number as t, range(number % 4) as l, map('a', number) as m,
                if(number % 3 = 0, null, number) as opt, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') as u, tuple(number, 'x') as o
                from numbers({n}) into outfile '{name}' format Avro settings output_format_avro_codec = '{codec}', output_format_avro_string_column_pattern = '.*'""")
            data = open(name, "rb").read()
        out[f"clickhouse-{codec}"] = data, [plain(r) for r in fastavro.reader(io.BytesIO(data))]
    return out


def plain(v):
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, dt.datetime):
        return iso(v)
    if isinstance(v, dt.date):
        return v.strftime("%Y-%m-%dT00:00:00Z")
    return str(v) if isinstance(v, uuid.UUID) else v.decode() if isinstance(v, bytes) else v


if __name__ == "__main__":
    main(sys.argv[1])
