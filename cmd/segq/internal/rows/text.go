package rows

import (
	"io"
	"sync"

	"github.com/segq/segq/exec/column"
)

// text writes a format that is a head, rows that do not depend on each other, and a tail.
type text struct {
	w    io.Writer
	head []byte
	// rows appends n rows.
	rows func(dst []byte, n int, columns []column.Column) []byte
	tail string
	// empty is all there is where there are no rows; "" for head and tail.
	empty string
	// between is how many bytes a row begins with that the first of all does not have.
	between int
	begun   bool

	mu   sync.Mutex
	free []*textPart // whose memory is used again
}

// Begin begins a part.
func (t *text) Begin() Part {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := len(t.free) - 1; last >= 0 {
		p := t.free[last]
		t.free = t.free[:last]
		return p
	}
	return &textPart{t: t}
}

// Close writes the tail.
func (t *text) Close() error {
	if !t.begun && t.empty != "" {
		_, err := io.WriteString(t.w, t.empty)
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	_, err := io.WriteString(t.w, t.tail)
	return err
}

func (t *text) begin() error {
	if t.begun {
		return nil
	}
	t.begun = true
	_, err := t.w.Write(t.head)
	return err
}

// textPart is a part as text.
type textPart struct {
	t *text
	b []byte
}

func (p *textPart) Add(n int, columns []column.Column) error {
	p.b = p.t.rows(p.b, n, columns)
	return nil
}

func (p *textPart) End() error { return nil }

func (p *textPart) Emit() error {
	first := !p.t.begun
	if err := p.t.begin(); err != nil {
		return err
	}
	b := p.b
	if first && len(b) > 0 {
		b = b[p.t.between:]
	}
	_, err := p.t.w.Write(b)
	p.b = p.b[:0]
	p.t.mu.Lock()
	defer p.t.mu.Unlock()
	p.t.free = append(p.t.free, p)
	return err
}
