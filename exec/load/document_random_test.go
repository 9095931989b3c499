package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
)

// TestDocuments reads random documents, whole and damaged ones, as a whole and cut into
// parts at every row, by readers of all sorts: the outcome is the same, and encoding/json
// agrees on what is JSON.
func TestDocuments(t *testing.T) {
	old := partSize
	defer func() { partSize = old }()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	loaded, refused := 0, 0
	for range 1000 {
		text := randomDocument(random)
		partSize = old
		if w := (&window{r: bytes.NewReader(text), meter: &meter{}}); !utf8.Valid(text) {
			continue // encoding/json takes it
		} else if lines, _ := w.byLine(); lines {
			continue
		}
		want := documentOutcome(bytes.NewReader(text), 1)
		partSize = 1 + random.IntN(60)
		readers := []io.Reader{bytes.NewReader(text), iotest.OneByteReader(bytes.NewReader(text)), iotest.DataErrReader(bytes.NewReader(text))}
		got := documentOutcome(readers[random.IntN(len(readers))], 1+random.IntN(3))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: %q in parts of %d (-whole +parts)\n%s", seed, text, partSize, diff)
		}
		if failed := strings.HasPrefix(want, "error"); failed == isDocument(text) {
			t.Fatalf("seed %d: %q is a document: %t, but loaded: %s", seed, text, isDocument(text), want)
		} else if failed {
			refused++
		} else {
			loaded++
		}
	}
	if loaded < 200 || refused < 200 {
		t.Errorf("%d documents were loaded, %d refused", loaded, refused)
	}
}

// FuzzDocument reads any document as a whole and cut into parts at every row.
func FuzzDocument(f *testing.F) {
	old := partSize
	f.Cleanup(func() { partSize = old })
	random := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		f.Add(randomDocument(random))
	}
	f.Add([]byte("{}0"))
	f.Add([]byte("1true\"a\"{}[2]null-3"))
	f.Fuzz(func(t *testing.T, text []byte) {
		partSize = old
		want := documentOutcome(bytes.NewReader(text), 1)
		partSize = 1
		if diff := cmp.Diff(want, documentOutcome(bytes.NewReader(text), 2)); diff != "" {
			t.Fatalf("in parts (-whole +parts)\n%s", diff)
		}
	})
}

func documentOutcome(r io.Reader, threads int) string {
	s, report, err := Reader(context.Background(), r, "json", "in", Options{Threads: threads})
	if err != nil {
		return "error: " + err.Error()
	}
	var b strings.Builder
	for i := range s.Rows() {
		fmt.Fprintf(&b, "%s\n", column.AppendJSON(nil, s.Root, i, s.Schema))
	}
	slices.SortFunc(report.Misfits, func(a, b Misfit) int { return strings.Compare(a.String(), b.String()) }) // by the parts
	fmt.Fprintln(&b, report.Rejects, report.Misfits, report.Notes)
	return b.String()
}

// isDocument says whether a text is one list, or values one after another.
func isDocument(text []byte) bool {
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return json.Valid(text)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return err == io.EOF
		}
	}
}

// randomDocument makes some rows, a list or one after another, in more than one line so
// that none of them is read as NDJSON, and damages some.
func randomDocument(random *rand.Rand) []byte {
	space := func() string {
		return strings.Repeat([]string{" ", "\n", "\r\n", "\t"}[random.IntN(4)], random.IntN(3))
	}
	var b strings.Builder
	list := random.IntN(2) == 0
	if list {
		b.WriteString("[" + space())
	}
	for i := range 1 + random.IntN(12) {
		if i > 0 && list {
			b.WriteString(space() + "," + space())
		} else if i > 0 {
			b.WriteString(space() + "\n")
		}
		b.WriteString("{" + "\n")
		for k := range random.IntN(5) {
			if k > 0 {
				b.WriteString(space() + ",")
			}
			fmt.Fprintf(&b, "%s%q%s:%s%s", space(), string(rune('a'+(k+random.IntN(3)*7))), space(), space(), randomScalar(random))
		}
		b.WriteString(space() + "}")
	}
	if list {
		b.WriteString(space() + "]")
	}
	text := []byte(b.String() + space())
	for range random.IntN(3) {
		at := random.IntN(len(text))
		switch c := "{}[],:\"\\ \n019tx"[random.IntN(15)]; random.IntN(3) {
		case 0:
			text[at] = c
		case 1:
			text = append(text[:at:at], append([]byte{c}, text[at:]...)...)
		default:
			text = append(text[:at:at], text[at+1:]...)
		}
	}
	return text
}

func randomScalar(random *rand.Rand) string {
	return []string{"1", "-2.5", "1e3", `"x"`, `"a\"b\\"`, `"é\u00e9 {["`, "true", "null", "[]", "[1,[2]]", `{"z":{"y":[{"w":1}]}}`,
		`"2026-01-02T03:04:05Z"`, `"2026-01-02"`, "12345678901234567890"}[random.IntN(14)]
}

// TestLargeDocument loads more than a window of rows, and the same rows as lines.
func TestLargeDocument(t *testing.T) {
	var list, lines bytes.Buffer
	random := rand.New(rand.NewPCG(1, 1))
	list.WriteString("[")
	for i := range 60_000 {
		row := fmt.Sprintf(`{"id":%d,"text":%q,"at":"2026-01-02T03:04:%02dZ","n":[%d,{"a":%q}]}`, i, strings.Repeat("é[", random.IntN(200)), i%60, i, "x")
		list.WriteString(row)
		lines.WriteString(row + "\n")
		if i == 30_000 {
			list.WriteString(`,{"id":-1,"text":"` + strings.Repeat("long ", 1<<20) + `"}`)
			lines.WriteString(`{"id":-1,"text":"` + strings.Repeat("long ", 1<<20) + `"}` + "\n")
		}
		list.WriteString(",\n")
	}
	list.WriteString(`{"id":-2}]`)
	lines.WriteString(`{"id":-2}`)
	var fingerprints []string
	for format, text := range map[string]*bytes.Buffer{"json": &list, "ndjson": &lines} {
		s, report, err := Reader(t.Context(), bytes.NewReader(text.Bytes()), format, "in", Options{Threads: 3})
		if err != nil || report.Rows != 60_002 {
			t.Fatal(format, err, report)
		}
		fingerprints = append(fingerprints, s.Fingerprint)
	}
	if fingerprints[0] != fingerprints[1] {
		t.Error(fingerprints)
	}
}
