package load_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// TestOneRuleOfTimes reads the same times from every format (testdata/times/make.py).
func TestOneRuleOfTimes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "times", "times.*"))
	if err != nil || len(files) != 5 {
		t.Fatal(files, err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "times", "want.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		t.Run(filepath.Ext(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s, r, err := load.Reader(context.Background(), bytes.NewReader(data), strings.TrimPrefix(filepath.Ext(name), "."), "in", load.Options{})
			if err != nil {
				t.Fatal(err)
			}
			compareRows(t, s, want)
			for _, f := range s.Schema.Fields {
				if f.Type.Kind != check.Timestamp || len(r.Misfits) > 0 || len(r.Notes) > 0 {
					t.Errorf("%s is %s; %q, %q", f.Name, typeText(f.Type), r.Misfits, r.Notes)
				}
			}
		})
	}
}
