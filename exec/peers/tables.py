"""Writes tables that the generators in Go do not make:

    tables.py zipf ROWS FILE           a table whose events follow Zipf's law: up to 100,000 of one profile
    tables.py wide ROWS COLUMNS FILE   a table of so many columns, half of them mostly null
    tables.py csv PARQUET FILE         the flat table as CSV
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TYPES = ["view", "click", "search", "cart", "purchase", "login", "checkout", "support"]


def zipf(rows, file):
    r = np.random.default_rng(1)
    lengths = np.minimum(r.zipf(1.8, rows), 100_000)
    n = int(lengths.sum())
    event = pa.StructArray.from_arrays([
        pa.DictionaryArray.from_arrays(pa.array(r.integers(0, len(TYPES), n, dtype=np.int8)), TYPES),
        pa.array(r.integers(0, 50_000, n) / 100),
    ], ["type", "total"])
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    table = pa.table({
        "id": [f"p{i:08d}" for i in range(rows)],
        "points": pa.array(r.integers(0, 5000, rows, dtype=np.int32)),
        "xEvent": pa.ListArray.from_arrays(pa.array(offsets), event),
    })
    pq.write_table(table, file)
    print(f"{rows} profiles, {n} events, {int((lengths == 100_000).sum())} profiles with 100,000")


def wide(rows, columns, file):
    r = np.random.default_rng(2)
    fields = [("id", pa.string())] + [(f"c{i:04d}", [pa.int32(), pa.float64(), pa.string(), pa.bool_()][i % 4]) for i in range(columns - 1)]
    words = pa.array([f"word {i}" for i in range(100)])
    with pq.ParquetWriter(file, pa.schema(fields)) as w:
        for start in range(0, rows, 50_000):
            n = min(50_000, rows - start)
            group = [pa.array([f"p{start + i:08d}" for i in range(n)])]
            for i in range(columns - 1):
                # Half of the columns have a value in one row of two hundred.
                null = r.random(n) > 0.005 if i % 8 >= 4 else None
                k = r.integers(0, 100, n, dtype=np.int32)
                group.append([
                    lambda: pa.array(k, mask=null), lambda: pa.array(k / 8.0, mask=null),
                    lambda: words.take(pa.array(k, mask=null)), lambda: pa.array(k < 50, mask=null),
                ][i % 4]())
            w.write_table(pa.table(group, schema=pa.schema(fields)))


def csv(flat, file):
    import duckdb
    duckdb.execute(f"""copy (select
        id, email, address.state, address.city, address.country, person.gender, person.age, person.lastName, person.lang,
        loyalty.tier, loyalty.points, optInOut.email as optEmail, optInOut.sms as optSms, optInOut.push as optPush,
        churnScore, ltv, signupTs, lastSeenDays, hasApp, isVerified, isEmployee, isMobile
        from '{flat}') to '{file}' (format csv, header)""")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "zipf":
        zipf(int(sys.argv[2]), sys.argv[3])
    elif len(sys.argv) == 5 and sys.argv[1] == "wide":
        wide(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    elif len(sys.argv) == 4 and sys.argv[1] == "csv":
        csv(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
