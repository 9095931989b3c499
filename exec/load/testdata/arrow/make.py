"""Writes Arrow files with the values that they hold.

    python make.py OUT.zip

For each NAME.arrow there is a NAME.ndjson: the rows as segq should read them, made from what pyarrow reads by the rules of
exec/load/README.md (wanted in ../parquet/matrix.py). Needs pyarrow, pandas, polars, duckdb and fastparquet.
"""

import datetime as dt
import io
import json
import os
import random
import sys
import types
import zipfile

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as feather

m = types.ModuleType("matrix")  # its types and values, without what writes files
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "parquet", "matrix.py")) as source:
    exec(source.read().split("# Writers:")[0], m.__dict__)

listing = m.listing


def mdn(r):
    return pa.MonthDayNano([r.randint(-30, 30), r.randint(-40, 40), r.choice([0, 500_000_000, -1, r.randint(-10**15, 10**15)])])


# Types that Parquet has not, with what they are read as.
MORE = {
    "large_list": (pa.large_list(pa.int64()), listing(m.whole(64)), pa.list_(pa.int64())),
    "list_view": (pa.list_view(pa.string()), listing(m.text), pa.list_(pa.string())),
    "large_list_view": (pa.large_list_view(pa.float64()), listing(m.floating), pa.list_(pa.float64())),
    "fixed_list": (pa.list_(pa.int32(), 3), lambda r: [r.choice([None, 1, 2]) for _ in range(3)], pa.list_(pa.int32())),
    "text_view": (pa.string_view(), m.text, pa.string()),
    "bytes_view": (pa.binary_view(), m.raw, pa.binary()),
    "large_bytes": (pa.large_binary(), m.raw, pa.binary()),
    "date64": (pa.date64(), m.day, pa.date32()),
    "time_s": (pa.time32("s"), lambda r: dt.time(r.randrange(24), 1, r.randrange(60)), pa.time32("s")),
    "time_ns": (pa.time64("ns"), lambda r: dt.time(r.randrange(24), 1, r.randrange(60), 5), pa.time64("ns")),
    "duration_ns": (pa.duration("ns"), lambda r: dt.timedelta(microseconds=r.randint(-10**9, 10**9)), pa.duration("ns")),
    "tz_s": (pa.timestamp("s", "America/New_York"), lambda r: m.instant(r).replace(microsecond=0, tzinfo=dt.timezone.utc), pa.timestamp("s")),
    "dict_text": (pa.dictionary(pa.int8(), pa.string()), lambda r: r.choice(["red", "green", "blue"]), pa.string()),
    "dict_wide": (pa.dictionary(pa.uint32(), pa.large_string()), m.text, pa.string()),
    "dict_int": (pa.dictionary(pa.int64(), pa.int32()), m.whole(8), pa.int32()),
    "dict_date": (pa.dictionary(pa.int16(), pa.date32()), m.day, pa.date32()),
    "l_dict": (pa.list_(pa.dictionary(pa.int32(), pa.string())), listing(lambda r: r.choice("abc")), pa.list_(pa.string())),
    "runs_text": (pa.run_end_encoded(pa.int32(), pa.string()), lambda r: r.choice("aab"), pa.string()),
    "runs_int": (pa.run_end_encoded(pa.int16(), pa.int64()), lambda r: r.choice([1, 1, 2**40]), pa.int64()),
    "l_view": (pa.list_(pa.string_view()), listing(m.text), pa.list_(pa.string())),
    "view_of_structs": (pa.list_view(pa.struct([("a", pa.int64()), ("b", pa.string())])),
                        listing(m.struct(a=m.whole(8), b=m.text)), pa.list_(pa.struct([("a", pa.int64()), ("b", pa.string())]))),
    "bool8": (pa.bool8(), lambda r: r.random() < 0.5, pa.bool_()),
    "json_text": (pa.json_(), lambda r: json.dumps({"a": r.randint(0, 9)}), pa.string()),
    "m_large": (pa.map_(pa.large_string(), pa.large_list(pa.int32())), m.entries(m.text, listing(m.whole(8))), pa.map_(pa.string(), pa.list_(pa.int32()))),
    "m_view": (pa.map_(pa.string_view(), pa.int64()), m.entries(m.text, m.whole(8)), pa.map_(pa.string(), pa.int64())),
    "m_dict": (pa.map_(pa.dictionary(pa.int32(), pa.string()), pa.int64()), m.entries(lambda r: r.choice("abcdef"), m.whole(8)), pa.map_(pa.string(), pa.int64())),
}


def array(values, kind):
    if isinstance(kind, pa.BaseExtensionType):
        if kind == pa.bool8():
            values = [None if v is None else int(v) for v in values]
        return kind.wrap_array(pa.array(values, kind.storage_type))
    if pa.types.is_run_end_encoded(kind):
        return pc.run_end_encode(pa.array(values, kind.value_type), kind.run_end_type)
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, kind)


