package backend

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/peek"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
	"github.com/spf13/pflag"
)

// complete asks until there is nothing more to come; the bound is for broken code only.
func complete(t *testing.T, b repl.Backend, text string) repl.Completion {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if c := b.Complete(t.Context(), text, len(text)); !c.Pending {
			return c
		}
	}
	t.Fatalf("%s: there is always more to come", text)
	return repl.Completion{}
}

// eventually waits for a condition; the bound is for broken code only.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-tick.C {
		if holds() {
			return
		}
	}
	t.Fatalf("in vain: %s", what)
}

// told returns the values of a completion, with their counts.
func told(c repl.Completion) string {
	var out []string
	for _, it := range c.Items {
		if it.Kind == lang.ValueItem || it.Count > 0 {
			out = append(out, fmt.Sprintf("%s %d", it.Text, it.Count))
		}
	}
	return strings.Join(out, ", ")
}

// doors returns the two backends of a session over a dataset: with it, and attached to a worker that has it.
func doors(t *testing.T, d *dataset.Dataset, client *redisx.Client) map[string]repl.Backend {
	t.Helper()
	here := New(t.Context(), &ask.Queue{Client: client, Data: d}, ask.Options{}, "")
	workertest.Ends(t, client, redisx.Command{Op: "query", Query: "true"}) // the worker is there
	both := map[string]repl.Backend{"here": here, "attached": New(t.Context(), &ask.Queue{Client: client}, ask.Options{}, "")}
	for name, b := range both {
		eventually(t, name+" knows which fields are filled", func() bool { return b.Schema()[0].Filled >= 0 })
	}
	return both
}

// someProfiles are profiles of which the test knows what they have.
func someProfiles(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `{"_id":"p%d","tier":%s,"code":"c%d","email":"u%d@example.com","crm":{"state":"s%d"},"scores":{"%s":1},"tags":["t%d","t0"]}`+"\n",
			i, []string{`"gold"`, `"silver"`, `"silver"`, `null`}[i%4], i%300, i, i%7, []string{"best", "worst", "worst"}[i%3], i%10)
	}
	name := filepath.Join(t.TempDir(), "profiles.ndjson")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func open(t *testing.T, path string, configured ...string) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(t.Context(), []string{path}, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if d.Personal, err = personal.NewRules(configured, nil); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestValuesAtEveryDoor: a session with data and one that is attached offer the same values, with their
// counts, and say the same about them.
func TestValuesAtEveryDoor(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t))
	for name, b := range doors(t, d, workertest.Over(t, d)) {
		for text, want := range map[string]struct{ values, note string }{
			`tier = "`:            {`"silver" 500, "gold" 250`, "2 values, 25.0 % null"},
			`tier = `:             {`"silver" 500, "gold" 250`, "2 values, 25.0 % null; then 5 fields"},
			`tier = "g`:           {`"gold" 250`, "2 values, 25.0 % null"},
			`tier = "x`:           {``, "2 values, 25.0 % null"},
			`crm.state = "s6`:     {`"s6" 142`, "7 values"},
			`tags.includes("t1`:   {`"t1" 100`, "10 values"},
			`code = "c29`:         {"", "300 values"}, // of which each has few profiles
			`email = "`:           {"", "personal: its values are not shown"},
			`_id in ["`:           {"", "personal: its values are not shown"},
			`nowhere = "`:         {"", ""},
			`tags.includes("t0`:   {`"t0" 1,000`, "10 values"},
			`scores.best.x = "`:   {"", ""},
			`crm.nowhere = "x`:    {"", ""},
			`tier = "gold" and (`: {"", ""},
		} {
			c := complete(t, b, text)
			if got := told(c); got != strings.ReplaceAll(want.values, "1,000", "1000") || c.Note != want.note {
				t.Errorf("%s: %s gives %s (%s), want %v", name, text, got, c.Note, want)
			}
		}
	}
}

// TestAttachedCompletesAsHere: whatever is typed, over the sample.
func TestAttachedCompletesAsHere(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	both := doors(t, d, workertest.Over(t, d))
	for _, text := range []string{
		"", "home", "homeAddress.", "homeAddress.countryCode = ", `homeAddress.countryCode = "`, `homeAddress.countryCode = "C`, `homeAddress.countryCode = "cA`,
		"xEvent[", `xEvent[eventType = "`, `xEvent[eventType = "comm`, "identityMap.", `identityMap["`, `_tenant.favoriteColors.includes("`,
		`personalEmail.address = "`, "xEvent.count() ", `optInOut["`, "optInOut.", "homeAddress.city", "not a query (", strings.Repeat("(", 3000),
	} {
		here, attached := complete(t, both["here"], text), complete(t, both["attached"], text)
		if diff := cmp.Diff(here, attached); diff != "" {
			t.Errorf("%.60s (-here +attached)\n%s", text, diff)
		}
	}
}

