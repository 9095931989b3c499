package load_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/load"
)

// Times of day in several units are noted, in files of one format and of several.
func TestClocks(t *testing.T) {
	const tail = ": they are compared as the numbers that they are, and equal times differ"
	for names, want := range map[string][]string{
		"ms.parquet":            nil,
		"us.avro us.parquet":    nil,
		"ms.parquet us.parquet": {"at has times of day or durations in several units, milliseconds in ms.parquet and microseconds in us.parquet"},
		"us.avro ms.avro":       {"at has times of day or durations in several units, microseconds in us.avro and milliseconds in ms.avro"},
		"ms.avro us.parquet":    {"at has times of day or durations in several units, milliseconds in ms.avro and microseconds in us.parquet"},
		"us.feather ms.feather": {
			"at has times of day or durations in several units, microseconds in us.feather and milliseconds in ms.feather",
			"took[] has times of day or durations in several units, microseconds in us.feather and milliseconds in ms.feather",
		},
	} {
		t.Run(names, func(t *testing.T) {
			var files []string
			for _, name := range strings.Fields(names) {
				files = append(files, filepath.Join("testdata/clocks", name))
			}
			table := openTable(t, load.Options{Threads: 2}, files...)
			allOf(t, table)
			var got []string
			for _, note := range table.Report().Notes {
				got = append(got, strings.TrimSuffix(strings.ReplaceAll(note, "testdata/clocks/", ""), tail))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("notes (-want +got)\n%s", diff)
			}
		})
	}
}
