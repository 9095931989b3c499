package serving

import (
	"io"
	"log/slog"
	"strings"
	"sync"
)

// notes takes the lines that are told of data, and has them in a log.
type notes struct {
	log *slog.Logger

	mu      sync.Mutex
	begun   string // of a line that has not ended
	heading string // of the lines below it, which are indented
}

// Notes returns where what is found in data is told, so that it is in the log.
func Notes(log *slog.Logger) io.Writer { return &notes{log: log} }

// Write logs the lines that are whole.
func (n *notes) Write(text []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begun += string(text)
	for {
		line, rest, whole := strings.Cut(n.begun, "\n")
		if !whole {
			return len(text), nil
		}
		n.begun = rest
		n.line(line)
	}
}

// line logs a line: one that ends with a colon is what those below it are about.
func (n *notes) line(line string) {
	below := strings.HasPrefix(line, "  ")
	line = strings.TrimSpace(strings.TrimPrefix(line, "segq: "))
	switch heading, ok := strings.CutSuffix(line, ":"); {
	case below && n.heading != "":
		n.log.Warn(n.heading, "note", line)
	case ok:
		n.heading = heading
	case line != "":
		n.heading = ""
		n.log.Warn(line)
	}
}
