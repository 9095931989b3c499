package dataset

import (
	"fmt"
	"io"

	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/repl/show"
)

// NoteTraffic says what this process has read from elsewhere, if anything.
func NoteTraffic(w io.Writer) {
	t := object.Total()
	if t.Requests == 0 {
		return
	}
	of := ""
	if t.Size > 0 && t.Size >= t.Bytes { // with what was asked for again, more can have come
		of = " of the " + amount(t.Size)
	}
	fmt.Fprintf(w, "segq: read %s%s in %s, in %s\n", amount(t.Bytes), of,
		show.Plural(int(t.Objects), "remote file", "remote files"), show.Plural(int(t.Requests), "request", "requests"))
}
