package load_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// rowTextCount are rows enough for texts to stay in their order: unique ones, few, ones that are
// missing from every third row, unique ones but for a default, many that come again, and
// lists of unique ones.
const rowTextCount = 70_000

type textRow struct {
	ID    string   `parquet:"id"`
	State string   `parquet:"state"`
	Mail  *string  `parquet:"mail,optional"`
	Phone string   `parquet:"phone"`
	City  string   `parquet:"city"`
	Tags  []string `parquet:"tags,list"`
}

func textRowOf(i int) textRow {
	r := textRow{ID: fmt.Sprintf("id-%d", i*7919%rowTextCount), State: []string{"CA", "NY"}[i%2], Phone: "none", City: fmt.Sprint("city ", i*7919%3000)}
	if i%3 > 0 {
		mail := fmt.Sprintf("ü%d@ex.com", i)
		r.Mail = &mail
	}
	if i%4 > 0 {
		r.Phone = fmt.Sprint("+1-", i)
	}
	for k := range i % 3 {
		r.Tags = append(r.Tags, fmt.Sprint("tag ", i, "/", k))
	}
	return r
}

func (r textRow) json() string {
	mail := "null"
	if r.Mail != nil {
		mail = `"` + *r.Mail + `"`
	}
	tags := "[]"
	if len(r.Tags) > 0 {
		tags = `["` + strings.Join(r.Tags, `","`) + `"]`
	}
	return fmt.Sprintf(`{"id":"%s","state":"%s","mail":%s,"phone":"%s","city":"%s","tags":%s}`, r.ID, r.State, mail, r.Phone, r.City, tags)
}

func (r textRow) csv() string {
	mail := ""
	if r.Mail != nil {
		mail = *r.Mail
	}
	return strings.Join([]string{r.ID, r.State, mail, r.Phone, r.City}, ",")
}

// TestTextsInRows loads the rows from all formats: what differs stays in the order of the
// rows, also of two files.
func TestTextsInRows(t *testing.T) {
	rows := make([]textRow, rowTextCount)
	lines, csv := make([]string, rowTextCount), []string{"id,state,mail,phone,city"}
	for i := range rows {
		rows[i] = textRowOf(i)
		lines[i] = rows[i].json()
		csv = append(csv, rows[i].csv())
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, files := range map[string][]string{
		"ndjson":  {write("a.ndjson", strings.Join(lines, "\n"))},
		"json":    {write("a.json", "["+strings.Join(lines, ",")+"]")},
		"csv":     {write("a.csv", strings.Join(csv, "\n"))},
		"parquet": {write("a.parquet", string(writeParquet(t, rows)))},
		"two":     {write("b.parquet", string(writeParquet(t, rows[:66_000]))), write("c.parquet", string(writeParquet(t, rows[66_000:])))},
		"mixed":   {write("d.parquet", string(writeParquet(t, rows[:66_000]))), write("e.ndjson", strings.Join(lines[66_000:], "\n"))},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := load.Open(context.Background(), files, load.Options{Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			inRows(t, s, name == "csv")
		})
	}
}

func inRows(t *testing.T, s *column.Snapshot, flat bool) {
	t.Helper()
	if err := column.Verify(s); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"id": true, "state": false, "mail": true, "phone": true, "city": false, "tags": true} {
		f := s.Schema.Field(name)
		if f == nil && flat {
			continue
		}
		c := s.Root.Fields[f.Index]
		if l, ok := c.(*column.List); ok {
			c = l.Elem
		}
		if _, got := c.(*column.Texts); got != want {
			t.Errorf("%s is in the order of the rows: %t", name, got)
		}
	}
	for i := range rowTextCount {
		r := textRowOf(i)
		if flat {
			r.Tags = nil
		}
		got := column.AppendJSON(nil, s.Root, i, s.Schema)
		if flat {
			got = bytes.Replace(got, []byte("}"), []byte(`,"tags":[]}`), 1)
		}
		want := r.json()
		if r.Mail == nil {
			want = strings.Replace(want, `"mail":null,`, "", 1)
		}
		if !flat || i%1000 == 0 {
			if string(got) != want {
				t.Fatalf("row %d: %s, want %s", i, got, want)
			}
		}
	}
}
