//go:build unix

package lookup

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// products is a table of rows of about 36 bytes with their keys.
func products(n int) Options {
	return Options{Name: "products", Rows: n, Fill: func(_ context.Context, add func(key, row []byte) error) error {
		for i := range n {
			if err := add(fmt.Appendf(nil, "sSKU-%07d", i), fmt.Appendf(nil, "v%07dv%07dv%07d", i, i, i)); err != nil {
				return err
			}
		}
		return nil
	}}
}

const benchRows = 1_000_000

// blockOfKeys is how many keys who gathers a column asks for at once.
const blockOfKeys = 256 << 10

// BenchmarkWrite writes a table of a million rows, and tells what it takes in Redis.
func BenchmarkWrite(b *testing.B) {
	c := onShared(b)
	rdb := c.Pool("bench", 1, time.Minute)
	defer rdb.Close()
	for i := range b.N {
		before := used(b, rdb)
		o := products(benchRows)
		o.Name = fmt.Sprint("products", i)
		r := open(b, c, o)
		b.ReportMetric(float64(used(b, rdb)-before)/benchRows, "B/row")
		r.Close()
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// used is the memory that the server uses.
func used(b *testing.B, rdb *redis.Client) int { return int(info(b, rdb, "memory", "used_memory")) }

// serverTime is the time that the server has computed for, in seconds.
func serverTime(b *testing.B, rdb *redis.Client) float64 {
	return info(b, rdb, "cpu", "used_cpu_user") + info(b, rdb, "cpu", "used_cpu_sys")
}

func info(b *testing.B, rdb *redis.Client, section, field string) float64 {
	text, err := rdb.Info(b.Context(), section).Result()
	if err != nil {
		b.Fatal(err)
	}
	_, text, _ = strings.Cut(text, "\n"+field+":")
	text, _, _ = strings.Cut(text, "\r\n")
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkGet asks for a million distinct keys in random order, in blocks: as it is done, and without each of
// the means by which that is fast. What server and client compute for a key is told apart from what it takes, which depends on
// who else computes. Where half of the keys are foreign, the filter keeps them here.
func BenchmarkGet(b *testing.B) {
	for _, c := range []struct {
		name       string
		foreign    int // of a hundred keys
		o          Options
		inPipeline int // keys that are asked for in one round trip, each by a command of its own; 0 for as it is done
		keys       int
	}{
		{name: "all", keys: benchRows, o: Options{CacheBytes: -1}},
		{name: "all/without filter", keys: benchRows, o: Options{CacheBytes: -1, FilterBytes: -1}},
		{name: "half foreign", foreign: 50, keys: benchRows, o: Options{CacheBytes: -1}},
		{name: "half foreign/without filter", foreign: 50, keys: benchRows, o: Options{CacheBytes: -1, FilterBytes: -1}},
		{name: "nine tenths foreign", foreign: 90, keys: benchRows, o: Options{CacheBytes: -1}},
		{name: "nine tenths foreign/without filter", foreign: 90, keys: benchRows, o: Options{CacheBytes: -1, FilterBytes: -1}},
		{name: "cached", keys: benchRows, o: Options{CacheBytes: 256 << 20}},
		{name: "a quarter cached", keys: benchRows, o: Options{CacheBytes: 18 << 20}},
		{name: "a command for each key/512 in a pipeline", keys: 200_000, inPipeline: 512},
		{name: "a command for each key/no pipeline", keys: 20_000, inPipeline: 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			o := products(benchRows)
			o.CacheBytes, o.FilterBytes = c.o.CacheBytes, c.o.FilterBytes
			client := onShared(b)
			r := open(b, client, o)
			random := rand.New(rand.NewPCG(1, 2))
			keys := make([]string, 0, c.keys)
			for _, i := range random.Perm(benchRows)[:c.keys] {
				if random.IntN(100) < c.foreign {
					i += benchRows
				}
				keys = append(keys, fmt.Sprintf("sSKU-%07d", i))
			}
			get := func() {
				for at := 0; at < len(keys); at += blockOfKeys {
					if _, err := r.Get(b.Context(), keys[at:min(len(keys), at+blockOfKeys)]); err != nil {
						b.Fatal(err)
					}
				}
			}
			if c.inPipeline > 0 {
				get = func() { oneByOne(b, r, keys, c.inPipeline) }
			}
			if o.CacheBytes > 0 {
				get()
			}
			rdb := client.Pool("bench", 1, time.Minute)
			defer rdb.Close()
			there, here := serverTime(b, rdb), ownTime()
			b.ResetTimer()
			for range b.N {
				get()
			}
			n := float64(len(keys) * b.N)
			b.ReportMetric((serverTime(b, rdb)-there)*1e9/n, "server-ns/key")
			b.ReportMetric(float64(ownTime()-here)/n, "client-ns/key")
			b.ReportMetric(float64(len(keys)*b.N)/b.Elapsed().Seconds(), "keys/s")
		})
	}
}

// oneByOne asks with an HGET for each key, over one connection.
func oneByOne(b *testing.B, r *Replica, keys []string, inPipeline int) {
	v := r.current()
	for at := 0; at < len(keys); at += inPipeline {
		p := r.wire.rdb.Pipeline()
		for _, key := range keys[at:min(len(keys), at+inPipeline)] {
			p.HGet(b.Context(), r.keys.bucket(v.token, v.bucketOf(hashOf(key))), key)
		}
		if _, err := p.Exec(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
