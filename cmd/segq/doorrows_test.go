package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/exit"
)

// rowsAsk asks for rows: with flags, and with the fields of a command.
type rowsAsk struct {
	query   string
	flags   []string
	command fields
	// lines are the rows in people.ndjson as --format ndjson writes them, found by hand, or what
	// is wrong.
	lines, wrong string
}

var rowsAsks = []rowsAsk{
	{
		`tier = "gold"`, []string{"--ids"}, fields{"ids": true},
		`{"_id":"ann"}
{"_id":"ben"}
{"_id":"eve"}`, "",
	},
	{
		`points > 100`, []string{"--ids", "--select", "points, home.state, tags, joined, xEvent.count()"},
		fields{"ids": true, "select": "points, home.state, tags, joined, xEvent.count()"},
		`{"_id":"ann","points":120,"home.state":"CA","tags":["a","b"],"joined":"2026-01-05T00:00:00Z","xEvent.count()":2}
{"_id":"cat","points":300,"home.state":"CA","tags":null,"joined":"2020-06-01T00:00:00Z","xEvent.count()":0}
{"_id":"eve","points":9007199254740993,"home.state":null,"tags":["c"],"joined":null,"xEvent.count()":null}`, "",
	},
	{
		`true`, []string{"--select", `tier, home, xEvent[type = "buy"], points + 0.5`, "--limit", "2"},
		fields{"select": `tier, home, xEvent[type = "buy"], points + 0.5`, "limit": 2},
		`{"tier":"gold","home":{"state":"CA"},"xEvent[type = \"buy\"]":[{"type":"buy","at":"2026-10-30T10:00:00Z","total":20.5}],"points + 0.5":120.5}
{"tier":"gold","home":{"state":"NY"},"xEvent[type = \"buy\"]":[{"type":"buy","at":"2026-02-01T10:00:00Z","total":5}],"points + 0.5":80.5}`, "",
	},
	{
		`joined occurs < 1 day before now`, []string{"--ids", "--select", "now, @p, [tier]", "--now", "2026-11-01", "--param", "p=7"},
		fields{"ids": true, "select": "now, @p, [tier]", "now": "2026-11-01T00:00:00Z", "params": fields{"p": 7}},
		`{"_id":"dan","now":"2026-11-01T00:00:00Z","@p":7,"[tier]":["silver"]}`, "",
	},
	{
		`tier != "gold"`, []string{"--ids", "--select", "tier", "--sample", "100", "--seed", "7"}, fields{"ids": true, "select": "tier", "sample": 100, "seed": 7},
		`{"_id":"cat","tier":"silver"}
{"_id":"dan","tier":"silver"}
{"_id":"<gus>","tier":"b&w \"old\""}`, "",
	},
	{`points > 1 and points < 1`, []string{"--ids", "--select", "tags"}, fields{"ids": true, "select": "tags"}, "", ""},
	{`true`, []string{"--select", "tier, teir"}, fields{"select": "tier, teir"}, "", "--select:1:7: error: there is no field teir\n"},
	{`true`, []string{"--ids", "--select", "tier, _id"}, fields{"ids": true, "select": "tier, _id"}, "", "--select:1:7: error: two columns would be called _id\n"},
	{`teir = 1`, []string{"--ids"}, fields{"ids": true}, "", "-c 1:1:1: error: there is no field teir\n"},
}

// TestDoorsToRows asks for the same rows through every door, and compares records, what is
// written in each format, and what is said of errors.
func TestDoorsToRows(t *testing.T) {
	t.Parallel()
	over := []string{"testdata/doors/people.ndjson", "--type", "joined=timestamp"}
	h := openBuilding(t).hall(over)
	for i, ask := range rowsAsks {
		t.Run(ask.query+strings.Join(ask.flags, " "), func(t *testing.T) {
			t.Parallel()
			status, notes := 0, ""
			// Each asks as a tenant of its own, the second time from the cache.
			r := &doorRun{T: t, doorAsk: &doorAsk{over: over}, hall: h, tenant: "preview-" + string(rune('0'+i)), status: &status, notes: &notes}
			for range 2 {
				r.rowRecords(ask)
			}
			r.rowOutputs(ask)
		})
	}
}

// rowRecords compares the records of all doors that give them.
func (r *doorRun) rowRecords(ask rowsAsk) {
	command := fields{"op": "rows", "query": ask.query}
	for key, value := range ask.command {
		command[key] = value
	}
	preview := r.previews([]fields{command})[0]
	id, prefix := uuid.NewString(), "segq:{"+r.hall.namespace+"}:"
	command["id"], command["tenant"] = id, r.tenant
	if err := r.hall.building.client.LPush(r.Context(), prefix+"in", jsonText(command)).Err(); err != nil {
		r.Fatal(err)
	}
	r.hall.building.awaitKeys(r.T, prefix+"job:"+id)
	r.program("", slicesOf([]string{"watch"}, r.there(), []string{id})...)
	submitted := strings.TrimSpace(r.queued("", slicesOf([]string{"submit", "-c", ask.query}, ask.flags)...))
	r.program("", slicesOf([]string{"watch"}, r.there(), []string{submitted})...)
	both := r.recordsIn(r.program("", slicesOf([]string{"results", "--ndjson"}, r.there(), []string{id, submitted})...))
	ingress, results := both[0], both[1]
	for _, one := range []fields{preview, ingress, results} {
		for _, key := range []string{"id", "elapsed_ms", "cached", "now"} {
			delete(one, key)
		}
	}
	if diff := cmp.Diff(ingress, preview); diff != "" {
		r.Errorf("preview (-ingress +preview)\n%s", diff)
	}
	if diff := cmp.Diff(ingress, results); diff != "" {
		r.Errorf("submit (-ingress +submit)\n%s", diff)
	}
	if ask.wrong != "" {
		e, _ := ingress["error"].(fields)
		if in := map[bool]any{true: "select"}[strings.HasPrefix(ask.wrong, "--select")]; e == nil || e["in"] != in {
			r.Errorf("the error is %v", e)
		}
		return
	}
	if got := linesOf(r.T, ingress); got != ask.lines {
		r.Errorf("the record has\n%s\nand not\n%s", got, ask.lines)
	}
}

