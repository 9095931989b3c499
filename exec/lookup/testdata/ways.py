"""Compares the ways of a lookup: the counts of DuckDB, and how long they take beside each other.

    python ways.py path/to/segq DIR [profiles [keys]]

needs duckdb and redis-server. It makes DIR/profiles.parquet (5,000,000 profiles with some 16,000,000 events) and
DIR/products.parquet (1,000,000 keys) unless they are there, starts a worker for each way on a Redis server of its own, asks each query
once and then eleven times, and prints for each query the counts, the first time, and the median of the later ones with the ratio to
that of the denormalised way. The queries of the events themselves show what is paid for the lookup.
"""
import json, os, socket, statistics, subprocess, sys, time
import duckdb

segq, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
profiles = int(sys.argv[3]) if len(sys.argv) > 3 else 5_000_000
keys = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
os.makedirs(folder, exist_ok=True)
os.chdir(folder)
if not os.path.exists("profiles.parquet"):
    con = duckdb.connect()
    con.execute("select setseed(0.5)")
    con.execute(f"""copy (select i as _id, (hash(i) % 90)::int as age,
        list_transform(range((hash(i * 7) % 7)::int + (i % 2)::int - (i % 5 = 0)::int), lambda e: {{
            'timestamp': to_timestamp(1767225600 - (hash(i * 31 + e) % 31536000)::bigint),
            'sku': case when hash(i + e * 1000003) % 20 = 0 then null else 'P' || lpad((hash(i * 13 + e) % {keys * 11 // 10})::varchar, 8, '0') end,
            'amount': (hash(i * 17 + e) % 100)::int }}) as xEvent from range({profiles}) t(i)) to 'profiles.parquet' (row_group_size 100000)""")
    con.execute(f"""copy (select 'P' || lpad(i::varchar, 8, '0') as sku, 'c' || (hash(i) % 8)::varchar as category, 'b' || (hash(i * 3) % 20000)::varchar as brand,
        (hash(i * 5) % 100000)::int / 100 as price from range({keys}) t(i)) to 'products.parquet'""")
queries = {
    "events": 'xEvent.exists(amount = 7)',
    "category": 'xEvent.exists(product.category = "c3")',
    "price": 'xEvent.exists(product.price > 900)',
    "brand": 'xEvent[product.brand = "b77"].count() >= 1',
    "three": 'xEvent[product.category = "c1" and product.price < 100 and amount > 50].count() >= 2',
}
having = {
    "events": "count(*) filter (where e.amount = 7) >= 1",
    "category": "count(*) filter (where category = 'c3') >= 1",
    "price": "count(*) filter (where price > 900) >= 1",
    "brand": "count(*) filter (where brand = 'b77') >= 1",
    "three": "count(*) filter (where category = 'c1' and price < 100 and e.amount > 50) >= 2",
}
con = duckdb.connect()
print("events:", con.execute("select sum(len(xEvent)) from 'profiles.parquet'").fetchone()[0])
found = dict(zip(having, con.execute(f"""select {', '.join(f'count(*) filter (where {name})' for name in having)} from (select {', '.join(f'{x} as {name}' for name, x in having.items())}
    from (select _id, unnest(xEvent) as e from 'profiles.parquet') left join 'products.parquet' p on p.sku = e.sku group by _id)""").fetchone()))


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url, space, query):
    """The count, and what the worker took for it without its waiting."""
    out = subprocess.run([segq, "--attach", "--redis", url, "--namespace", space, "-q", "--format", "ndjson", "-c", query], capture_output=True, text=True)
    record = json.loads(out.stdout)
    assert record["status"] == "ok", record
    return record["count"], record


os.environ["SEGQ_NO_CONFIG"] = "1"
at = port()
redis = subprocess.Popen(["redis-server", "--port", str(at), "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)
url = f"redis://127.0.0.1:{at}"
later = {}
try:
    for way in ("denormalised", "broadcast", "redis"):
        began = time.time()
        worker = subprocess.Popen([segq, "--serve", "--redis", url, "--namespace", way, "-q", "--lookup-how", f"product={way}",
                                   "--lookup", "product=products.parquet:xEvent.sku=sku", "profiles.parquet"], stderr=subprocess.DEVNULL)
        try:
            for _ in range(3000):
                if subprocess.run([segq, "status", "--redis", url, "--namespace", way], capture_output=True, text=True).stdout.find("1 alive") >= 0:
                    break
                time.sleep(.1)
            for name, query in queries.items():
                asked = time.time()
                count, _ = ask(url, way, query)
                first = time.time() - asked
                assert found[name] == count, (way, name, count, found[name])
                took = []
                for i in range(11):  # each with a condition of its own, so that no answer is kept
                    got, record = ask(url, way, f"({query}) and not (age = {1000 + i})")
                    assert got == count, (way, name, got, count)
                    took.append(record["elapsed_ms"])
                later[way, name] = statistics.median(took)
                ratio = later[way, name] / later["denormalised", name]
                print(f"{way:13} {name:9} {count:9,}  first {first * 1000:8,.0f} ms  later {later[way, name]:7.1f} ms  {ratio:.2f} x", flush=True)
            print(f"{way}: {time.time() - began:.0f} s in all", flush=True)
        finally:
            worker.terminate()
            worker.wait()
finally:
    redis.terminate()
