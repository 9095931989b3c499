package difftest_test

import (
	"path"
	"strings"
	"testing"
)

// refused is what arrow-go 18.8.0 refuses of the matrix, of the others beside it and of
// what is generated: of which files the columns, with which error. It reads none wrong.
var refused = []struct {
	file    string
	columns []string
	says    string
	why     string
	seen    bool
}{
	{
		file: "pyarrow-*-deltabytes-*", columns: []string{"f16*", "fixed_*", "d[0-9]*", "uuid*", "l_dec.list.element", "none_fixed_raw"},
		says: "panic: unimplemented encoding type",
		why:  "DELTA_BYTE_ARRAY of byte arrays of fixed length is not implemented",
	},
	{
		file: "duckdb-*-V2-*", columns: []string{"u32"},
		says: "exceeds INT32 range",
		why:  "the first value of DELTA_BINARY_PACKED may not be beyond 31 bits, as that of a UINTEGER of DuckDB is",
	},
	{
		file: "boolean-dictionary.parquet", columns: []string{"b", "p"},
		says: "unimplemented for bool",
		why:  "dictionaries of booleans are not implemented",
	},
	{
		file: "lz4-*.parquet", columns: []string{"*"},
		says: "compression for LZ4 unimplemented",
		why:  "the LZ4 of old is not implemented",
	},
	{
		file: "v2-empty.parquet", columns: []string{"value"},
		says: "s2: corrupt input",
		why:  "a page of version 2 without values that says to be compressed, and has no bytes",
	},
	{
		file: "generated/*-BROTLI-v2", columns: []string{"shape*"},
		says: "decoded data exceeds destination size 0",
		why:  "a page of version 2 without values, as arrow-go itself writes it, but with a Brotli stream of none",
	},
	{
		file: "generated/INT*-BROTLI-v2", columns: []string{"shape*"},
		says: "another number of values",
		why:  "the same, where it ends without an error",
	},
	{
		file: "fastparquet-BROTLI-v2-one-1-int96.parquet", columns: []string{"i32"},
		says: "decoded data exceeds destination size 0",
		why:  "a page of version 2 without values but with a Brotli stream of none",
	},
}

// unseen fails for what arrow-go reads by now, of the files that are generated or of the
// others.
func unseen(t *testing.T, generated bool) {
	t.Helper()
	for _, r := range refused {
		if strings.HasPrefix(r.file, "generated/") == generated && !r.seen {
			t.Errorf("arrow-go no longer refuses: %s", r.why)
		}
	}
}

// known says whether an error of arrow-go is listed.
func known(file, column string, err error) bool {
	if err == nil {
		return false
	}
	for i := range refused {
		r := &refused[i]
		if !matches(r.file, file) || !strings.Contains(err.Error(), r.says) {
			continue
		}
		for _, c := range r.columns {
			if matches(c, column) {
				r.seen = true
				return true
			}
		}
	}
	return false
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