def interval(v):
    if v is None:
        return None
    s = "P" + (f"{v.months}M" if v.months else "") + (f"{v.days}D" if v.days else "")
    if v.nanoseconds or not v.months and not v.days:
        sign, n = ("-", -v.nanoseconds) if v.nanoseconds < 0 else ("", v.nanoseconds)
        s += "T" + sign + (f"{n // 10**9}.{n % 10**9:09d}").rstrip("0").rstrip(".") + "S"
    return s


def unions(rnd, rows):
    """Unions of single values, sparse and dense, and what they are read as: several types are texts."""
    kinds = [rnd.randrange(3) for _ in range(rows)]
    ints, texts, nothing = [rnd.randint(-9, 9) for _ in kinds], [rnd.choice(["a", "b", None]) for _ in kinds], [None] * rows
    sparse = pa.UnionArray.from_sparse(pa.array(kinds, pa.int8()), [pa.array(ints, pa.int64()), pa.array(texts), pa.array(nothing, pa.null())])
    offsets, used = [], [0, 0, 0]
    for k in kinds:
        offsets.append(used[k])
        used[k] += 1
    values = [[v for v, k in zip(column, kinds) if k == i] for i, column in enumerate([ints, texts, nothing])]
    dense = pa.UnionArray.from_dense(pa.array(kinds, pa.int8()), pa.array(offsets, pa.int32()),
                                     [pa.array(values[0], pa.int64()), pa.array(values[1], pa.string()), pa.array(values[2], pa.null())],
                                     ["i", "s", "n"])
    want = [i if k == 0 else t if k == 1 else None for k, i, t in zip(kinds, ints, texts)]
    if any(isinstance(v, str) for v in want):
        want = [str(v) if isinstance(v, int) else v for v in want]
    numbers = pa.UnionArray.from_sparse(pa.array([k % 2 for k in kinds], pa.int8()), [pa.array(ints, pa.int8()), pa.array([v + 0.5 for v in ints])])
    return {"sparse": (sparse, want), "dense": (dense, want),
            "numbers": (numbers, [float(i) if k % 2 == 0 else i + 0.5 for k, i in zip(kinds, ints)])}


def table(n, nulls, seed):
    """The columns, and what they are read as."""
    rnd = random.Random(seed)
    plain = m.table(n, nulls, seed)
    columns = {c: plain.column(c) for c in plain.column_names}
    want = {c: m.wanted(plain.column(c), c) for c in plain.column_names}
    for name, (kind, make, read) in MORE.items():
        values = m.some(rnd, n, make, nulls)
        columns[name], want[name] = array(values, kind), m.wanted(pa.array(values, read), name)
    values = m.some(rnd, n, mdn, nulls)
    columns["interval"], want["interval"] = pa.array(values, pa.month_day_nano_interval()), [interval(v) for v in values]
    for name, (column, read) in unions(rnd, n).items():
        columns[name], want[name] = column, read
    return pa.table(columns), [{c: v[i] for c, v in want.items()} for i in range(n)]


def written(t, kind, **options):
    b = io.BytesIO()
    new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
    size = options.pop("size", None)
    with new(b, t.schema, options=pa.ipc.IpcWriteOptions(**options)) as w:
        w.write_table(t, max_chunksize=size)
    return b.getvalue()


def main(out):
    files = {}
    for seed, (kind, codec, n, nulls, size) in enumerate([
            ("file", None, 23, 0.3, None), ("stream", None, 23, 0.3, 7), ("file", "lz4", 70, 0.9, 40), ("stream", "zstd", 23, 0.1, None),
            ("file", "zstd", 1, 0.0, None), ("stream", "lz4", 0, 0.3, None), ("file", None, 0, 0.3, None), ("stream", None, 16, 0.0, 16)]):
        t, rows = table(n, nulls, seed)
        options = {"size": size} if size else {}
        files[f"pyarrow-{kind}-{codec or 'plain'}-{n}-{nulls}"] = written(t, kind, compression=codec, **options), rows
    t, rows = table(23, 0.3, 20)
    plain = t.select([c for c in t.column_names if c not in ("sparse", "dense", "numbers")])
    old = pa.ipc.MetadataVersion.V4
    files["pyarrow-file-v4"] = written(plain, "file", metadata_version=old), [{k: v for k, v in r.items() if k in plain.column_names} for r in rows]
    files["pyarrow-stream-legacy"] = written(plain, "stream", metadata_version=old, use_legacy_format=True), files["pyarrow-file-v4"][1]
    sliced = plain.drop_columns([c for c in plain.column_names if c[:3] in ("d38", "u64")]).slice(9, 11)
    files["pyarrow-sliced"] = written(sliced, "stream"), [
        {k: v for k, v in r.items() if k in sliced.column_names} for r in files["pyarrow-file-v4"][1][9:20]]
    files |= dictionaries() | others()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, (data, rows) in files.items():
            add(z, name + ".arrow", data)
            add(z, name + ".ndjson", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode())
    print(len(files), "files")


def add(z, name, data):
    z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)


