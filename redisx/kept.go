package redisx

import (
	"cmp"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
)

// Kept is a version of something that a tenant keeps under a name, such as a set of rules: what it is, is
// for who keeps it. What was kept is never changed, but for chunks that are taken out of it, and for what
// lists show.
type Kept struct {
	Kind, Name string
	// Version counts up from 1; no two versions of a name have the same, whatever was dropped between.
	Version int
	// Digest names the contents, "" for contents that are none of before.
	Digest string
	// About is what lists show, a text of some kilobytes at most.
	About string
	// Chunks is of how many pieces the body is.
	Chunks int
	At     time.Time

	token string // of the body
}

// ErrNotKept says that nothing is kept under a name, or not this version.
var ErrNotKept = errors.New("nothing is kept under this name")

var (
	scriptKeep   = script("keep")
	scriptUnkeep = script("unkeep")
	scriptRekeep = script("rekeep")
)

const (
	// unkeptFor is how long a body stays that is written and not kept.
	unkeptFor = 10 * time.Minute
	// bytesAtOnce is about how many bytes of a body go in one pipeline, and chunksAtOnce how many chunks are
	// read by one command.
	bytesAtOnce  = 4 << 20
	chunksAtOnce = 64
	// maxAbout is the most bytes of what lists show.
	maxAbout = 128 << 10
	// maxKept is the most bytes of a name.
	maxKept = 128
)

// keeping is a HASH, what a tenant keeps of a kind: from name to its latest version, as
// "version token digest at chunks about". Under the same key with a colon and a name is a HASH of all versions,
// and of the number of the last; behind that, with a token, one of the chunks of a body. None has a TTL, but for
// a body that is not kept yet.
func (k keys) keeping(tenant, kind string) string { return k.prefix + "kept:" + tenant + ":" + kind }

// keyOf returns a name as part of a key.
func keyOf(name string) string {
	if namePattern().MatchString(name) {
		return name
	}
	return "~" + base64.RawURLEncoding.EncodeToString([]byte(name))
}

// validKept checks what something is kept under.
func validKept(tenant, kind, name string) error {
	err := errors.Join(validName("tenant", tenant), validName("kind", kind))
	if name == "" || len(name) > maxKept || strings.ContainsAny(name, "\x00\r\n") {
		err = errors.Join(err, fmt.Errorf("the name %q: use 1 to %d bytes on one line", name, maxKept))
	}
	return err
}

// Keep keeps a body, in chunks, as the newest version of its name, of which so many stay. Contents with the digest of
// the version before are that one, of which only About is new. It returns what is kept, and whether that is a new
// version.
func (c *Client) Keep(ctx context.Context, tenant string, k Kept, body [][]byte, versions int) (Kept, bool, error) {
	if err := validKept(tenant, k.Kind, k.Name); err != nil {
		return k, false, err
	}
	if len(k.About) > maxAbout {
		return k, false, fmt.Errorf("%s: %d bytes about it, and the limit is %d", k.Name, len(k.About), maxAbout)
	}
	k.token, k.Chunks = "-", len(body)
	if len(body) > 0 {
		k.token = uuid.NewString()
		if err := c.writeBody(ctx, c.bodyKey(tenant, k), body); err != nil {
			c.dropBody(ctx, c.bodyKey(tenant, k))
			return k, false, unkept(k.Name, err)
		}
	}
	answer, err := c.run(ctx, c.control, scriptKeep, tenant, k.Kind, k.Name, keyOf(k.Name), k.token, cmp.Or(k.Digest, "-"), versions, len(body), k.About).Result()
	if err != nil {
		return k, false, unkept(k.Name, err)
	}
	said, ok := answer.([]any)
	if !ok || len(said) != 2 {
		return k, false, fmt.Errorf("cannot keep %s: what was written of it is gone", k.Name)
	}
	version, _ := said[0].(int64)
	kept, err := c.Kept(ctx, tenant, k.Kind, k.Name, int(version))
	return kept, said[1] == int64(1), err
}

// bodyKey is where the chunks of a body are.
func (c *Client) bodyKey(tenant string, k Kept) string {
	return c.keys.keeping(tenant, k.Kind) + ":" + keyOf(k.Name) + ":" + k.token
}

