"""Compares the ways of a lookup: the counts of DuckDB, and how long they take beside each other.

    python ways.py path/to/segq DIR [profiles [keys [rounds]]]

needs duckdb and redis-server. It makes DIR/profiles.parquet (5,000,000 profiles with some 16,000,000 events) and
DIR/products.parquet (1,000,000 keys) unless they are there, and starts a worker for each way on a Redis server of its own. Each is asked
each query once and then eleven times, while it still loads what nobody has asked for. Once all workers are idle, the ways are asked in
turn, round after round: the ratios are those of one round. The queries of the events themselves show what is paid for the lookup.
"""
import contextlib, json, os, socket, statistics, subprocess, sys, time
import duckdb

segq, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
profiles = int(sys.argv[3]) if len(sys.argv) > 3 else 5_000_000
keys = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 21
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
ways = ("denormalised", "broadcast", "redis")
at = port()
redis = subprocess.Popen(["redis-server", "--port", str(at), "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)
url = f"redis://127.0.0.1:{at}"
workers = []
asked = 0


def later(way, name):
    """What a query takes with a condition of its own, so that no answer is kept."""
    global asked
    asked += 1
    got, record = ask(url, way, f"({queries[name]}) and not (age = {1000 + asked})")
    assert got == found[name], (way, name, got, found[name])
    return record["elapsed_ms"]


def processor(pid):
    """Seconds of processor that a process has had."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0])
    return total / 1e9


def idle(pid):
    """Waits until a worker has loaded what it loads while nobody asks."""
    quiet, had = 0, processor(pid)
    while quiet < 6:
        time.sleep(.5)
        now = processor(pid)
        quiet, had = quiet + 1 if now - had < .03 else 0, now


try:
    for way in ways:
        worker = subprocess.Popen([segq, "--serve", "--redis", url, "--namespace", way, "-q", "--lookup-how", f"product={way}",
                                   "--lookup", "product=products.parquet:xEvent.sku=sku", "profiles.parquet"], stderr=subprocess.DEVNULL)
        workers.append(worker)
        for _ in range(3000):
            if subprocess.run([segq, "status", "--redis", url, "--namespace", way], capture_output=True, text=True).stdout.find("1 alive") >= 0:
                break
            time.sleep(.1)
        for name, query in queries.items():
            had, began = processor(worker.pid), time.time()
            count, _ = ask(url, way, query)
            first, used = time.time() - began, processor(worker.pid) - had
            assert found[name] == count, (way, name, count, found[name])
            soon = [later(way, name) for _ in range(11)]
            print(f"{way:13} {name:9} {count:9,}  first {first * 1000:8,.0f} ms (processor {used * 1000:6,.0f})  soon after {statistics.median(soon):7.1f} ms", flush=True)
        idle(worker.pid)
    took = {(way, name): [] for way in ways for name in queries}
    used = {(way, name): [] for way in ways for name in queries}
    pids = {way: worker.pid for way, worker in zip(ways, workers)}
    for turn in range(rounds):  # the ways in turn, so that what else the machine does is the same for all
        for name in queries:
            for way in ways[turn % 3:] + ways[:turn % 3]:
                had = processor(pids[way])
                took[way, name].append(later(way, name))
                used[way, name].append((processor(pids[way]) - had) * 1000)
    print(f"load {os.getloadavg()[0]:.1f}; medians of {rounds} rounds, with the ratio to denormalised: of time, and of processor time")
    for way in ways:
        for name in queries:
            ms, cpu = (statistics.median(x[way, name]) for x in (took, used))
            own, other = (statistics.median(a / b for a, b in zip(x[way, name], x["denormalised", name])) for x in (took, used))
            print(f"{way:13} {name:9} later {ms:7.1f} ms  {own:.2f} x   processor {cpu:7.1f} ms  {other:.2f} x", flush=True)
finally:
    for worker in workers:
        worker.terminate()
        worker.wait()
    redis.terminate()