// linesOf writes the rows of a record as --format ndjson does.
func linesOf(t *testing.T, r fields) string {
	t.Helper()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(r["rows"]); err != nil {
		t.Fatal(err)
	}
	var rows struct {
		Columns []struct{ Name string }
		Rows    [][]json.RawMessage
	}
	if err := json.Unmarshal(text.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, row := range rows.Rows {
		var members []string
		for k, v := range row {
			name, value := jsonText(rows.Columns[k].Name), string(v)
			members = append(members, name+":"+inOrder(value))
		}
		lines = append(lines, "{"+strings.Join(members, ",")+"}")
	}
	return strings.Join(lines, "\n")
}

// inOrder puts the members of an event where they are in the data: what was read as a map is in
// the order of its keys.
func inOrder(value string) string {
	return strings.NewReplacer(`{"at":"2026-10-30T10:00:00Z","total":20.5,"type":"buy"}`, `{"type":"buy","at":"2026-10-30T10:00:00Z","total":20.5}`,
		`{"at":"2026-02-01T10:00:00Z","total":5,"type":"buy"}`, `{"type":"buy","at":"2026-02-01T10:00:00Z","total":5}`).Replace(value)
}

// rowOutputs compares what is printed, and written to files, with and without a queue.
func (r *doorRun) rowOutputs(ask rowsAsk) {
	args := slicesOf([]string{"-q", "-c", ask.query}, ask.flags)
	submit := slicesOf([]string{"submit", "--wait"}, args[1:])
	submitted := strings.TrimSpace(r.queued("", slicesOf([]string{"submit"}, args[1:])...))
	r.program("", slicesOf([]string{"watch"}, r.there(), []string{submitted})...)
	ways := map[string]func(more ...string) string{
		"results": func(more ...string) string {
			return r.program("", slicesOf([]string{"results"}, r.there(), more, []string{submitted})...)
		},
		"redis": func(more ...string) string {
			return r.program("", slicesOf([]string{"--redis", r.hall.building.url}, args, more, r.over)...)
		},
		"attach": func(more ...string) string { return r.queued("", slicesOf([]string{"--attach"}, args, more)...) },
		"submit": func(more ...string) string { return r.queued("", slicesOf(submit, more)...) },
	}
	if ask.wrong != "" {
		for name, way := range ways {
			if out := way(); out != "" || *r.status != exit.WrongQuery || !strings.HasPrefix(strings.Replace(*r.notes, submitted, "-c 1", 1), ask.wrong) {
				r.Errorf("%s: status %d: %s%s", name, *r.status, out, *r.notes)
			}
		}
		return
	}
	if got := r.local("", slicesOf(args, []string{"--format", "ndjson"})...); strings.TrimSpace(got) != ask.lines {
		r.Errorf("local: %s", got)
	}
	for _, format := range []string{"", "table", "vertical", "markdown", "csv", "tsv", "json", "ndjson", "none"} {
		var more []string
		if format != "" {
			more = []string{"--format", format}
		}
		want := r.local("", slicesOf(args, more)...)
		for name, way := range ways {
			if name == "redis" && format != "" && format != "json" {
				continue // it has a worker of its own each time
			}
			if got := way(more...); got != want || *r.status != 0 {
				r.Errorf("%s, %s (status %d): %s\nlocal: %s", name, format, *r.status, got, want)
			}
		}
	}
	for extension, read := range map[string]func([]byte) string{
		".parquet": r.parquetText, ".arrow": r.arrowText, ".csv": func(b []byte) string { return string(b) },
	} {
		fileOf := func(way func(more ...string) string) string {
			file := filepath.Join(r.TempDir(), "rows"+extension)
			way("-o", file)
			b, err := os.ReadFile(file)
			if err != nil {
				r.Fatal(err)
			}
			return read(b)
		}
		want := fileOf(func(more ...string) string { return r.local("", slicesOf(args, more)...) })
		for name, way := range ways {
			if got := fileOf(way); got != want {
				r.Errorf("%s, %s: %s\nlocal: %s", name, extension, got, want)
			}
		}
	}
}

// parquetText returns what arrow-go reads in a Parquet file, its schema first.
func (r *doorRun) parquetText(b []byte) string {
	r.Helper()
	f, err := pqarrow.ReadTable(r.Context(), bytes.NewReader(b), nil, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		r.Fatal(err)
	}
	text := f.Schema().String()
	for batches := array.NewTableReader(f, -1); batches.Next(); {
		text += r.batchText(batches.RecordBatch())
	}
	return text
}

// arrowText returns what arrow-go reads in an Arrow file.
func (r *doorRun) arrowText(b []byte) string {
	r.Helper()
	f, err := ipc.NewFileReader(bytes.NewReader(b))
	if err != nil {
		r.Fatal(err)
	}
	text := f.Schema().String()
	for i := range f.NumRecords() {
		batch, err := f.RecordBatch(i)
		if err != nil {
			r.Fatal(err)
		}
		text += r.batchText(batch)
	}
	return text
}

func (r *doorRun) batchText(batch arrow.RecordBatch) string {
	r.Helper()
	text, err := batch.MarshalJSON()
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}
