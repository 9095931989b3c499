package main

// offKernel asks, one at a time, what segq's kernels do not cover. Each side has
// the form that was fastest there.
func offKernel() []work {
	var out []work
	for _, s := range offKernelStatements {
		out = append(out, work{name: s.name, statements: []statement{s}, best: true})
	}
	return out
}

var offKernelStatements = []statement{
	{
		name:       "arithmetic between columns",
		pql:        `loyalty.points * 2 + person.age * 10 > ltv`,
		clickhouse: `ifNull(points * 2 + age * 10 > ltv, 0)`,
		duckdb:     `points::bigint * 2 + age::int * 10 > ltv`,
	},
	{
		name: "aggregates over filtered events",
		pql:  `xEvent[type = "purchase"].sum(commerce.order.total) > ltv or xEvent[type = "cart"].average(commerce.order.total) > ltv / 2`,
		clickhouse: `arraySum((v, t) -> if(t = 'purchase', ifNull(v, 0), 0), event_total, event_type) > ltv
			or arrayAvg(arrayMap(v -> assumeNotNull(v), arrayFilter((v, t) -> t = 'cart' and isNotNull(v), event_total, event_type))) > ltv / 2`,
		duckdb: `list_sum(list_transform(list_filter(events, lambda e: e.type = 'purchase'), lambda e: e.total)) > ltv
			or list_avg(list_transform(list_filter(events, lambda e: e.type = 'cart'), lambda e: e.total)) > ltv / 2`,
		duckdbRows: `id in (select e.profile from event_rows e join p q on q.id = e.profile group by e.profile, q.ltv
			having sum(e.total) filter (e.type = 'purchase') > q.ltv or avg(e.total) filter (e.type = 'cart') > q.ltv / 2)`,
	},
	{
		name: "a chain of three steps",
		pql: `chain(xEvent, timestamp, [A: WHAT(type = "view") WHEN(<= 300 days before now), B: WHAT(type = "cart") WHEN(<= 200 days before now),
			C: WHAT(type = "purchase") WHEN(<= 100 days before now)])`,
		clickhouse: `(arrayFirstIndex((t, s) -> t = 'view' and s >= subtractDays(` + clickhouseNow + `, 300), event_type, event_ts) as a) > 0
			and (arrayFirstIndex((t, s, i) -> i > a and t = 'cart' and s >= subtractDays(` + clickhouseNow + `, 200), event_type, event_ts, arrayEnumerate(event_type)) as b) > 0
			and arrayExists((t, s, i) -> i > b and t = 'purchase' and s >= subtractDays(` + clickhouseNow + `, 100), event_type, event_ts, arrayEnumerate(event_type))`,
		duckdbRows: `id in (
			with a as (select profile, min(ts) as ts from event_rows where type = 'view' and ts >= ` + duckdbNow + ` - interval 300 day group by profile),
			b as (select profile, min(e.ts) as ts from a join event_rows e using (profile)
				where e.type = 'cart' and e.ts > a.ts and e.ts >= ` + duckdbNow + ` - interval 200 day group by profile)
			select profile from b join event_rows e using (profile) where e.type = 'purchase' and e.ts > b.ts and e.ts >= ` + duckdbNow + ` - interval 100 day)`,
	},
	{
		name:       "a condition on every event",
		pql:        `forall E from xEvent : E.type != "purchase" or E.commerce.order.total > 20`,
		clickhouse: `arrayAll((t, v) -> t != 'purchase' or ifNull(v > 20, 0), event_type, event_total)`,
		duckdb:     `len(list_filter(events, lambda e: e.type = 'purchase' and not coalesce(e.total > 20, false))) = 0`,
		duckdbRows: `id not in (select profile from event_rows where type = 'purchase' and not coalesce(total > 20, false))`,
	},
	{
		name:       "a count in a list in a list",
		pql:        `xEvent[items[price > 50].count() >= 2].count() >= 2`,
		clickhouse: `arrayCount(p -> arrayCount(x -> x > 50, p) >= 2, event_price) >= 2`,
		duckdb:     `len(list_filter(events, lambda e: len(list_filter(e.price, lambda x: x > 50)) >= 2)) >= 2`,
		duckdbRows: `id in (select profile from event_rows where len(list_filter(price, lambda x: x > 50)) >= 2 group by profile having count(*) >= 2)`,
	},
	{
		name:       "a count of different values",
		pql:        `xEvent.productId.distinct().count() >= 8`,
		clickhouse: `length(arrayDistinct(event_product)) >= 8`,
		duckdb:     `list_unique(list_transform(events, lambda e: e.product)) >= 8`,
		duckdbRows: `id in (select profile from event_rows group by profile having count(distinct product) >= 8)`,
	},
	{
		name:       "a regular expression over texts that are all different",
		pql:        `email matches "^u[0-9]*7@ex1[0-9]\\.com$"`,
		clickhouse: `match(email, '^u[0-9]*7@ex1[0-9]\\.com$')`,
		duckdb:     `regexp_matches(email, '^u[0-9]*7@ex1[0-9]\.com$')`,
	},
	{
		name:       "parts of dates",
		pql:        `signupTs.getMonth() = 12 and signupTs.getDayOfMonth() <= 7`,
		clickhouse: `toMonth(signupTs) = 12 and toDayOfMonth(signupTs) <= 7`,
		duckdb:     `month(signupTs) = 12 and day(signupTs) <= 7`,
	},
	{
		name:       "groups",
		pql:        `xEvent.groupBy(productId).values().exists(this.count() >= 3)`,
		clickhouse: `arrayExists(n -> n >= 3, arrayEnumerateUniq(arrayFilter(x -> isNotNull(x), event_product)))`,
		duckdb:     `list_max(map_values(list_histogram(list_transform(events, lambda e: e.product)))) >= 3`,
		duckdbRows: `id in (select profile from event_rows where product is not null group by profile, product having count(*) >= 3)`,
	},
	{
		name:       "the largest few",
		pql:        `xEvent.topN(commerce.order.total, 3).sum(commerce.order.total) > 500.005`,
		clickhouse: `arraySum(arraySlice(arrayReverseSort(arrayMap(v -> assumeNotNull(v), arrayFilter(v -> isNotNull(v), event_total))), 1, 3)) > 500.005`,
		duckdb:     `list_sum(list_reverse_sort(list_filter(list_transform(events, lambda e: e.total), lambda v: v is not null))[1:3]) > 500.005`,
		duckdbRows: `id in (select profile from event_rows where total is not null group by profile having list_sum(max(total, 3)) > 500.005)`,
	},
	{
		name:       "a set",
		pql:        `interests.intersection(["golf", "chess", "wine", "travel"]).count() >= 2`,
		clickhouse: `length(arrayIntersect(interests, ['golf', 'chess', 'wine', 'travel'])) >= 2`,
		duckdb:     `len(list_intersect(interests, ['golf', 'chess', 'wine', 'travel'])) >= 2`,
	},
	{
		name:       "an event against its profile",
		pql:        `xEvent.exists(commerce.order.total > ^.ltv / 2)`,
		clickhouse: `arrayExists(v -> ifNull(v > ltv / 2, 0), event_total)`,
		duckdb:     `len(list_filter(events, lambda e: e.total > ltv / 2)) > 0`,
		duckdbRows: `id in (select e.profile from event_rows e join p q on q.id = e.profile where e.total > q.ltv / 2)`,
	},
}

const (
	clickhouseNow = "toDateTime64('2026-11-01 12:00:00', 3, 'UTC')"
	duckdbNow     = "timestamp '2026-11-01 12:00:00'"
)
