package ask

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/segq/segq/redisx"
)

// TestTogether: whatever the queries are, all are asked, in their order, by commands that
// are short enough and hold no more than they should.
func TestTogether(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	letters := []string{"a", `"`, "<", "é", "\n"} // some of them are longer as JSON
	var commands, bundles, widest int
	for range 200 {
		var queries []redisx.Command
		for i := range 1 + r.IntN(300) {
			length := 1 + r.IntN(200)
			if r.IntN(40) == 0 {
				length = 5000
			}
			c := redisx.Command{Op: "query", Tenant: "a", Sample: 3, Query: strings.Repeat(letters[r.IntN(len(letters))], length), Name: strings.Repeat("n", i%3)}
			if r.IntN(2) == 0 {
				c.Now = "2026-11-01T00:00:00.000000001+01:00"
			}
			for range r.IntN(3) { // of one run: a name stands for one text
				name := strconv.Itoa(r.IntN(20))
				c.Segments = withSegments(c.Segments, map[string]string{name: strings.Repeat(letters[0], 100) + name})
			}
			queries = append(queries, c)
		}
		n, next := 2+r.IntN(200), 0
		for _, c := range Together(queries, n) {
			texts, names := c.Queries, c.Names
			if c.Op == "query" {
				texts, names = []string{c.Query}, []string{c.Name}
			}
			if len(texts) > n || c.Tenant != "a" || c.Sample != 3 {
				t.Fatalf("%d queries where %d may be: %+v", len(texts), n, c)
			}
			for i := range texts {
				q := queries[next]
				if texts[i] != q.Query || names[i] != q.Name || q.Now != "" && c.Now != q.Now {
					t.Fatalf("query %d is %q, called %q, at %s", next, texts[i], names[i], c.Now)
				}
				for name, text := range q.Segments {
					if c.Segments[name] != text {
						t.Fatalf("query %d lacks the segment %s", next, name)
					}
				}
				next++
			}
			c.V, c.ID, c.Class = redisx.Version, uuid.NewString(), "interactive"
			size := jsonSize(c)
			if size > redisx.MaxCommand {
				t.Fatalf("a command of %d bytes", size)
			}
			commands, widest = commands+1, max(widest, size)
			if c.Op == "rules" {
				bundles++
			}
		}
		if next != len(queries) {
			t.Fatalf("%d of %d are asked", next, len(queries))
		}
	}
	if widest < redisx.MaxCommand*9/10 || bundles < commands/2 {
		t.Errorf("%d commands, %d of them for many; the longest has %d bytes", commands, bundles, widest)
	}
}
