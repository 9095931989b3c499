package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/backend"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/repl"
)

// schemaOfPeople is what a reader of testdata/doors/people.ndjson would say that it holds.
const schemaOfPeople = `_id	string
tier	string
points	int
home	object
home.state	string
tags	list<string>
joined	timestamp
xEvent	list<object>
xEvent.type	string
xEvent.at	timestamp
xEvent.total	float`

// TestDoorsToTheSchema: every door that tells the fields of the data tells the same.
func TestDoorsToTheSchema(t *testing.T) {
	t.Parallel()
	over := []string{"testdata/doors/people.ndjson", "--type", "joined=timestamp"}
	h := openBuilding(t).hall(over)
	status, notes := 0, ""
	r := &doorRun{T: t, doorAsk: &doorAsk{over: over}, hall: h, tenant: "preview-0", status: &status, notes: &notes}
	attached := backend.New(t.Context(), openSession(t, slicesOf([]string{"--attach"}, r.there()), nil), sessionOptions(t, nil).asking(console.Streams{}), "")
	for door, got := range map[string]string{
		"segq schema": r.program("", slicesOf([]string{"schema"}, over)...),
		"preview":     fieldsIn(r.request("GET", "/schema", nil)["fields"]),
		"ingress":     fieldsIn(r.schemaJob()["schema"]),
		"session":     fieldsOf(backend.New(t.Context(), h.own, sessionOptions(t, nil).asking(console.Streams{}), "")),
		"attached":    fieldsOf(attached),
	} {
		if diff := cmp.Diff(schemaOfPeople, strings.TrimSpace(got)); diff != "" {
			t.Errorf("%s (-data +said)\n%s", door, diff)
		}
	}
}

// fieldsIn writes the fields in JSON as segq schema does.
func fieldsIn(v any) string {
	var out bytes.Buffer
	list, _ := v.([]any)
	for _, f := range list {
		out.WriteString(f.(fields)["path"].(string) + "\t" + f.(fields)["type"].(string) + "\n")
	}
	return out.String()
}

// fieldsOf writes what a session says of the fields.
func fieldsOf(b repl.Backend) string {
	var out bytes.Buffer
	for _, f := range b.Schema() {
		out.WriteString(f.Path + "\t" + f.Type + "\n")
	}
	return out.String()
}

// schemaJob asks for the schema with a command.
func (r *doorRun) schemaJob() fields {
	r.Helper()
	id, prefix := uuid.NewString(), "segq:{"+r.hall.namespace+"}:"
	if err := r.hall.building.client.LPush(r.Context(), prefix+"in", jsonText(fields{"id": id, "op": "schema"})).Err(); err != nil {
		r.Fatal(err)
	}
	r.hall.building.awaitKeys(r.T, prefix+"job:"+id)
	r.program("", slicesOf([]string{"watch"}, r.there(), []string{id})...)
	return r.recordsIn(r.program("", slicesOf([]string{"results", "--ndjson"}, r.there(), []string{id})...))[0]
}
