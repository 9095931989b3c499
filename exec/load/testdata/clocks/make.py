"""Writes ten o'clock and an hour in several units: python make.py. Needs pyarrow and fastavro."""

import datetime as dt

import fastavro
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

for unit, kind in {"ms": pa.time32("ms"), "us": pa.time64("us")}.items():
    at = pa.array([dt.time(10)], type=kind)
    table = pa.table({"at": at})
    pq.write_table(table, f"{unit}.parquet")
    hours = pa.array([[dt.timedelta(hours=1)]], type=pa.list_(pa.duration(unit)))
    feather.write_feather(table.append_column("took", hours), f"{unit}.feather")
    logical = {"ms": "time-millis", "us": "time-micros"}[unit]
    schema = {"type": "record", "name": "row", "fields": [{"name": "at", "type": {"type": "int" if unit == "ms" else "long", "logicalType": logical}}]}
    with open(f"{unit}.avro", "wb") as out:
        fastavro.writer(out, fastavro.parse_schema(schema), [{"at": dt.time(10)}])

# Two row groups, and a field that is left out.
pq.write_table(pa.table({"n": [1, 2, 3, 4], "m": pa.array([[]] * 4, type=pa.map_(pa.list_(pa.int32()), pa.int32()))}), "groups.parquet", row_group_size=2)
