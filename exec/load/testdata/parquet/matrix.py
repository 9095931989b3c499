"""Writes the matrix of Parquet files with the values that they hold.

    python matrix.py OUT.zip          the pairs that are kept in testdata (matrix.zip)
    python matrix.py --full OUT.zip   every combination but of the numbers of rows and nulls, which are taken in turn

For each NAME.parquet there is a NAME.ndjson: the rows as segq should read them, made from what pyarrow reads. Of files
that pyarrow wrote it has to be what was written; of every file, what DuckDB reads where it can read it; else this fails.
Needs pyarrow, duckdb, polars, pandas and fastparquet.
"""

import datetime as dt
import decimal
import io
import itertools
import json
import math
import os
import random
import sys
import tempfile
import uuid
import zipfile

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

D = decimal.Decimal
decimal.getcontext().prec = 80


# What is in the files.

def some(rnd, n, make, nulls):
    return [None if nulls and rnd.random() < nulls else make(rnd) for _ in range(n)]


def runs(rnd, n, values):
    out = []
    while len(out) < n:
        out += [rnd.choice(values)] * rnd.choice([1, 2, 3, 7, 8, 9, 16, 40])
    return out[:n]


def whole(bits, signed=True):
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return lambda r: r.choice([low, high, 0, 1, r.randint(low, high), r.randint(max(low, -100), 100)])


