package load_test

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segq/segq/exec/load"
)

// streamOf returns a stream in which the batches of a file of the matrix stand so often, and its rows.
func streamOf(t *testing.T, times int) (stream []byte, rows int) {
	t.Helper()
	eachOfZip(t, filepath.Join("testdata", "arrow", "matrix.zip"), ".arrow", func(name string, data, want []byte) {
		if name != "pyarrow-stream-plain-23-0.3" {
			return
		}
		const mark = 8 // of the end, and before the metadata of a message
		schema := mark + int(binary.LittleEndian.Uint32(data[4:]))
		batches := data[schema : len(data)-mark]
		stream = append(bytes.Clone(data[:schema]), bytes.Repeat(batches, times)...)
		stream = append(stream, data[len(data)-mark:]...)
		rows = times * bytes.Count(want, []byte("\n"))
	})
	return stream, rows
}

// TestArrowFarAway counts the requests that a stream takes which lies behind an address, where all of it
// may be held and where little may.
func TestArrowFarAway(t *testing.T) {
	stream, rows := streamOf(t, 40)
	requests := atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("ETag", `"one"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(stream))
	}))
	defer s.Close()
	for _, c := range []struct{ ahead, most int64 }{{64 << 20, 3}, {64 << 10, 20}} {
		end := load.HoldAhead(c.ahead)
		requests.Store(0)
		_, report, err := load.Open(t.Context(), []string{s.URL + "/x.arrows"}, load.Options{Threads: 2})
		end()
		if err != nil {
			t.Fatal(err)
		}
		if report.Rows != rows {
			t.Errorf("%d rows, not %d", report.Rows, rows)
		}
		if n := requests.Load(); n > c.most {
			t.Errorf("%d requests for %d bytes, of which %d may be held", n, len(stream), c.ahead)
		}
	}
}
