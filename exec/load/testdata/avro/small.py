"""Writes types.avro, which exec/load/README.md shows: python small.py. Needs fastavro."""

import datetime as dt
import decimal
import os

import fastavro

schema = {"type": "record", "name": "profile", "fields": [
    {"name": "_id", "type": "string"},
    {"name": "tier", "type": {"type": "enum", "name": "tier", "symbols": ["none", "gold"]}},
    {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}]},
    {"name": "seen", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
    {"name": "code", "type": ["int", "string"]},
    {"name": "visits", "type": {"type": "map", "values": "int"}},
    {"name": "friend", "type": ["null", "profile"]},
]}
rows = [
    {"_id": "a1", "tier": "gold", "price": decimal.Decimal("19.99"), "seen": dt.datetime(2026, 1, 3, 12, tzinfo=dt.timezone.utc), "code": 7, "visits": {"2025": 1}, "friend": None},
    {"_id": "a2", "tier": "none", "price": None, "seen": None, "code": "b", "visits": {}, "friend": None},
]
rows[1]["friend"] = rows[0]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "types.avro"), "wb") as f:
    fastavro.writer(f, schema, rows, codec="deflate")
