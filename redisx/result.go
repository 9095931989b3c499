package redisx

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// retention is how long a job that has ended, its counters and its result can
	// be read.
	retention = 24 * time.Hour
	// frameSize is the most bytes of a result in one value, so that no transfer
	// holds up the connection for long.
	frameSize = 1 << 20
)

// ErrDamaged says that a result is not what its worker wrote: parts of it are gone,
// or Redis gave other bytes.
var ErrDamaged = errors.New("the result is damaged: submit the command again")

// Result returns the result of a job that has ended, whole as its worker wrote it;
// nil when it ended without one. Of a job that is Truncated it is the beginning.
// The error is [ErrDamaged] where the bytes do not have the checksum that the
// worker gave them.
func (c *Client) Result(ctx context.Context, j Job) ([]byte, error) {
	if !j.State.Final() {
		return nil, fmt.Errorf("job %s is %s: it has no result yet", j.ID, j.State)
	}
	var out []byte
	for n := range j.frames {
		b, err := c.bulk.Get(ctx, c.keys.frame(j.writer(), j.token, n)).Bytes()
		if errors.Is(err, redis.Nil) {
			return nil, fmt.Errorf("the result of job %s is gone: it was kept for %v", j.ID, retention)
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the result of job %s: %w", j.ID, err)
		}
		out = append(out, b...)
	}
	if j.frames > 0 && checksum(out) != j.checksum {
		return nil, fmt.Errorf("job %s: %w", j.ID, ErrDamaged)
	}
	return out, nil
}

// resultsAtOnce is how many results are read in one round trip.
const resultsAtOnce = 128

// Results returns the results of jobs that have ended, in their order, each as Result
// does, with few round trips. Where one cannot be read, errs says why.
func (c *Client) Results(ctx context.Context, jobs []Job) (results [][]byte, errs []error) {
	results, errs = make([][]byte, len(jobs)), make([]error, len(jobs))
	var short []int // those of one frame
	for i, j := range jobs {
		if j.State.Final() && j.frames == 1 {
			short = append(short, i)
			continue
		}
		results[i], errs[i] = c.Result(ctx, j)
	}
	for part := range slices.Chunk(short, resultsAtOnce) {
		p := c.bulk.Pipeline()
		read := make([]*redis.StringCmd, len(part))
		for k, i := range part {
			read[k] = p.Get(ctx, c.keys.frame(jobs[i].writer(), jobs[i].token, 0))
		}
		_, _ = p.Exec(ctx) // each has its own error
		for k, i := range part {
			text, err := read[k].Bytes()
			if err == nil && checksum(text) == jobs[i].checksum {
				results[i] = text
				continue
			}
			results[i], errs[i] = c.Result(ctx, jobs[i]) // it says why
		}
	}
	return results, errs
}

// writer is the job in whose name the result is.
func (j *Job) writer() string {
	if j.Source != "" && j.Source != SourceCache {
		return j.Source
	}
	return j.ID
}

// writeResult writes a result in frames and gives their number. nil is no result.
// The frames are under the attempt's token: what an old attempt writes is never
// read.
func (c *Client) writeResult(ctx context.Context, id, token string, result []byte) (frames int, err error) {
	if result == nil {
		return 0, nil
	}
	for first := true; first || len(result) > 0; first = false {
		part := result[:min(len(result), frameSize)]
		result = result[len(part):]
		if err := c.bulk.Set(ctx, c.keys.frame(id, token, frames), part, retention).Err(); err != nil {
			return 0, err
		}
		frames++
	}
	return frames, nil
}

// checksum is the SHA-256 of a result, in hexadecimal.
func checksum(result []byte) string {
	sum := sha256.Sum256(result)
	return hex.EncodeToString(sum[:])
}
