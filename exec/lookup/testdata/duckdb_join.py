"""Asks segq and DuckDB the same questions over profiles with lookups, together and one by one.

    python duckdb_join.py path/to/segq [profiles [flags of segq ...]]

needs duckdb and pyarrow. From about 300,000 profiles on, single questions are answered in parts of the file.
"""
import json, os, random, subprocess, sys, tempfile
import duckdb, pyarrow as pa, pyarrow.parquet as pq

segq = os.path.abspath(sys.argv[1])
n = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
flags = sys.argv[3:]
random.seed(n)


def sku():
    return None if random.random() < .1 else "s%d" % random.randrange(400)


def some(chance, make):
    return make() if random.random() < chance else None


def item():
    return dict(SKU=sku(), n=random.randrange(5))


def event(i):
    return dict(timestamp=1767225600000 + i, kind=sku(), items=some(.9, lambda: [item() for _ in range(random.randrange(4))]))


def profile(i):
    return dict(_id="p%d" % i, fav=sku(), shop=some(.95, lambda: random.randrange(20)), ratio=random.randrange(40) / 2,
                home=some(.8, lambda: dict(shop=random.randrange(30), name="n%d" % i)),
                tags=some(.8, lambda: [sku() for _ in range(random.randrange(4))]),
                xEvent=some(.9, lambda: [event(i) for _ in range(random.randrange(4))]))


item_type = pa.struct([("SKU", pa.string()), ("n", pa.int64())])
event_type = pa.struct([("timestamp", pa.timestamp("ms", "UTC")), ("kind", pa.string()), ("items", pa.list_(item_type))])
schema = pa.schema([("_id", pa.string()), ("fav", pa.string()), ("shop", pa.int64()), ("ratio", pa.float64()),
                    ("home", pa.struct([("shop", pa.int64()), ("name", pa.string())])), ("tags", pa.list_(pa.string())),
                    ("xEvent", pa.list_(event_type))])


def product(i):
    return dict(sku="s%d" % i, category=random.choice(["a", "b", "c", None]), price=random.choice([None, i / 4]), rank=i, sold=i % 2 == 0,
                name="name of %d" % i, labels=[random.choice("xyz") for _ in range(random.randrange(3))], maker=dict(no=i % 7))


os.chdir(tempfile.mkdtemp())
pq.write_table(pa.Table.from_pylist([profile(i) for i in range(n)], schema), "prof.parquet", row_group_size=max(n // 20, 1))
pq.write_table(pa.Table.from_pylist([product(i) for i in range(0, 500, 3)]), "prod.parquet", row_group_size=40)
pq.write_table(pa.Table.from_pylist([dict(no=float(i) if i % 4 else i + .5, city="c%d" % (i % 5)) for i in range(25)]), "shop.parquet")

con = duckdb.connect()
con.execute("create table p as select * from 'prof.parquet'")
con.execute("create table prod as select * from 'prod.parquet'")
con.execute("create table shop as select * from 'shop.parquet'")
items = "(select p._id, e, i from (select _id, unnest(xEvent) e from p) p, unnest(e.items) t(i))"
questions = [
('fav_p.category = "a"', "select count(*) from p join prod on fav=sku where category='a'"),
('fav_p.isNull()', "select count(*) from p where fav is null or not exists(select 1 from prod where sku=fav)"),
('fav_p.price > 50', "select count(*) from p join prod on fav=sku where price>50"),
('fav_p.labels.count() = 2', "select count(*) from p join prod on fav=sku where len(labels)=2"),
('fav_p.maker.no = 3', "select count(*) from p join prod on fav=sku where maker.no=3"),
('fav_p.name.like("name of 1%")', "select count(*) from p join prod on fav=sku where name like 'name of 1%'"),
('xEvent.exists(items.exists(prod.category = "b"))', f"select count(distinct _id) from {items} join prod on i.SKU=sku where category='b'"),
('xEvent.exists(items.exists(prod.price > 20 and n > 2))', f"select count(distinct _id) from {items} join prod on i.SKU=sku where price>20 and i.n>2"),
('xEvent.exists(items.exists(prod.sold))', f"select count(distinct _id) from {items} join prod on i.SKU=sku where sold"),
('xEvent.exists(what.rank > 300)', "select count(distinct _id) from (select _id, unnest(xEvent) e from p) join prod on e.kind=sku where rank>300"),
('shop_s.city = "c1"', "select count(*) from p join shop on p.shop=no where city='c1'"),
('ratio_s.city = "c1"', "select count(*) from p join shop on p.ratio=no where city='c1'"),
('home.s.city in ["c1","c2"]', "select count(*) from p join shop on home.shop=no where city in ('c1','c2')"),
('tag_p.exists(category = "a")', "select count(distinct _id) from (select _id, unnest(tags) t from p) join prod on t=sku where category='a'"),
('_id = "p77" or fav_p.category = "c" and home.s.city = "c1"', "select count(*) from p left join prod on fav=sku left join shop on home.shop=no where _id='p77' or category='c' and city='c1'"),
]
lookups = ["fav_p=prod.parquet:fav=sku", "prod=prod.parquet:xEvent.items.SKU=sku", "what=prod.parquet:xEvent.kind=sku",
           "shop_s=shop.parquet:shop=no", "ratio_s=shop.parquet:ratio=no", "s=shop.parquet:home.shop=no", "tag_p=prod.parquet:tags=sku"]


def ask(queries):
    command = [segq, "prof.parquet", "--no-config", "--format", "json"] + flags
    for l in lookups:
        command += ["--lookup", l]
    for q in queries:
        command += ["-c", q]
    return [a.get("count", a) for a in json.loads(subprocess.run(command, capture_output=True, text=True).stdout)]


truth = [con.execute(sql).fetchone()[0] for _, sql in questions]
together = ask([q for q, _ in questions])
alone = [ask([q])[0] for q, _ in questions]
ways = ["--lookup-how", ",".join(l.split("=")[0] + "=denormalised" for l in lookups)]
flags = flags + ways
denormalised = ask([q for q, _ in questions])
bad = 0
for (q, _), *counts in zip(questions, truth, together, alone, denormalised):
    if len(set(map(str, counts))) > 1:
        bad += 1
        print("DIFFERS", q, "DuckDB, together, alone, denormalised:", *counts)
print(len(questions), "questions over", n, "profiles:", bad, "differ;", truth)
sys.exit(bad > 0)
