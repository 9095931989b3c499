package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/repl"
)

// TestExportHere: an export of a session with its own data is a file of any format and place, which takes nobody's place
// unless it is told to.
func TestExportHere(t *testing.T) {
	t.Parallel()
	data := someProfiles(t)
	q, err := ask.OpenQueue(t.Context(), ask.Place{Paths: []string{data}, Threads: 2}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	b := New(t.Context(), q, ask.Options{Tenant: "default", Class: "interactive"}, "")
	if b.ExportsStay() {
		t.Error("an export goes on without its data")
	}
	dir := t.TempDir()
	gold := func(file string) repl.Query {
		return repl.Query{Text: `tier = "gold"`, Asks: &repl.Operation{Op: repl.Export, To: "file", Into: filepath.Join(dir, file), IDs: true, Select: "code"}}
	}
	for _, ext := range []string{"csv", "tsv", "json", "ndjson", "md", "txt", "parquet", "arrow"} {
		job := ends(t, b, gold("gold."+ext))
		if job.Answer == nil || job.Answer.Export == nil || *job.Answer.Export.Rows != 250 || job.Answer.Export.File != filepath.Join(dir, "gold."+ext) || job.Answer.Export.Name != "gold."+ext {
			t.Errorf("%s: %+v", ext, job)
			continue
		}
		if info, err := os.Stat(job.Answer.Export.File); err != nil || info.Size() != job.Answer.Export.Bytes {
			t.Errorf("%s: %v, %v", ext, info, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "gold.csv"))
	if err != nil || !strings.HasPrefix(string(text), "_id,code\np0,c0\np4,c4\n") {
		t.Errorf("%.40q, %v", text, err)
	}
	for file, says := range map[string]string{
		"gold.csv": "is there already", "gold.xyz": "follows from the end of its name", ".": "the format",
	} {
		if _, err := b.Submit(t.Context(), gold(file)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", file, err)
		}
	}
	for fields, want := range map[string]string{"code": "", "email, tier": "email", `email = "a", crm`: ""} {
		told := gold("told.csv")
		told.Asks.Select, told.Asks.Replace = fields, true
		if job := ends(t, b, told); job.Answer == nil || strings.Join(job.Answer.Export.Holds, " ") != want {
			t.Errorf("%s: %+v", fields, job.Answer)
		}
	}
	over := gold("gold.csv")
	over.Asks.Replace, over.Asks.Limit = true, 3
	if job := ends(t, b, over); job.Answer == nil || *job.Answer.Export.Rows != 3 {
		t.Errorf("%+v", job)
	}
	over.Asks.Into = data
	if _, err := b.Submit(t.Context(), over); err == nil || !strings.Contains(err.Error(), "is read by this session") {
		t.Errorf("over its own data: %v", err)
	}
	over.Asks.To = "set"
	if _, err := b.Submit(t.Context(), over); err == nil || !strings.Contains(err.Error(), "would go with it") {
		t.Errorf("published: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*segq-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
