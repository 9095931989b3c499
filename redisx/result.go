package redisx

import (
	"context"
	"time"
)

const (
	// retention is how long a job that has ended, its counters and its result can
	// be read.
	retention = 24 * time.Hour
	// frameSize is the most bytes of a result in one value, so that no transfer
	// holds up the connection for long.
	frameSize = 1 << 20
	// countersTTL is how long counters stay behind their last write. Each write
	// sets it: a late one would otherwise make a key that never goes.
	countersTTL = retention
)

// writeResult writes a result in frames and gives their number. nil is no result.
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

// writeCounters writes fields and values of an attempt's counters.
func (c *Client) writeCounters(ctx context.Context, id, token string, pairs []any) error {
	if len(pairs) == 0 {
		return nil
	}
	p := c.bulk.Pipeline()
	key := c.keys.counters(id, token)
	p.HSet(ctx, key, pairs...)
	p.PExpire(ctx, key, countersTTL)
	_, err := p.Exec(ctx)
	return err
}
