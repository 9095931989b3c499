//go:build unix

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/segq/segq/redisx"
)

// The kinds of jobs, by the text of their query.
const (
	kindGood   = "good"   // takes a while and ends well
	kindFlaky  = "flaky"  // now and then meets an error that may pass
	kindPoison = "poison" // kills its worker
	kindPinned = "pinned" // asks for the data that the queue has when it is submitted
)

// job is what a run asks for.
type job struct {
	id, kind string
	cancel   bool // its end is asked for soon after its beginning
	pushed   bool // it goes by the ingress list
}

// plan makes n jobs: one in a hundred is poison, one in ten flaky, one in twenty is
// cancelled, and one in twenty pinned.
func plan(n int, random *rand.Rand) []job {
	jobs := make([]job, n)
	for i := range jobs {
		j := job{id: fmt.Sprintf("j%d", i), kind: kindGood, pushed: random.IntN(2) == 0}
		switch {
		case i%100 == 30:
			j.kind = kindPoison
		case random.IntN(10) == 0:
			j.kind = kindFlaky
		case random.IntN(20) == 0:
			j.cancel = true
		case i%20 == 7:
			j.kind, j.pushed = kindPinned, true
		}
		jobs[i] = j
	}
	return jobs
}

func (j job) command() redisx.Command {
	query := j.query()
	tenant := fmt.Sprintf("t%d", digest(query)%5)
	class := redisx.Classes[digest(query)%3]
	return redisx.Command{ID: j.id, Op: "query", Query: query, Tenant: tenant, Class: class, Tries: 10}
}

// query is what the job asks. One good job in five asks what others ask, and may share
// their runs.
func (j job) query() string {
	if j.kind == kindGood && digest(j.id+"same")%5 == 0 {
		return kindGood
	}
	return j.kind + " " + j.id
}

// kindOf returns the kind of the job that asks a query.
func kindOf(query string) string {
	kind, _, _ := strings.Cut(query, " ")
	return kind
}

// digest returns the numbers of a job, the same ones everywhere.
func digest(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() >> 1)
}

// rowsOf returns the rows of each partition for a query.
func rowsOf(query string) []int {
	rows := make([]int, 1+digest(query)%6)
	for i := range rows {
		rows[i] = 100 + digest(query+"rows")%900 + i
	}
	return rows
}

// matchedOf returns how many of the first rows of a partition match.
func matchedOf(rows int) int { return rows / 3 }

// resultOf returns the result of a query over some data.
func resultOf(query, data string) string {
	return strings.Repeat("result of "+query+" over "+data+"\n", 1+digest(query)%50)
}

// submit submits the jobs over a while, through a connection of its own, and the
// cancellations with them. What goes wrong is sent again: that is what ids are
// for.
func (c *cluster) submit(ctx context.Context, jobs []job, over time.Duration) error {
	tick := time.NewTicker(max(time.Millisecond, over/time.Duration(len(jobs))))
	defer tick.Stop()
	for _, j := range jobs {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := insist(ctx, func() error { return c.send(ctx, j) }); err != nil {
			return fmt.Errorf("cannot submit %s: %w", j.id, err)
		}
		if !j.cancel {
			continue
		}
		if err := insist(ctx, func() error {
			_, err := c.client.Cancel(ctx, j.id)
			return err
		}); err != nil {
			return fmt.Errorf("cannot cancel %s: %w", j.id, err)
		}
	}
	return nil
}

func (c *cluster) send(ctx context.Context, j job) error {
	command := j.command()
	if j.kind == kindPinned {
		var err error
		if command.Snapshot, err = c.presentData(ctx); err != nil {
			return err
		}
	}
	if !j.pushed {
		_, err := c.client.Submit(ctx, command)
		return err
	}
	raw, err := json.Marshal(command)
	if err != nil {
		return err
	}
	return c.redis.LPush(ctx, prefix+"in", raw).Err()
}

// insist repeats a step until it works, for at most half a minute. Between two tries it
// sleeps, as a client does: a broker that is away tells nobody when it is back.
func insist(ctx context.Context, step func() error) error {
	for end := time.Now().Add(30 * time.Second); ; {
		err := step()
		if err == nil || ctx.Err() != nil || time.Now().After(end) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
