"""Writes the same times in every format, and in want.ndjson what they are read as: python make.py.
Needs pyarrow and fastavro."""

import csv
import datetime as dt
import json

import fastavro
import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = dt.datetime(1970, 1, 1)
BERLIN = dt.timezone(dt.timedelta(hours=2))
# Microseconds since 1970: also just before and after a whole millisecond, and before 1970.
MICROS = [0, 1_767_434_400_123_999, -1, -1_000, -1_001, -86_400_000_000, -2_208_988_800_000_001, 253_402_300_799_999_999]


def iso(micros):
    """The instant rounded down to milliseconds."""
    t = EPOCH + dt.timedelta(milliseconds=micros // 1000)
    return t.strftime("%Y-%m-%dT%H:%M:%S") + (".%03d" % (t.microsecond // 1000)).rstrip("0").rstrip(".") + "Z"


rows, want = [], []
for m in MICROS:
    local = EPOCH + dt.timedelta(microseconds=m)
    zoned = (local + dt.timedelta(hours=2)).replace(tzinfo=BERLIN) if m < MICROS[-1] else local.replace(tzinfo=dt.timezone.utc)
    rows.append({"zoned": zoned, "local": local, "day": local.date()})
    want.append({"zoned": iso(m), "local": iso(m), "day": local.strftime("%Y-%m-%dT00:00:00Z")})

texts = [{k: v.isoformat() for k, v in r.items()} for r in rows]
with open("times.ndjson", "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in texts)
with open("times.csv", "w", newline="") as f:
    w = csv.DictWriter(f, ["zoned", "local", "day"])
    w.writeheader()
    w.writerows(texts)
utc = [r["zoned"].astimezone(dt.timezone.utc) for r in rows]
table = pa.table({"zoned": pa.array(utc, pa.timestamp("us", "Europe/Berlin")), "local": pa.array([r["local"] for r in rows], pa.timestamp("us")),
                  "day": pa.array([r["day"] for r in rows], pa.date32())})
pq.write_table(table, "times.parquet")
with pa.ipc.new_file("times.arrow", table.schema) as w:
    w.write_table(table)
schema = {"type": "record", "name": "times", "fields": [
    {"name": "zoned", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}}, {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}
with open("times.avro", "wb") as f:
    fastavro.writer(f, schema, [{"zoned": m, "local": m, "day": r["day"]} for m, r in zip(MICROS, rows)])
with open("want.ndjson", "w") as f:
    f.writelines(json.dumps(r) + "\n" for r in want)