def dictionaries():
    """Streams whose dictionaries grow or are replaced, and files in which they grow."""
    out = {}
    for name, kind, options in [("replaced", "stream", {}), ("grown", "stream", {"emit_dictionary_deltas": True}),
                                ("grown-file", "file", {"emit_dictionary_deltas": True})]:
        words = [["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]] if name != "replaced" else [["a", "b"], ["x", "y", "z"], ["b"]]
        rows, batches = [], []
        for w in words:
            values = [w[i % len(w)] if i % 5 else None for i in range(12)]
            index = pa.array([None if v is None else w.index(v) for v in values], pa.int8())
            column = pa.DictionaryArray.from_arrays(index, pa.array(w))
            lists = pa.ListArray.from_arrays(pa.array(range(0, 13), pa.int32()), column)
            batches.append(pa.record_batch({"word": column, "n": pa.array(range(12)), "words": lists}))
            rows += [{"word": v, "n": i, "words": [v]} for i, v in enumerate(values)]
        b = io.BytesIO()
        new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
        with new(b, batches[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as w:
            for batch in batches:
                w.write_batch(batch)
        out["dictionary-" + name] = b.getvalue(), rows
    # A dictionary of lists of words of another dictionary.
    inner = pa.array(["p", "q", "p", None, "r"]).dictionary_encode()
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 2, 5], pa.int32()), inner)
    nested = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 2, None], pa.int32()), lists)
    rows = [{"d": v} for v in [["p", "q"], [], ["p", None, "r"], ["p", None, "r"], None]]
    for kind in ("stream", "file"):
        out["dictionary-nested-" + kind] = written(pa.table({"d": nested}), kind), rows
    return out


def others():
    """Files of Polars and pandas."""
    rnd = random.Random(5)
    n = 50
    frame = pl.DataFrame({
        "text": [rnd.choice(m.words) for _ in range(n)], "cat": pl.Series([rnd.choice(["x", "y", None]) for _ in range(n)], dtype=pl.Categorical),
        "enum": pl.Series([rnd.choice(["low", "high"]) for _ in range(n)], dtype=pl.Enum(["low", "mid", "high"])),
        "i": [rnd.randint(-9, 9) for _ in range(n)], "u8": pl.Series([rnd.randint(0, 255) for _ in range(n)], dtype=pl.UInt8),
        "at": [dt.datetime(2020, 1, 1) + dt.timedelta(milliseconds=rnd.randint(0, 10**11)) for _ in range(n)],
        "day": [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in range(n)],
        "lists": [[rnd.choice(m.words) for _ in range(rnd.randrange(4))] for _ in range(n)],
        "fixed": pl.Series([[1, 2]] * n, dtype=pl.Array(pl.Int64, 2)),
        "objects": [[{"a": i, "b": {"c": str(i)}}] * (i % 3) for i in range(n)],
        "dec": pl.Series([None if i % 7 == 0 else i / 4 for i in range(n)], dtype=pl.Decimal(10, 2)),
        "binary": [bytes([i, 255]) for i in range(n)], "big": pl.Series([2**63 - 1 - i for i in range(n)], dtype=pl.Int64),
        "null": [None] * n, "nan": [float("nan") if i % 2 else i / 3 for i in range(n)],
    })
    out = {}
    for name, write in {
        "polars-file": lambda b: frame.write_ipc(b), "polars-file-lz4": lambda b: frame.write_ipc(b, compression="lz4"),
        "polars-file-zstd": lambda b: frame.write_ipc(b, compression="zstd"), "polars-stream": lambda b: frame.write_ipc_stream(b),
        "polars-old": lambda b: frame.write_ipc(b, compat_level=pl.CompatLevel.oldest()),
    }.items():
        b = io.BytesIO()
        write(b)
        data = b.getvalue()
        read = (pa.ipc.open_stream if name == "polars-stream" else pa.ipc.open_file)(io.BytesIO(data)).read_all()
        assert read.num_rows == n
        want = m.rows(pa.table({c: pa.array(read.column(c).to_pylist(), plain(read.schema.field(c).type)) for c in read.column_names}))
        out[name] = data, want
    pandas = pd.DataFrame({"a": [1, 2, None], "b": pd.Categorical(["x", "y", "x"]), "c": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
                           "d": ["p", None, "q"], "e": [True, False, True]})
    b = io.BytesIO()
    pandas.to_feather(b)
    t = feather.read_table(io.BytesIO(b.getvalue()))
    out["pandas-feather"] = b.getvalue(), m.rows(pa.table({c: t.column(c).cast(plain(t.schema.field(c).type)) for c in t.column_names}))
    return out


def plain(t):
    """The type that matrix.py knows for one that it does not."""
    if pa.types.is_string_view(t) or pa.types.is_large_string(t) or pa.types.is_dictionary(t):
        return pa.string()
    if pa.types.is_binary_view(t) or pa.types.is_large_binary(t):
        return pa.binary()
    if pa.types.is_large_list(t) or pa.types.is_fixed_size_list(t) or pa.types.is_list(t):
        return pa.list_(plain(t.value_type))
    if pa.types.is_struct(t):
        return pa.struct([(t.field(i).name, plain(t.field(i).type)) for i in range(t.num_fields)])
    return t


if __name__ == "__main__":
    main(sys.argv[1])