// TestPersonalFieldsOfferNothing: whether they are so by their names, at the worker or in the session alone,
// or by what a request asks for.
func TestPersonalFieldsOfferNothing(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t), "crm.*")
	client := workertest.Over(t, d)
	for name, b := range doors(t, d, client) {
		for _, text := range []string{`email = "`, `_id = "p`, `crm.state = "`, `crm.state in ["s1", "`} {
			if c := complete(t, b, text); told(c) != "" {
				t.Errorf("%s: %s tells %s", name, text, told(c))
			}
		}
	}
	rules, err := personal.NewRules([]string{"tier", "scores"}, []string{"crm"})
	if err != nil {
		t.Fatal(err)
	}
	attached := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Personal: rules}, "")
	for _, text := range []string{`tier = "`, `scores["`, `crm.state = "`} {
		if c := complete(t, attached, text); told(c) != "" {
			t.Errorf("in the session: %s tells %s", text, told(c))
		}
	}
	for _, q := range []string{`{"path":["email"],"limit":9}`, `{"path":["crm","state"],"limit":9}`, `{"path":["CRM","state"],"limit":9}`, `{"path":["crm.state"],"limit":9}`, `{"path":["crm{}","state"],"limit":9}`} {
		got, err := client.Request(t.Context(), values.Op, []byte(q))
		if err == nil && !strings.Contains(string(got), `"values":[]`) {
			t.Errorf("%s is answered %s", q, got)
		}
	}
}

// TestPersonalFieldsInNotes: what explains an answer tells no values of fields that are personal by the rules
// of the worker or by those of the session, whichever also says otherwise.
func TestPersonalFieldsInNotes(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t), "crm.*")
	client := workertest.Over(t, d)
	for _, c := range []struct{ personal, others, query, want string }{
		{"", "", `tier = "Gold"`, `no profile has "Gold"; "gold" has 250`},
		{"tier", "", `tier = "Gold"`, `no profile has "Gold"`},
		{"", "", `tier = "Gold"`, `no profile has "Gold"; "gold" has 250`}, // not what the one before was answered
		{"memberNo", "crm", `crm.state = "S1"`, `no profile has "S1"`},
		{"", "email", `email.startsWith("U1@")`, `no email starts with "U1@"`},
	} {
		rules, err := personal.NewRules([]string{c.personal}, []string{c.others})
		if err != nil {
			t.Fatal(err)
		}
		attached := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Personal: rules}, "")
		id, err := attached.Submit(t.Context(), repl.Query{Text: c.query})
		if err != nil {
			t.Fatal(err)
		}
		var job repl.Job
		eventually(t, c.query+" is answered", func() bool {
			jobs, err := attached.Poll(t.Context(), []string{id})
			if err != nil || len(jobs) != 1 {
				t.Fatalf("%v (%v)", jobs, err)
			}
			job = jobs[0]
			return job.Answer != nil || job.State == repl.Failed
		})
		if job.Answer == nil || len(job.Answer.Notes) != 1 || job.Answer.Notes[0].Text != c.want {
			t.Errorf("%s with %q and %q: %+v, want %s", c.query, c.personal, c.others, job, c.want)
			if job.Answer != nil {
				t.Errorf("%+v", job.Answer.Notes)
			}
		}
	}
}

// TestHostileRequestsOfValues: a worker refuses what is no question, and goes on.
func TestHostileRequestsOfValues(t *testing.T) {
	t.Parallel()
	client := workertest.Over(t, open(t, someProfiles(t)))
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, q := range []struct{ op, body string }{
		{values.Op, `3`}, {values.Op, `[]`}, {values.Op, `{}`}, {values.Op, `{"path":"tier"}`}, {values.Op, `{"path":[]}`}, {values.Op, `{"path":["tier"],"limit":1e99}`},
		{values.Op, `{"path":[` + strings.Repeat(`"a",`, 100_000) + `"a"]}`}, {values.Op, `{"path":["tier"],"typed":"` + strings.Repeat("x", 100_000) + `"}`},
		{peek.Op, `3`}, {peek.Op, `{}`}, {peek.Op, `{"text":" "}`}, {peek.Op, `{"text":"` + strings.Repeat("x", 100_000) + `"}`}, {peek.Op, `{"text":"true","params":{"x":` + deep + `}}`},
		{peek.Op, `{"text":"true","params":{"x":1e999}}`}, {peek.Op, `{"text":"true","now":"x"}`}, {"other", `{}`},
	} {
		if got, err := client.Request(t.Context(), q.op, []byte(q.body)); err == nil {
			t.Errorf("%.60s is answered %.60s", q.body, got)
		}
	}
	for _, q := range []struct{ op, body string }{
		{values.Op, `{"path":["tier"],"limit":-5}`}, {values.Op, `{"path":["","\u0000"],"limit":5}`}, {values.Op, `{"path":["tier"],"keys":true,"limit":5}`}, {values.Op, `{"path":["scores{}{}","x{}"],"limit":5}`},
		{peek.Op, `{"text":"tier","cursor":-5}`}, {peek.Op, `{"text":"tier = \"gold\"","cursor":1000000}`}, {peek.Op, `{"text":"` + strings.Repeat("(", 60_000) + `"}`}, {peek.Op, `{"text":"inSegment(\"a\")","segments":{"a":"inSegment(\"a\")"}}`},
	} {
		if got, err := client.Request(t.Context(), q.op, []byte(q.body)); err != nil {
			t.Errorf("%.60s: %v %s", q.body, err, got)
		}
	}
}

