package lookup

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx/bloom"
)

// rowsInBucket is about how many rows are in a bucket. So few stay a listpack where rows have at most
// 64 bytes, the default of hash-max-listpack-value, which takes a fourth of the memory of a hash table:
// 50 bytes for a row and key of 36, where 64 rows in a bucket take 47, and 128 take 46, but each
// makes a search twice as long.
const rowsInBucket = 32

// version is a table as one writer has written it.
type version struct {
	token   string
	rows    int // with a key
	nulls   int // rows without
	buckets int
	pages   int
	size    bloom.Filter // of filter
	filter  []byte       // nil for none
	lost    bool         // some of it is gone; under the lock of the replica
}

// newVersion is the plan of a version of about so many rows.
func newVersion(token string, rows, filterBytes int) *version {
	v := &version{token: token, buckets: max(1, (rows+rowsInBucket-1)/rowsInBucket)}
	if filterBytes <= 0 || rows <= 0 {
		return v
	}
	// Of b bits for each of n ids, the best filter is wrong at the rate 0.6185^b.
	perRow := min(10, float64(min(filterBytes, bloom.MaxBits/8-8))*8/float64(rows))
	if size, err := bloom.New(rows, math.Pow(0.6185, perRow)); err == nil {
		v.size, v.filter = size, make([]byte, size.Bits/8)
		v.pages = (len(v.filter) + pageSize - 1) / pageSize
	}
	return v
}

// bucketOf is the bucket of a key of this hash: buckets follow in the order of hashes.
func (v *version) bucketOf(hash uint64) int {
	hi, _ := bits.Mul64(hash, uint64(v.buckets))
	return int(hi)
}

// add takes a key into the filter.
func (v *version) add(key []byte) {
	if v.filter != nil {
		v.size.Positions(string(key), func(i uint64) { v.filter[i>>3] |= 1 << (i & 7) })
	}
}

// may says whether a key may be in the table.
func (v *version) may(key string) bool {
	if v.filter == nil {
		return true
	}
	in := byte(1)
	v.size.Positions(key, func(i uint64) { in &= v.filter[i>>3] >> (i & 7) })
	return in == 1
}

// hashOf spreads keys: FNV-1a, and the last steps of MurmurHash3, without which its high bits
// differ little for short keys. It is the same everywhere.
func hashOf[T string | []byte](key T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// fields are what is told of a version to those who read it.
func (v *version) fields() []any {
	return []any{"rows", v.rows, "nulls", v.nulls, "buckets", v.buckets, "pages", v.pages, "bits", v.size.Bits, "hashes", v.size.Hashes}
}

// find returns the version that is there, with its time renewed, or nil for none, or for the one that is known
// to be broken, or that turns out to be.
func (r *Replica) find(ctx context.Context, broken string) (*version, error) {
	told, err := try(ctx, r.wire, func(rdb *redis.Client) (map[string]string, error) {
		return rdb.HGetAll(ctx, r.keys.meta()).Result()
	})
	if err != nil || told["version"] == "" || told["version"] == broken {
		return nil, err
	}
	v := &version{token: told["version"]}
	var bad error
	number := func(name string) int {
		n, err := strconv.Atoi(told[name])
		bad = errors.Join(bad, err)
		return n
	}
	v.rows, v.nulls = number("rows"), number("nulls")
	v.buckets, v.pages = number("buckets"), number("pages")
	v.size = bloom.Filter{Bits: uint64(number("bits")), Hashes: number("hashes")}
	if bad != nil || v.buckets < 1 {
		return nil, nil // it is not ours: it is written again
	}
	if r.options.FilterBytes > 0 {
		if err := r.readFilter(ctx, v); err != nil {
			return nil, err
		}
	}
	if whole, err := r.renew(ctx, v); err != nil || whole {
		return v, err
	}
	return r.ensure(ctx, v.token)
}
