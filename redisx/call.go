package redisx

import (
	"context"
	"slices"
	"strconv"
)

// Call is [Client.Request] for what does not take the place of anything: any number of calls with one op may wait at
// a time. The worker is asked for op, a point, and a number; it is to leave those out.
func (c *Client) Call(ctx context.Context, op string, body []byte) ([]byte, error) {
	select {
	case c.calls <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.calls }()
	lane := c.requests.enterLane(op)
	defer c.requests.leaveLane(op, lane)
	return c.Request(ctx, op+"."+strconv.Itoa(lane), body)
}

// callsAtOnce is how many calls of a client wait for an answer at a time, others for their turn: fewer than the requests and
// the answers that Redis keeps, of which the oldest go.
const callsAtOnce = 32

// enterLane returns the least number that no other call with this op has. A request takes the place of one
// with its name alone, so that calls in lanes of their own do not meet; and there are no more names than calls at a time.
func (r *requests) enterLane(op string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lanes == nil {
		r.lanes = map[string][]bool{}
	}
	lane := slices.Index(r.lanes[op], false)
	if lane < 0 {
		lane = len(r.lanes[op])
		r.lanes[op] = append(r.lanes[op], false)
	}
	r.lanes[op][lane] = true
	return lane
}

func (r *requests) leaveLane(op string, lane int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lanes[op][lane] = false
}
