package redisx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx/scripts"
)

// Kinds are the forms in which the profiles of a segment are published for others:
//
//	set     a SET of their ids
//	bloom   a Bloom filter of their ids, in a STRING
//	hll     a HyperLogLog of their ids: sizes, unions and overlaps, no members
//	bitmap  a STRING with a bit for each profile of the data, in its order
//	stream  a STREAM with an entry for each, whose field id is its id
var Kinds = []string{"set", "bloom", "hll", "bitmap", "stream"}

// Segment is the published form of a segment. A new version takes the place of the old
// at once: no reader sees half of it, or none.
type Segment struct {
	Tenant string `json:"tenant"`
	Name   string `json:"name"`
	// Kind is one of Kinds.
	Kind string `json:"kind"`
	// Version tells one publication from the next.
	Version string `json:"version"`
	// Count is how many profiles it has.
	Count int `json:"count"`
	// Snapshot is the fingerprint of the data.
	Snapshot string `json:"snapshot"`
	// Bits and Hashes are the parameters of a Bloom filter; Bits is also the size of a
	// bitmap, one for each profile.
	Bits   uint64 `json:"bits,omitempty"`
	Hashes int    `json:"hashes,omitempty"`
	// Job published it, at At.
	Job string    `json:"job"`
	At  time.Time `json:"at"`
}

// askedAtOnce is how many ids one script is asked for: about a millisecond of Redis.
const askedAtOnce = 250

// ErrNoSegment says that no such segment is published.
var ErrNoSegment = errors.New("no such segment is published")

var (
	scriptPublish = script("publish")
	scriptDiscard = script("discard")
	scriptDrop    = script("drop")
	scriptUnion   = script("union")
	scriptForget  = script("forget")
	// scriptMember stands alone: any client may send it.
	scriptMember lua = sync.OnceValue(func() *redis.Script { return redis.NewScript(scripts.Alone("member")) })
)

// segment is a HASH, what is published under a name; its data is under the same key
// followed by the version. No TTL, unless the publication was given one.
func (k keys) segment(tenant, name string) string { return k.prefix + "seg:" + tenant + ":" + name }

// segments is a SET of "tenant:name" of all that is published. No TTL.
func (k keys) segments() string { return k.prefix + "segs" }

// validSegment checks a tenant and the name of a segment.
func validSegment(tenant, name string) error {
	return errors.Join(validName("tenant", tenant), validName("the name of a segment", name))
}

