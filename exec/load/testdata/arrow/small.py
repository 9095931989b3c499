"""Writes types.arrow and version1.feather, which exec/load/README.md shows: python small.py. Needs pyarrow."""

import datetime as dt
import decimal
import os

import pyarrow as pa
import pyarrow.feather as feather

here = os.path.dirname(os.path.abspath(__file__))
union = pa.UnionArray.from_sparse(pa.array([0, 1, 0], pa.int8()), [pa.array([7, 8, 9]), pa.array(["a", "b", "c"])])
table = pa.table({
    "_id": pa.array(["a1", "a2", "a3"], pa.string_view()),
    "tier": pa.array(["gold", "none", "gold"]).dictionary_encode(),
    "price": pa.array([decimal.Decimal("19.99"), None, decimal.Decimal("0.01")], pa.decimal64(10, 2)),
    "seen": pa.array([dt.datetime(2026, 1, 3, 12), None, dt.datetime(2026, 2, 14)], pa.timestamp("ns", "Europe/Berlin")),
    "opens": pa.array([dt.time(9), dt.time(8, 30), None], pa.time32("s")),
    "code": union,
    "span": pa.array([(1, 2, 3_500_000_000), None, (0, -1, 0)], pa.month_day_nano_interval()),
    "tags": pa.array([["x"], [], None], pa.list_view(pa.string())),
    "odd": pa.array([b"\x01\xff", b"ok", None]),
})
with pa.ipc.new_file(os.path.join(here, "types.arrow"), table.schema) as w:
    w.write_table(table)
feather.write_feather(table.select(["tier"]), os.path.join(here, "version1.feather"), version=1)  # deprecated, but still there