def decimals(digits, scale):
    def make(r):
        top = 10 ** r.choice([1, digits // 2, digits])
        return D(r.randint(-top + 1, top - 1)).scaleb(-scale)
    return make


words = ["", "a", "view", "purchase", "Köln", "日本", "naïve ☕", "commerce.purchases", "x" * 70, "prefix-000", "prefix-001"]
text = lambda r: r.choice(words) if r.random() < 0.7 else "id-%06d" % r.randint(0, 999999)
raw = lambda r: bytes(r.randrange(256) for _ in range(r.randrange(12)))
fixed = lambda r: bytes(r.randrange(128, 256) for _ in range(5))
instant = lambda r: dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=r.randint(-10**15, 4 * 10**15))
day = lambda r: dt.date(1970, 1, 1) + dt.timedelta(days=r.randint(-30000, 30000))
floating = lambda r: r.choice([0.0, -0.0, 1.5, 0.1, -3.75e10, float("nan"), r.uniform(-1e6, 1e6), r.gauss(0, 1)])

SCALARS = {
    "bool": (pa.bool_(), lambda r: r.random() < 0.5),
    "i8": (pa.int8(), whole(8)), "i16": (pa.int16(), whole(16)), "i32": (pa.int32(), whole(32)), "i64": (pa.int64(), whole(64)),
    "u8": (pa.uint8(), whole(8, False)), "u16": (pa.uint16(), whole(16, False)), "u32": (pa.uint32(), whole(32, False)),
    "u64": (pa.uint64(), whole(64, False)),
    "f16": (pa.float16(), lambda r: np.float16(r.choice([0, 1.5, -2.25, 6e-8, 65504, float("nan"), r.gauss(0, 9)]))),
    "f32": (pa.float32(), lambda r: float(np.float32(floating(r)))), "f64": (pa.float64(), floating),
    "text": (pa.string(), text), "large_text": (pa.large_string(), text), "bytes_text": (pa.binary(), lambda r: text(r).encode()),
    "bytes_raw": (pa.binary(), raw), "fixed_raw": (pa.binary(5), fixed),
    "fixed_text": (pa.binary(2), lambda r: r.choice([b"CA", b"NY", b"TX"])),
    "d32": (pa.decimal32(9, 2), decimals(9, 2)), "d64": (pa.decimal64(18, 4), decimals(18, 4)),
    "d128": (pa.decimal128(31, 6), decimals(31, 6)), "d256": (pa.decimal256(60, 20), decimals(60, 20)),
    "d18": (pa.decimal128(18, 0), decimals(18, 0)), "d38": (pa.decimal128(38, 0), decimals(38, 0)),
    "date": (pa.date32(), day), "time_ms": (pa.time32("ms"), lambda r: dt.time(r.randrange(24), r.randrange(60), 1, 7000)),
    "time_us": (pa.time64("us"), lambda r: dt.time(r.randrange(24), r.randrange(60), 1, r.randrange(10**6))),
    "ts_s": (pa.timestamp("s"), lambda r: instant(r).replace(microsecond=0)),
    "ts_ms": (pa.timestamp("ms"), lambda r: instant(r).replace(microsecond=instant(r).microsecond // 1000 * 1000)),
    "ts_us": (pa.timestamp("us"), instant), "ts_ns": (pa.timestamp("ns"), instant),
    "tz_us": (pa.timestamp("us", "Europe/Berlin"), lambda r: instant(r).replace(tzinfo=dt.timezone.utc)),
    "duration": (pa.duration("ms"), lambda r: dt.timedelta(milliseconds=r.randint(-10**9, 10**9))),
    "uuid": (pa.uuid(), lambda r: uuid.UUID(int=r.getrandbits(128)).bytes),
}


def listing(make, most=4):
    return lambda r: [None if r.random() < 0.15 else make(r) for _ in range(r.randrange(most))]


def entries(key, value):
    return lambda r: list({key(r): None if r.random() < 0.2 else value(r) for _ in range(r.randrange(4))}.items())


def struct(**fields):
    return lambda r: {k: None if r.random() < 0.2 else f(r) for k, f in fields.items()}


item = pa.struct([("sku", pa.string()), ("price", pa.float64()), ("new", pa.bool_()), ("tags", pa.list_(pa.string()))])
make_item = struct(sku=text, price=lambda r: r.uniform(0, 9), new=lambda r: r.random() < 0.5, tags=listing(text))
home = pa.struct([("city", pa.string()), ("at", pa.struct([("lat", pa.float64()), ("n", pa.int32())]))])

NESTED = {
    "l_bool": (pa.list_(pa.bool_()), listing(lambda r: r.random() < 0.7, 9)), "l_i32": (pa.list_(pa.int32()), listing(whole(32))),
    "l_text": (pa.list_(pa.string()), listing(text)), "l_ts": (pa.list_(pa.timestamp("us")), listing(instant)),
    "l_dec": (pa.list_(pa.decimal128(20, 2)), listing(decimals(20, 2))),
    "ll_i64": (pa.list_(pa.list_(pa.int64())), listing(listing(whole(64)))),
    "lll_text": (pa.list_(pa.list_(pa.list_(pa.string()))), listing(listing(listing(text)))),
    "l_item": (pa.list_(item), listing(make_item)), "home": (home, struct(city=text, at=struct(lat=floating, n=whole(8)))),
    "m_text": (pa.map_(pa.string(), pa.int64()), entries(text, whole(64))),
    "m_int": (pa.map_(pa.int32(), pa.string()), entries(whole(8), text)),
    "m_date": (pa.map_(pa.date32(), pa.float64()), entries(day, lambda r: r.gauss(0, 1))),
    "m_bool": (pa.map_(pa.bool_(), pa.bool_()), entries(lambda r: r.random() < 0.5, lambda r: r.random() < 0.5)),
    "m_items": (pa.map_(pa.string(), pa.list_(item)), entries(text, listing(make_item))),
}


def table(rows, nulls, seed):
    """All types: with nulls and required, in runs, nested."""
    rnd = random.Random(seed)
    columns, fields = [], []

    def add(name, kind, values, nullable=True):
        if pa.types.is_float16(kind):
            values = [None if v is None else np.float16(v) for v in values]
        storage = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
        array = pa.array(values, storage)
        if storage is not kind:
            array = kind.wrap_array(array)
        columns.append(array)
        fields.append(pa.field(name, kind, nullable))

    for name, (kind, make) in SCALARS.items():
        add(name, kind, some(rnd, rows, make, nulls))
        add(name + "_req", kind, some(rnd, rows, make, 0), False)
    for name, (kind, make) in NESTED.items():
        add(name, kind, some(rnd, rows, make, nulls))
    add("bool_runs", pa.bool_(), runs(rnd, rows, [True, False]), False)
    add("bool_true", pa.bool_(), [True] * rows)
    add("text_runs", pa.string(), runs(rnd, rows, words + [None]))
    add("i64_up", pa.int64(), [10**12 + 37 * i for i in range(rows)])
    for name in ("bool", "i64", "f64", "text", "fixed_raw", "ts_us"):
        add("none_" + name, SCALARS[name][0], [None] * rows)
    add("none_list", pa.list_(pa.int32()), [None] * rows)
    add("empty_list", pa.list_(pa.string()), [[]] * rows)
    add("none", pa.null(), [None] * rows)
    return pa.table(columns, pa.schema(fields))


# What segq should read.

def ms(value, unit):
    return {"s": value * 1000, "ms": value, "us": value // 1000, "ns": value // 10**6}[unit]


def iso(value):
    t = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=value)
    s = t.strftime("%Y-%m-%dT%H:%M:%S")
    if t.year < 1000:
        s = "%04d" % t.year + s[s.index("-"):]
    return s + (".%03d" % (t.microsecond // 1000)).rstrip("0").rstrip(".") + "Z"


def readable(b):
    try:
        return not any(c < " " and c not in "\t\n\r" or c == "\x7f" for c in b.decode())
    except UnicodeDecodeError:
        return False


def flat(array):
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def wanted(array, name):
    """The values of an array as JSON, None for null."""
    array, t = flat(array), array.type
    if isinstance(t, pa.BaseExtensionType):
        array, t = array.storage, array.type.storage_type
    if pa.types.is_dictionary(t):
        return wanted(array.dictionary_decode(), name)
    if pa.types.is_list(t) or pa.types.is_large_list(t):
        return parts(array, wanted(array.values, name), list)
    if pa.types.is_map(t):
        keys = [key(k, array.keys.type) for k in wanted(array.keys, name)]
        return parts(array, list(zip(keys, wanted(array.items, name))), dict)
    if pa.types.is_struct(t):
        children = [(t.field(i).name, wanted(array.field(i), name)) for i in range(t.num_fields)]
        return [{k: v[i] for k, v in children} if array[i].is_valid else None for i in range(len(array))]
    if pa.types.is_timestamp(t):
        return [None if v is None else iso(ms(v, t.unit)) for v in array.cast(pa.int64()).to_pylist()]
    if pa.types.is_date(t):
        return [None if v is None else iso(v * 86400000) for v in array.cast(pa.date32()).cast(pa.int32()).to_pylist()]
    if pa.types.is_time(t) or pa.types.is_duration(t):
        return array.cast(pa.int32() if pa.types.is_time32(t) else pa.int64()).to_pylist()
    values = array.to_pylist()
    if pa.types.is_decimal(t) and t.scale:
        return [None if v is None else float(v) for v in values]
    if pa.types.is_decimal(t) or pa.types.is_uint64(t):
        # Those beyond 64 bits are null, but where they are most all are texts.
        fit = [v is not None and -2**63 <= v < 2**63 for v in values]
        if sum(v is not None for v in values) > 2 * sum(fit):
            return [None if v is None else f"{v:f}" if pa.types.is_decimal(t) else str(v) for v in values]
        return [int(v) if fits else None for v, fits in zip(values, fit)]
    if pa.types.is_floating(t):
        return [None if v is None or math.isnan(v) else float(v) for v in values]
    if pa.types.is_fixed_size_binary(t) and t.byte_width == 16 and "uuid" in name:
        return [None if v is None else str(uuid.UUID(bytes=v)) for v in values]
    if pa.types.is_fixed_size_binary(t) and t.byte_width == 12 and "interval" in name:
        return [None if v is None else interval(v) for v in values]
    if pa.types.is_binary(t) or pa.types.is_large_binary(t) or pa.types.is_fixed_size_binary(t):
        texts = all(v is None or readable(v) for v in values)
        return [None if v is None else v.decode() if texts else v.hex() for v in values]
    return values


def parts(array, values, shape):
    offsets = array.offsets.to_pylist()
    base = offsets[0] if offsets else 0
    assert base == 0 or len(values) >= offsets[-1]
    return [shape(values[offsets[i]:offsets[i + 1]]) if array[i].is_valid else None for i in range(len(array))]


def key(value, t):
    if pa.types.is_date(t):
        return value[:10]
    return json.dumps(value) if isinstance(value, bool) else str(value)


def interval(b):
    months, days, millis = (int.from_bytes(b[i:i + 4], "little") for i in (0, 4, 8))
    s = "P" + (f"{months}M" if months else "") + (f"{days}D" if days else "")
    if millis or not months and not days:
        s += "T" + f"{millis / 1000:.3f}".rstrip("0").rstrip(".") + "S"
    return s


def rows(t):
    columns = {n: wanted(t.column(n), n) for n in t.column_names}
    return [{n: v[i] for n, v in columns.items()} for i in range(t.num_rows)]


def read(data, source):
    """What pyarrow reads. Of a column that it refuses, what was written, or what DuckDB reads: pyarrow 26 does not take
    the first value of a delta encoding of UINTEGER beyond 2^31 as DuckDB 2.0 writes it, nor some booleans in lists of
    its own."""
    file = pq.ParquetFile(io.BytesIO(data))
    names, n, columns = file.schema_arrow.names, file.metadata.num_rows, []
    for name in names:
        try:
            columns.append(pq.read_table(io.BytesIO(data), columns=[name]).column(0))
            if len(columns[-1]) != n:
                raise pa.ArrowInvalid(f"{len(columns.pop())} rows of {n}")
        except (OSError, pa.ArrowException) as e:
            print("pyarrow:", name, e)
            if source is not None:
                columns.append(source.column(name))
                continue
            with tempfile.NamedTemporaryFile(suffix=".parquet") as f:
                f.write(data)
                f.flush()
                columns.append(duckdb.sql(f'select "{name}" from \'{f.name}\'').to_arrow_table().column(0))
    return pa.table(columns, names)


# Writers: each gives (name, bytes, source or None).

CODECS = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]
ENCODINGS = {
    "plain": {}, "dict": None,
    "delta": {"INT32": "DELTA_BINARY_PACKED", "INT64": "DELTA_BINARY_PACKED", "BYTE_ARRAY": "DELTA_LENGTH_BYTE_ARRAY", "BOOLEAN": "RLE"},
    "deltabytes": {"BYTE_ARRAY": "DELTA_BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY": "DELTA_BYTE_ARRAY", "BOOLEAN": "PLAIN"},
    "split": {k: "BYTE_STREAM_SPLIT" for k in ("FLOAT", "DOUBLE", "INT32", "INT64", "FIXED_LEN_BYTE_ARRAY")} | {"BOOLEAN": "RLE"},
}
ARROW = [CODECS, ["1.0", "2.0"], list(ENCODINGS), ["small", "large"], ["one", "groups"], [0, 1, 61, 110], [0.0, 0.3, 0.9]]


def arrow(codec, version, encoding, pages, groups, n, nulls, seed):
    t = table(n, nulls, seed)
    options = dict(compression=codec, data_page_version=version, write_page_checksum=seed % 2 == 0,
                   use_dictionary=encoding == "dict", use_byte_stream_split=False,
                   use_deprecated_int96_timestamps=seed % 5 == 0, store_decimal_as_integer=seed % 3 == 0)
    if pages == "small":
        options |= dict(data_page_size=64, write_batch_size=16, dictionary_pagesize_limit=512)
    if groups == "groups":
        options |= dict(row_group_size=37)
    kinds = ENCODINGS[encoding]
    if kinds is not None:
        b = io.BytesIO()
        pq.write_table(t, b, **options)
        schema = pq.ParquetFile(b).schema
        options["column_encoding"] = {schema.column(i).path: kinds.get(schema.column(i).physical_type, "PLAIN")
                                      for i in range(len(schema.names))}
    b = io.BytesIO()
    pq.write_table(t, b, **options)
    return b.getvalue(), t


DUCK = [["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4", "lz4_raw"], ["V1", "V2"], ["small", "large"], [0, 1, 70]]


def duck(codec, version, groups, n, seed):
    if groups == "small" and codec in ("snappy", "zstd"):
        n = 2100  # DuckDB begins a row group at multiples of 2,048 rows
    db = duckdb.connect()
    db.execute(f"select setseed({(seed % 100) / 100})")
    db.execute("create type mood as enum ('sad', 'ok', 'happy')")
    db.execute(f"""create table t as select i::bigint as id, (i % 3 = 0) as bool, (i % 40 < 20) as bool_runs,
        case when i % 7 > 2 then (i * 1000003 % 255 - 128)::tinyint end as i8, (i * 7919 % 65536 - 32768)::smallint as i16,
        case when i % 5 > 0 then (i * 104729 - 50000)::integer end as i32, (i % 200)::utinyint as u8, (i * 31 % 65536)::usmallint as u16,
        (4000000000 + i)::uinteger as u32, (9223372036854775800::ubigint + i::ubigint) as u64,
        (i::hugeint * 170141183460469231) as huge, (i::uhugeint) as uhuge,
        (i / 7)::float as f32, (i / 7)::double as f64, (i::varchar || '.25')::decimal(9,2) as d32, (i::varchar || '.123456')::decimal(18,6) as d64,
        (i::varchar || '123456789012345678901.5')::decimal(38,3) as d128, i::decimal(18,0) as d18,
        case when i % 4 > 0 then 'text ' || (i % 50) end as text, 'unique ' || i as texts, ('\\xFF\\x00' || '\\x' || 'AA')::blob as bytes_raw,
        encode('bytes ' || (i % 9)) as bytes_text, date '2020-01-01' + (i % 9000)::integer as date, time '10:00:00' + to_seconds(i % 9000) as time_us,
        timestamp '1969-12-31 23:00:00' + to_milliseconds(i * 777777) as ts_us, (timestamp '2020-01-01' + to_seconds(i))::timestamp_s as ts_s,
        (timestamp '2020-01-01' + to_milliseconds(i * 13))::timestamp_ms as ts_ms, (timestamp '1969-12-31 23:59:59.9999' + to_microseconds(i * 333))::timestamp_ns as ts_ns,
        (timestamp '2021-06-01' + to_minutes(i))::timestamptz as tz_us,
        ('00000000-0000-4000-8000-' || lpad(i::varchar, 12, '0'))::uuid as uuid, to_months((i % 30)::integer) + to_days((i % 9)::integer) + to_milliseconds(i * 1500 % 80000000) as interval,
        ('{{"n":' || i || '}}')::json as json, (['sad', 'ok', 'happy'])[i % 3 + 1]::mood as enum, null::integer as none,
        case when i % 6 > 0 then range(i % 4) end as l_i64, case when i % 6 > 0 then [[i, null], [], null] end as ll,
        case when i % 5 > 0 then {{'city': 'c' || (i % 3), 'at': case when i % 2 = 0 then {{'lat': i / 2, 'ok': i % 4 = 0}} end}} end as home,
        case when i % 5 > 1 then [{{'sku': 's' || i, 'tags': ['x', null]}}, null] end as l_item,
        case when i % 3 > 0 then map {{'k' || (i % 2): i, 'z': null}} end as m_text, map {{i % 5: 'v', -1: null}} as m_int,
        map {{date '2020-01-01' + (i % 3)::integer: i / 2}} as m_date
        from range({n}) r(i)""")
    with tempfile.TemporaryDirectory() as d:
        file = os.path.join(d, "x.parquet")
        size = ", row_group_size 2048" if groups == "small" else ""
        db.execute(f"copy t to '{file}' (format parquet, codec '{codec}', parquet_version {version}{size})")
        return open(file, "rb").read(), None


POLARS = [["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4"], ["small", "large"], ["one", "groups"], [0, 1, 150], [0.0, 0.3]]


def polars(codec, pages, groups, n, nulls, seed):
    t = table(n, nulls, seed)
    names = [c for c in t.column_names if not any(c.startswith(p) for p in
             ("f16", "d256", "d32", "d64", "m_", "uuid", "fixed", "none_fixed", "duration", "time_ms"))]
    f = pl.from_arrow(t.select(names))
    b = io.BytesIO()
    f.write_parquet(b, compression=codec, data_page_size=200 if pages == "small" else None, row_group_size=40 if groups == "groups" else None)
    return b.getvalue(), None


FAST = [["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4_RAW"], ["hive", "v2"], ["one", "groups"], [1, 150], ["int96", "int64"]]


def fast(codec, version, groups, n, times, seed):
    import fastparquet
    r = random.Random(seed)
    f = pd.DataFrame({
        "bool": pd.array(some(r, n, lambda r: r.random() < 0.5, 0.2), "boolean"), "bool_runs": runs(r, n, [True, False]),
        "i8": np.array(some(r, n, whole(8), 0), "int8"), "i32": pd.array(some(r, n, whole(32), 0.3), "Int32"),
        "i64": np.array(some(r, n, whole(64), 0), "int64"), "u16": np.array(some(r, n, whole(16, False), 0), "uint16"),
        "f32": np.array(some(r, n, floating, 0), "float32"), "f64": some(r, n, floating, 0),
        "text": pd.Series(some(r, n, text, 0.3), dtype=object), "kind": pd.Categorical(some(r, n, lambda r: r.choice(words[:5]), 0.1)),
        "raw": pd.Series([raw(r) for _ in range(n)], dtype=object), "ts": pd.to_datetime(pd.Series(some(r, n, instant, 0))).astype("datetime64[ns]"),
    })
    os.environ["FASTPARQUET_DATAPAGE_V2"] = "1" if version == "v2" else ""
    fastparquet.writer.DATAPAGE_VERSION = 2 if version == "v2" else 1
    with tempfile.TemporaryDirectory() as d:
        file = os.path.join(d, "x.parquet")
        fastparquet.write(file, f, compression=codec, times=times, row_group_offsets=[0, 60, 61] if groups == "groups" and n > 61 else None,
                          object_encoding={"text": "utf8", "raw": "bytes"})
        return open(file, "rb").read(), None


# Of each writer the axes, of which the last few are not multiplied in the full matrix.
WRITERS = {"pyarrow": (arrow, ARROW, 2), "duckdb": (duck, DUCK, 1), "polars": (polars, POLARS, 2), "fastparquet": (fast, FAST, 0)}


def product(axes, free):
    fixed = list(itertools.product(*axes[:len(axes) - free]))
    loose = itertools.cycle(itertools.product(*axes[len(axes) - free:]))
    return [f + next(loose) for f in fixed]


def pairwise(axes, rnd):
    """Choices such that each pair of values of two axes is there (greedy)."""
    left = {(i, a, j, b) for i, j in itertools.combinations(range(len(axes)), 2) for a in axes[i] for b in axes[j]}
    pairs = lambda c: {(i, c[i], j, c[j]) for i, j in itertools.combinations(range(len(axes)), 2)}
    out = []
    while left:
        best = max((tuple(rnd.choice(a) for a in axes) for _ in range(200)), key=lambda c: len(pairs(c) & left))
        if pairs(best) & left:
            out.append(best)
            left -= pairs(best)
    return out


def witness(data, want, name):
    """Compares with what DuckDB reads, column by column; says how many it could."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as f:
        f.write(data)
        f.flush()
        db = duckdb.connect()
        db.execute("set timezone='UTC'")
        seen = 0
        for column in want[0] if want else []:
            # Types that DuckDB turns into others on its way to arrow are left to pyarrow.
            if any(column.startswith(p) for p in ("u64", "d", "time", "uuid", "interval", "huge", "uhuge", "json", "m_", "l_dec", "f16")) or column == "none":
                continue
            try:
                got = db.sql(f'select "{column}" from \'{f.name}\'').to_arrow_table()
            except duckdb.Error:
                continue
            got = wanted(got.column(0), column)
            assert got == [r[column] for r in want], f"{name}: {column} differs in DuckDB"
            seen += 1
        return seen


def main():
    full, out = "--full" in sys.argv, sys.argv[-1]
    rnd, count, seen = random.Random(1), 0, 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        def put(name, b):
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), b, zipfile.ZIP_DEFLATED, 9)
        for writer, (write, axes, free) in WRITERS.items():
            choices = product(axes, free) if full else pairwise(axes, rnd)
            for number, choice in enumerate(choices):
                name = "-".join([writer, *map(str, choice)])
                data, source = write(*choice, seed=number)
                want = rows(read(data, source))
                if source is not None:
                    assert want == rows(source), f"{name}: pyarrow reads other values than were written"
                seen += witness(data, want, name)
                count += 1
                put(name + ".parquet", data)
                put(name + ".ndjson", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in want))
    print(f"{count} files, {os.path.getsize(out)} bytes; {seen} columns also read by DuckDB")


main()
