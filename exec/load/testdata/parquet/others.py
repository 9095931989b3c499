"""Writes the rows of the files below others/ as NDJSON: DuckDB reads them, and pyarrow has to read the
same from all but boolean-dictionary.parquet, which it refuses."""
import glob
import json
import os

import duckdb
import pyarrow.parquet as pq


def plain(v):
    if isinstance(v, (bytes, bytearray)):
        return v.decode()
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v


for name in sorted(glob.glob(os.path.join(os.path.dirname(__file__), "others", "*.parquet"))):
    table = duckdb.sql(f"select * from '{name}'")
    rows = [dict(zip(table.columns, map(plain, row))) for row in table.fetchall()]
    if "boolean-dictionary" not in name:
        theirs = [plain(r) for r in pq.read_table(name).to_pylist()]
        assert rows == theirs, name
    with open(name.removesuffix(".parquet") + ".ndjson", "w") as f:
        for r in rows:
            f.write(json.dumps(r, ensure_ascii=False) + "\n")
