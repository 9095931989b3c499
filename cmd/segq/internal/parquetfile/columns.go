package parquetfile

import (
	"io"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Columns writes a file of columns. All of it is optional; lists and maps are LIST and MAP, as
// the format has them today, instants are in UTC to the millisecond, an Interval, a value without
// a type and an object without fields are text.
type Columns struct {
	file
	nodes []*node
	// group is the row group that is collected: its pages are written when there are enough.
	group []*chunk
	held  int64 // rows
	dicts []*encodedDict

	mu      sync.Mutex     // guards what follows
	free    []*Pages       // whose memory is used again
	encoded []*encodedDict // of each leaf, the last one that was needed
}

// encodedDict is a dictionary as a page. It is made where a column that has it is added: nobody
// reads the memory of columns later, which may be gone.
type encodedDict struct {
	of       *column.Dict
	page     []byte
	unpacked int64
}

// dictionary returns a dictionary as a page of a leaf.
func (w *Columns) dictionary(leaf int, d *column.Dict) *encodedDict {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := w.encoded[leaf]
	if e == nil || e.of != d {
		p := &page{body: plainDict(d)}
		e = &encodedDict{of: d}
		e.page, e.unpacked = p.appendDictionary(nil, d.Len())
		w.encoded[leaf] = e
	}
	return e
}

// A row group has at least so many rows, as many as DuckDB gives it, or so many bytes of pages.
const (
	groupRows  = 122_880
	groupBytes = 128 << 20
)

// NewColumns returns a writer to w of rows with these fields.
func NewColumns(w io.Writer, fields []*check.Field) *Columns {
	c := &Columns{file: file{w: w, root: &element{name: "schema"}}}
	for _, f := range fields {
		n := c.node(f.Name, f.Type, place{})
		c.nodes = append(c.nodes, n)
		c.root.children = append(c.root.children, n.element)
	}
	c.encoded = make([]*encodedDict, len(c.leaves))
	c.clear()
	return c
}

// clear begins a row group.
func (w *Columns) clear() {
	w.held, w.group, w.dicts = 0, make([]*chunk, len(w.leaves)), make([]*encodedDict, len(w.leaves))
	for i, l := range w.leaves {
		w.group[i] = &chunk{leaf: l}
	}
}

// Pages is rows that follow each other, as pages: several can be made at once, each by one
// goroutine.
type Pages struct {
	w      *Columns
	leaves []*leafPages
	rows   int64
}

// Begin returns pages without rows.
func (w *Columns) Begin() *Pages {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last := len(w.free) - 1; last >= 0 {
		p := w.free[last]
		w.free = w.free[:last]
		return p
	}
	p := &Pages{w: w, leaves: make([]*leafPages, len(w.leaves))}
	for i, l := range w.leaves {
		p.leaves[i] = &leafPages{leaf: l, encode: func(d *column.Dict) *encodedDict { return w.dictionary(i, d) }}
	}
	return p
}

// Add adds n rows of columns, which run along the fields of the file.
func (p *Pages) Add(n int, columns []column.Column) error {
	for i, c := range columns {
		p.shred(p.w.nodes[i], c, slots{n: n})
	}
	p.rows += int64(n)
	for _, l := range p.leaves {
		l.endRows(int32(n), pageValues)
	}
	return nil
}

// End ends the last pages. No rows are added then.
func (p *Pages) End() error {
	for _, l := range p.leaves {
		l.endRows(0, 1)
	}
	return nil
}

// Emit adds the pages to the file, after those that were emitted before.
func (p *Pages) Emit() error {
	w := p.w
	for i, l := range p.leaves {
		if l.dict != nil && w.dicts[i] != nil && l.dict != w.dicts[i] { // a row group has one
			if err := w.flush(); err != nil {
				return err
			}
			break
		}
	}
	var bytes int64
	for i, l := range p.leaves {
		if l.dict != nil {
			w.dicts[i] = l.dict
		}
		l.addTo(w.group[i])
		bytes += w.group[i].unpacked
	}
	w.held, p.rows = w.held+p.rows, 0
	w.mu.Lock()
	w.free = append(w.free, p)
	w.mu.Unlock()
	if w.held >= groupRows || bytes >= groupBytes {
		return w.flush()
	}
	return nil
}

// flush writes the row group.
func (w *Columns) flush() error {
	if w.held == 0 {
		return nil
	}
	for i, d := range w.dicts {
		if d != nil {
			w.group[i].dictionary = d.page
			w.group[i].unpacked += d.unpacked
		}
	}
	err := w.commit(w.group, w.held)
	w.clear()
	return err
}

// Close writes what is left and the footer.
func (w *Columns) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.close()
}