// TestValuesOfAKey: what a map has for a key is offered for that alone, with how many profiles have it; of keys that
// are personal, by their names or as somebody says so, nothing is, nor of any key together with others.
func TestValuesOfAKey(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `{"_id":"p%d","attrs":{"city":"%s","lastName":"%s","last.name":"n","email":"u%d@example.com","tone":"t%d"%s},"notices":{"%s":["a%d","b","b"]}}`+"\n",
			i, []string{"Rome", "Oslo"}[i%2], []string{"Smith", "Jones", "Lee"}[i%3], i%20, i%4, []string{"", `,"city 2":"Rome"`}[i%5/4], []string{"x", "y"}[i%2], i%3)
	}
	path := filepath.Join(t.TempDir(), "attrs.ndjson")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var o dataset.Options
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	o.Register(flags)
	if err := flags.Parse([]string{"--type", "attrs=map,notices=map", "--personal", "attrs.tone"}); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{path}, o, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	const hidden = "personal: its values are not shown"
	for name, b := range doors(t, d, workertest.Over(t, d)) {
		for text, want := range map[string]struct{ values, note string }{
			`attrs.city = "`:             {`"Oslo" 500, "Rome" 500`, "2 values"},
			`attrs.get("city") = "`:      {`"Oslo" 500, "Rome" 500`, "2 values"},
			"attrs.`city 2` = \"":        {`"Rome" 200`, "1 value, 80.0 % null"},
			`attrs.lastName = "`:         {"", hidden},
			`attrs.get("lastName") = "`:  {"", hidden},
			`attrs.get("last.name") = "`: {"", hidden},
			`attrs.email in ["`:          {"", hidden},
			`attrs.tone.equals("`:        {"", hidden},
			`attrs.foo = "`:              {"", "100 % null"},
			`attrs.get(_id) = "`:         {"", ""},
			`attrs.values().includes("`:  {"", ""},
			`notices.x.includes("`:       {`"b" 500, "a0" 167, "a2" 167, "a1" 166`, "4 values, 50.0 % null"},
		} {
			c := complete(t, b, text)
			if got := told(c); got != want.values || c.Note != want.note {
				t.Errorf("%s: %s gives %s (%s), want %v", name, text, got, c.Note, want)
			}
		}
	}
}

// TestOldWorkersOfferNoValues: where no worker answers requests, completion is by the fields, and does not wait.
func TestOldWorkersOfferNoValues(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t))
	client, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	schema, err := d.Publish(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	w := redisx.NewWorker(client, nobody{}, redisx.WorkerOptions{Schema: schema})
	go func() { ended <- w.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	b := New(ctx, &ask.Queue{Client: client}, ask.Options{}, "")
	eventually(t, "the worker says what its data is", func() bool { return len(b.Schema()) > 0 })
	if c := complete(t, b, `tier = "`); told(c) != "" || c.Note != "" {
		t.Errorf("it offers %+v", c)
	}
	if c := complete(t, b, `ti`); len(c.Items) == 0 || c.Items[0].Text != "tier" {
		t.Errorf("it offers %+v", c.Items)
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if p := b.Peek(short, `tier = "gold"`, 3); p != (repl.Peek{}) {
		t.Errorf("it counts %+v", p)
	}
}

// nobody does nothing.
type nobody struct{}

// Handle does nothing.
func (nobody) Handle([]*redisx.Task) {}

// TestValuesThroughRedis: the same through a server.
func TestValuesThroughRedis(t *testing.T) {
	t.Parallel()
	url := workertest.Redis(t)
	client, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: "t-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	d := open(t, someProfiles(t))
	workertest.Through(t, d, client)
	both := doors(t, d, client)
	for _, text := range []string{`tier = "`, `tags.includes("t`, `email = "`} {
		if diff := cmp.Diff(complete(t, both["here"], text), complete(t, both["attached"], text)); diff != "" {
			t.Errorf("%s (-here +attached)\n%s", text, diff)
		}
	}
	findings, err := client.Audit(t.Context())
	if err != nil || len(findings) > 0 {
		t.Errorf("%v (%v)", findings, err)
	}
}
