package redisx

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx/bloom"
)

// TestBloomFilter: no member is missed, and of others about as many are taken for
// members as was asked for.
func TestBloomFilter(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const members, others, rate = 20_000, 100_000, 0.01
		s := publish(t, attempt(t, c, "j", time.Minute), SegmentOptions{Kind: "bloom", Name: "gold", Rate: rate}, named("p", members))
		// By hand: 20,000 · 9.585 bits, and 9.585 · ln 2 hashes.
		if s.Bits != 191_704 || s.Hashes != 7 {
			t.Errorf("%d bits, %d hashes", s.Bits, s.Hashes)
		}
		ask := func(ids []string) (n int) {
			got, err := c.Member(t.Context(), "a", "gold", ids...)
			if err != nil || len(got) != len(ids) {
				t.Fatal(len(got), err)
			}
			for _, in := range got {
				if in {
					n++
				}
			}
			return n
		}
		known, foreign := members, others
		if c.embedded {
			known, foreign = members/10, others/10 // its Lua is slow
		}
		if n := ask(named("p", members)[members-known:]); n != known {
			t.Errorf("%d of %d members are missed", known-n, known)
		}
		wrong := float64(ask(named("q", foreign))) / float64(foreign)
		t.Logf("asked for a rate of %g, measured %g over %d", rate, wrong, foreign)
		if wrong > 1.5*rate || wrong < rate/3 {
			t.Errorf("the rate is %g, not about %g", wrong, rate)
		}
	})
}

// TestBloomWithoutAScript asks as the manual tells clients to: with the SHA-1 that any
// language has, and GETBIT.
func TestBloomWithoutAScript(t *testing.T) {
	t.Parallel()
	// From the manual; the SHA-1 of "alice" is 522b276a356bdf39013dfabea2cd43e141ecc9e8, as
	// sha1sum says.
	const h1, h2, bits = 0x522b276a356b, 0xdf39013dfabe, 9592
	var got []uint64
	bloom.Filter{Bits: bits, Hashes: 7}.Positions("alice", func(i uint64) { got = append(got, i) })
	for i := range uint64(7) {
		if want := uint64(math.Mod(float64(h1+i*h2), bits)); got[i] != want {
			t.Errorf("position %d is %d, in doubles %d", i, got[i], want)
		}
	}
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if says := strings.ReplaceAll(strings.Trim(fmt.Sprint(got), "[]"), " ", ", "); !strings.Contains(string(manual), "positions are "+says+".") {
		t.Errorf("the manual has other positions than %s", says)
	}
	onEach(t, func(t *testing.T, c *Client) {
		s := publish(t, attempt(t, c, "j", time.Minute), SegmentOptions{Kind: "bloom", Name: "gold", Rate: 0.01}, append(named("p", 999), "alice"))
		if s.Bits != 9592 || s.Hashes != 7 {
			t.Fatalf("%d bits, %d hashes: the manual has others", s.Bits, s.Hashes)
		}
		p := c.control.TxPipeline()
		version := p.HGet(t.Context(), c.keys.segment("a", "gold"), "version")
		var asked []*redis.IntCmd
		for _, i := range got {
			asked = append(asked, p.GetBit(t.Context(), c.keys.segment("a", "gold")+":"+s.Version, int64(i)))
		}
		if _, err := p.Exec(t.Context()); err != nil || version.Val() != s.Version {
			t.Fatal(version.Val(), err)
		}
		for i, bit := range asked {
			if bit.Val() != 1 {
				t.Errorf("bit %d of alice is 0", i)
			}
		}
	})
}

// TestPositionsInLua: the script finds the positions that Go finds, at all sizes.
func TestPositionsInLua(t *testing.T) {
	t.Parallel()
	lua := redis.NewScript(`local sum = redis.sha1hex(ARGV[1])
local h1, h2 = tonumber(string.sub(sum, 1, 12), 16), tonumber(string.sub(sum, 13, 24), 16)
local out = {}
for i = 0, tonumber(ARGV[3]) - 1 do out[i + 1] = string.format('%.0f', (h1 + i * h2) % tonumber(ARGV[2])) end
return out`)
	onEach(t, func(t *testing.T, c *Client) {
		random := rand.New(rand.NewPCG(1, 2))
		for i := range 300 {
			b := bloom.Filter{Bits: 64 + random.Uint64N(bloom.MaxBits-63), Hashes: 1 + random.IntN(bloom.MaxHashes)}
			if i%3 == 0 {
				b.Bits = 8 * (8 + random.Uint64N(1000))
			}
			id := fmt.Sprint(random.Uint64())
			got, err := lua.Run(t.Context(), c.control, []string{"x"}, id, b.Bits, b.Hashes).StringSlice()
			if err != nil {
				t.Fatal(err)
			}
			k := 0
			b.Positions(id, func(at uint64) {
				if fmt.Sprint(at) != got[k] {
					t.Errorf("%s in %+v: position %d is %d, in Lua %s", id, b, k, at, got[k])
				}
				k++
			})
		}
	})
}
