package backend

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// asked returns the answer of a session to a command.
func asked(t *testing.T, b repl.Backend, client *redisx.Client, c redisx.Command) *record.Record {
	t.Helper()
	id, err := client.Submit(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		jobs, err := b.Poll(ctx, []string{id})
		if err != nil {
			t.Fatal(err)
		}
		switch j := jobs[0]; {
		case j.Answer != nil:
			return j.Answer
		case j.State.Final():
			t.Fatalf("%+v: %s %s", c, j.State, j.Error)
		}
	}
	t.Fatal("there is no answer")
	return nil
}

// TestPersonalIsMasked: a session, here and attached, has no value of a personal field in any answer, until it is asked for them.
func TestPersonalIsMasked(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t), "crm.*")
	client := workertest.Over(t, d)
	for name, b := range doors(t, d, client) {
		b.(*backend).options.Personal = d.Personal
		for what, c := range map[string]struct {
			command        redisx.Command
			masked, secret string
			plain          string
		}{
			"values":            {redisx.Command{Op: "query", Query: "email", Values: true}, "email", "u1", ""},
			"values of a made":  {redisx.Command{Op: "query", Query: `email.regexGroup("(.*)@.*", 1)`, Values: true}, "email", "u1", ""},
			"a breakdown":       {redisx.Command{Op: "breakdown", Query: "true", By: "crm.state"}, "crm.state", "s1", ""},
			"another breakdown": {redisx.Command{Op: "breakdown", Query: "true", By: "tier"}, "", "", "gold"},
			"rows":              {redisx.Command{Op: "rows", Query: "true", Columns: redisx.Columns{IDs: true, Select: "tier, email, [email], isNotNull(email)", Limit: 3}}, "email", "u1", "p1"},
			"a sample":          {redisx.Command{Op: "query", Query: `email = "u17@example.com"`, Sample: 3}, "", "", "p17"},
			"why":               {redisx.Command{Op: "why", Query: `email = "x" and tier = "gold"`, Profile: "p17"}, "email", "u17", "silver"},
		} {
			c.command.Tenant = "default"
			b.ShowPersonal(false)
			r := asked(t, b, client, c.command)
			line, err := record.Encode(r)
			if err != nil {
				t.Fatal(err)
			}
			drawn := strings.Join(append(show.Lines(r, show.Look{}), show.Sample(r.Sample, 0)...), "\n")
			if got := strings.Join(r.Masked, " "); got != c.masked {
				t.Errorf("%s, %s: masked %q, want %q\n%s", name, what, got, c.masked, drawn)
			}
			for _, text := range []string{drawn, strings.ReplaceAll(string(line), c.command.Query, "")} {
				if c.secret != "" && strings.Contains(text, c.secret) || !strings.Contains(text, c.plain) {
					t.Errorf("%s, %s:\n%s", name, what, text)
				}
			}
			b.ShowPersonal(true)
			r = asked(t, b, client, c.command)
			if line, err = record.Encode(r); err != nil || len(r.Masked) > 0 || !strings.Contains(string(line), c.secret) {
				t.Errorf("%s, %s, shown: %s, %v", name, what, line, err)
			}
		}
	}
}

// TestPersonalOfObjects: of objects, and of those in lists, a session has all but the personal fields, here and attached.
func TestPersonalOfObjects(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "profiles.ndjson")
	if err := os.WriteFile(path, []byte(`{"_id":"p1","place":{"city":"Paris","firstName":"Anna"},"orders":[{"sku":"a7","phone":"5551234"}]}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, path)
	for name, b := range doors(t, d, workertest.Over(t, d)) {
		r := asked(t, b, b.(*backend).Client, redisx.Command{Op: "rows", Query: "true", Tenant: "default", Columns: redisx.Columns{Select: "place, orders", Limit: 3}})
		drawn := strings.Join(show.Lines(r, show.Look{}), "\n")
		for _, want := range []string{"Paris", "a7", "masked: orders.phone, place.firstName"} {
			if !strings.Contains(drawn, want) {
				t.Errorf("%s: no %q in\n%s", name, want, drawn)
			}
		}
		if strings.Contains(drawn, "Anna") || strings.Contains(drawn, "5551234") {
			t.Errorf("%s: personal values stand in\n%s", name, drawn)
		}
	}
}

// TestPersonalInErrors: what is wrong with a query is said without a value of a personal field, by the session and by a worker that it has
// asked, and at the load too; of other fields the value is shown.
func TestPersonalInErrors(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "profiles.csv")
	if err := os.WriteFile(path, []byte("_id,phone,code,birthDate\np1,5551234,12,17.04.1980\np2,555-9876,B7x,18.04.1981\np3,5551236,13,19.04.1982\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := open(t, path)
	client := workertest.Over(t, d)
	report, err := doors(t, d, client)["here"].LoadReport(t.Context(), show.Look{})
	if said := strings.Join(report, "\n"); err != nil || strings.Contains(said, ".1980") || !strings.Contains(said, "written with dots") {
		t.Errorf("%s (%v)", said, err)
	}
	for query, shows := range map[string]string{"phone > 3": "", "birthDate occurs < 3 days before now": "", "code > 3": `("B7x")`} {
		for name, b := range doors(t, d, client) {
			said := ""
			for _, found := range b.Check(repl.Query{Text: query}) {
				said += found.Message + " " + found.Hint
			}
			id, err := client.Submit(t.Context(), redisx.Command{Op: "query", Query: query, Tenant: "default"})
			if err != nil {
				t.Fatal(err)
			}
			var j repl.Job
			eventually(t, "it has ended", func() bool {
				jobs, err := b.Poll(t.Context(), []string{id})
				if err == nil {
					j = jobs[0]
				}
				return err == nil && j.State.Final()
			})
			if all := said + j.Error; !strings.Contains(j.Error, "is text") || !strings.Contains(j.Error, shows) || strings.Contains(all, "9876") || strings.Contains(all, ".19") {
				t.Errorf("%s, %s: %q, %q", name, query, said, j.Error)
			}
		}
	}
}

// TestPersonalIDsOfErrors: the hint of an error names no ids that are masked.
func TestPersonalIDsOfErrors(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t), "_id")
	client := workertest.Over(t, d)
	b := doors(t, d, client)["here"]
	if b == nil {
		t.Fatal("there is no session with its own data")
	}
	failure := func() string {
		id, err := client.Submit(t.Context(), redisx.Command{Op: "why", Query: `tier = "gold"`, Profile: "P17", Tenant: "default"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for {
			jobs, err := b.Poll(ctx, []string{id})
			if err != nil {
				t.Fatal(err)
			}
			if jobs[0].State.Final() {
				return jobs[0].Error
			}
		}
	}
	if says := failure(); strings.Contains(says, "p17") || !strings.Contains(says, "hint: some ids are like it") {
		t.Errorf("masked: %q", says)
	}
	b.ShowPersonal(true)
	if says := failure(); !strings.Contains(says, "hint: did you mean p17?") {
		t.Errorf("shown: %q", says)
	}
}