// Segments returns what a tenant has published, by name. What has expired is forgotten.
func (c *Client) Segments(ctx context.Context, tenant string) ([]Segment, error) {
	if err := validName("tenant", tenant); err != nil {
		return nil, err
	}
	members, err := c.control.SMembers(ctx, c.keys.segments()).Result()
	if err != nil {
		return nil, fmt.Errorf("cannot list segments: %w", err)
	}
	slices.Sort(members)
	var out []Segment
	for _, m := range members {
		owner, name, _ := strings.Cut(m, ":")
		if owner != tenant {
			continue
		}
		s, err := c.Segment(ctx, tenant, name)
		if errors.Is(err, ErrNoSegment) {
			if err := c.control.SRem(ctx, c.keys.segments(), m).Err(); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Segment returns what is published under a name; ErrNoSegment where nothing is.
func (c *Client) Segment(ctx context.Context, tenant, name string) (Segment, error) {
	if err := validSegment(tenant, name); err != nil {
		return Segment{}, err
	}
	f, err := c.control.HGetAll(ctx, c.keys.segment(tenant, name)).Result()
	if err != nil {
		return Segment{}, fmt.Errorf("cannot read segment %s: %w", name, err)
	}
	if f["version"] == "" {
		return Segment{}, fmt.Errorf("%s: %w", name, ErrNoSegment)
	}
	s := Segment{Tenant: tenant, Name: name, Kind: f["kind"], Version: f["version"], Snapshot: f["snapshot"], Job: f["job"], At: millis(f["at"])}
	s.Count, _ = strconv.Atoi(f["count"])
	s.Bits, _ = strconv.ParseUint(f["bits"], 10, 64)
	s.Hashes, _ = strconv.Atoi(f["hashes"])
	return s, nil
}

// Member says of each id whether it is in a segment, in one round trip: of a set for
// certain; of a Bloom filter, where true may be wrong at the filter's rate, and false
// never is; of a bitmap, of which ids are numbers of profiles. Every 250 ids take
// a round trip of its own, and a new version may be published between two of these.
func (c *Client) Member(ctx context.Context, tenant, name string, ids ...string) ([]bool, error) {
	if err := validSegment(tenant, name); err != nil {
		return nil, err
	}
	out := make([]bool, 0, len(ids))
	for part := range slices.Chunk(ids, askedAtOnce) {
		answers, err := c.members(ctx, tenant, name, part)
		if err != nil {
			return nil, err
		}
		out = append(out, answers...)
	}
	return out, nil
}

// members asks a segment for ids by one script, while which Redis answers nobody else.
func (c *Client) members(ctx context.Context, tenant, name string, ids []string) ([]bool, error) {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	answers, err := scriptMember().Run(ctx, c.control, []string{c.keys.segment(tenant, name)}, args...).Int64Slice()
	if isNil(err) {
		return nil, fmt.Errorf("%s: %w", name, ErrNoSegment)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot ask segment %s: %w", name, err)
	}
	out := make([]bool, len(answers))
	for i, n := range answers {
		out[i] = n == 1
	}
	return out, nil
}

// UnionSize estimates how many profiles are in any of a tenant's segments, which must be
// published as hll. The error of a HyperLogLog is about 0.8 %.
func (c *Client) UnionSize(ctx context.Context, tenant string, names ...string) (int, error) {
	args := []any{tenant}
	for _, name := range names {
		if err := validSegment(tenant, name); err != nil {
			return 0, err
		}
		args = append(args, name)
	}
	n, err := c.run(ctx, c.control, scriptUnion, args...).Int()
	if isNil(err) {
		return 0, fmt.Errorf("one of %v: %w as hll", names, ErrNoSegment)
	}
	return n, err
}

// OverlapSize estimates how many profiles two segments have in common, both published
// as hll: what their sizes are more than that of their union. Its error is that of the
// larger numbers it comes from.
func (c *Client) OverlapSize(ctx context.Context, tenant, a, b string) (int, error) {
	var sizes [3]int
	for i, names := range [][]string{{a}, {b}, {a, b}} {
		n, err := c.UnionSize(ctx, tenant, names...)
		if err != nil {
			return 0, err
		}
		sizes[i] = n
	}
	return max(0, sizes[0]+sizes[1]-sizes[2]), nil
}

// ForgetMember takes an id out of a segment that is published as a set, and says whether it was in it.
func (c *Client) ForgetMember(ctx context.Context, tenant, name, id string) (bool, error) {
	if err := validSegment(tenant, name); err != nil {
		return false, err
	}
	n, err := c.run(ctx, c.control, scriptForget, tenant, name, id).Int()
	if isNil(err) {
		return false, fmt.Errorf("%s: %w as a set", name, ErrNoSegment)
	}
	return n == 1, err
}

// streamedAtOnce is how many entries of a stream are read in one command.
const streamedAtOnce = 5000

// Streamed says whether an id is in an entry of a segment that is published as a stream.
func (c *Client) Streamed(ctx context.Context, tenant, name, id string) (bool, error) {
	s, err := c.Segment(ctx, tenant, name)
	if err != nil {
		return false, err
	}
	for at := "0"; ; {
		read, err := c.bulk.XRead(ctx, &redis.XReadArgs{Streams: []string{c.keys.segment(tenant, name) + ":" + s.Version, at}, Count: streamedAtOnce, Block: -1}).Result()
		if isNil(err) || err == nil && len(read) == 0 {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		for _, entry := range read[0].Messages {
			if at = entry.ID; entry.Values["id"] == id {
				return true, nil
			}
		}
	}
}

// DropSegment takes what is published under a name away; ErrNoSegment where nothing is.
func (c *Client) DropSegment(ctx context.Context, tenant, name string) error {
	if err := validSegment(tenant, name); err != nil {
		return err
	}
	n, err := c.run(ctx, c.control, scriptDrop, tenant, name).Int()
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", name, ErrNoSegment)
	}
	return err
}
