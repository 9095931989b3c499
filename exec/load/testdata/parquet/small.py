"""Writes the small files beside it: list.parquet, of which a test flips every bit, so without checksums, and
types.parquet, which the manual shows (exec/load/README.md). Needs pyarrow and duckdb."""

import decimal

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