// writeBody writes chunks that stay for a while.
func (c *Client) writeBody(ctx context.Context, key string, body [][]byte) error {
	for at := 0; at < len(body); {
		p := c.bulk.Pipeline()
		for size := 0; at < len(body) && size < bytesAtOnce; at++ {
			p.HSet(ctx, key, strconv.Itoa(at), body[at])
			size += len(body[at])
		}
		p.PExpire(ctx, key, unkeptFor)
		if _, err := p.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// unkept is the error of what could not be kept, an [ErrMemory] where Redis has no room for it.
func unkept(name string, err error) error {
	if full(err) {
		err = fmt.Errorf("%w: %w", ErrMemory, err)
	}
	return fmt.Errorf("cannot keep %s: %w", name, err)
}

// dropBody takes away what was written of a body that is not kept, also for who has been stopped. What stays of it goes by
// itself.
func (c *Client) dropBody(ctx context.Context, key string) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = c.bulk.Unlink(limited, key).Err()
}

// Kept returns a version of what is kept under a name, the latest for 0; [ErrNotKept] where there is none.
func (c *Client) Kept(ctx context.Context, tenant, kind, name string, version int) (Kept, error) {
	if err := validKept(tenant, kind, name); err != nil {
		return Kept{}, err
	}
	key, field := c.keys.keeping(tenant, kind), name
	if version != 0 {
		key, field = key+":"+keyOf(name), strconv.Itoa(version)
	}
	line, err := c.control.HGet(ctx, key, field).Result()
	if isNil(err) {
		return Kept{}, ErrNotKept
	}
	if err != nil {
		return Kept{}, fmt.Errorf("cannot read %s: %w", name, err)
	}
	return parseKept(kind, name, line)
}

// KeptOf returns the latest versions of all that a tenant keeps of a kind, by name.
func (c *Client) KeptOf(ctx context.Context, tenant, kind string) ([]Kept, error) {
	if err := validKept(tenant, kind, kind); err != nil {
		return nil, err
	}
	lines, err := c.bulk.HGetAll(ctx, c.keys.keeping(tenant, kind)).Result()
	if err != nil {
		return nil, fmt.Errorf("cannot list what is kept: %w", err)
	}
	all := make([]Kept, 0, len(lines))
	for name, line := range lines {
		k, err := parseKept(kind, name, line)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kept) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// KeptVersions returns the versions of what is kept under a name, the oldest first.
func (c *Client) KeptVersions(ctx context.Context, tenant, kind, name string) ([]Kept, error) {
	if err := validKept(tenant, kind, name); err != nil {
		return nil, err
	}
	lines, err := c.control.HGetAll(ctx, c.keys.keeping(tenant, kind)+":"+keyOf(name)).Result()
	if err != nil {
		return nil, fmt.Errorf("cannot list the versions of %s: %w", name, err)
	}
	delete(lines, "last")
	var all []Kept
	for _, line := range lines {
		k, err := parseKept(kind, name, line)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kept) int { return a.Version - b.Version })
	return all, nil
}

// parseKept reads a version as keep.lua writes it.
func parseKept(kind, name, line string) (Kept, error) {
	parts := strings.SplitN(line, " ", 6)
	if len(parts) != 6 {
		return Kept{}, fmt.Errorf("%s: what is kept in Redis cannot be read", name)
	}
	k := Kept{Kind: kind, Name: name, token: parts[1], Digest: parts[2], At: millis(parts[3]), About: parts[5]}
	if k.Digest == "-" {
		k.Digest = ""
	}
	k.Version, _ = strconv.Atoi(parts[0])
	k.Chunks, _ = strconv.Atoi(parts[4])
	return k, nil
}

// KeptChunks returns n chunks of a body, from one on. The error is [ErrNotKept] where it was dropped meanwhile.
func (c *Client) KeptChunks(ctx context.Context, tenant string, k Kept, from, n int) ([][]byte, error) {
	key, out := c.bodyKey(tenant, k), make([][]byte, 0, n)
	for at := from; at < from+n; at += chunksAtOnce {
		fields := make([]string, 0, chunksAtOnce)
		for i := at; i < min(from+n, at+chunksAtOnce); i++ {
			fields = append(fields, strconv.Itoa(i))
		}
		found, err := c.bulk.HMGet(ctx, key, fields...).Result()
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", k.Name, err)
		}
		for _, f := range found {
			text, ok := f.(string)
			if !ok {
				return nil, ErrNotKept
			}
			out = append(out, []byte(text))
		}
	}
	return out, nil
}

// Rekeep puts a chunk of a body in the place of what is there, and says whether that was before.
func (c *Client) Rekeep(ctx context.Context, tenant string, k Kept, chunk int, before, after []byte) (bool, error) {
	sum := sha1.Sum(before)
	n, err := c.run(ctx, c.bulk, scriptRekeep, tenant, k.Kind, keyOf(k.Name), k.token, chunk, hex.EncodeToString(sum[:]), after).Int()
	if err != nil && !errors.Is(err, redis.Nil) {
		return false, fmt.Errorf("cannot change %s: %w", k.Name, err)
	}
	return n == 1, nil
}

// Unkeep drops what is kept under a name; [ErrNotKept] where nothing is.
func (c *Client) Unkeep(ctx context.Context, tenant, kind, name string) error {
	return c.unkeep(ctx, tenant, kind, name)
}

// UnkeepVersions drops versions of what is kept under a name; [ErrNotKept] where there is none of them.
func (c *Client) UnkeepVersions(ctx context.Context, tenant, kind, name string, versions []int) error {
	if len(versions) == 0 {
		return nil // none would be all
	}
	args := make([]any, len(versions))
	for i, n := range versions {
		args[i] = n
	}
	return c.unkeep(ctx, tenant, kind, name, args...)
}

// unkeep drops versions, all where none is named.
func (c *Client) unkeep(ctx context.Context, tenant, kind, name string, versions ...any) error {
	if err := validKept(tenant, kind, name); err != nil {
		return err
	}
	n, err := c.run(ctx, c.control, scriptUnkeep, append([]any{tenant, kind, name, keyOf(name)}, versions...)...).Int()
	switch {
	case err != nil:
		return fmt.Errorf("cannot drop %s: %w", name, err)
	case n == 0:
		return ErrNotKept
	}
	return nil
}
