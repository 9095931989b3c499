package load

import (
	"fmt"
	"slices"
	"sync"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// Parts is the rows of a table of which nothing is to be kept: some row groups at a time,
// which [PartReader]s read, each into the same memory again and again.
type Parts struct {
	// Rows is the number of rows, and Size how many bytes of the files are read.
	Rows int
	Size int64

	table   *Table
	units   []*unit
	files   []partedFile
	all     []groupRange
	threads int
	largest int64         // what the columns of a part hold at most, by the footers
	idle    chan struct{} // a token for each thread that no reader is

	// Guarded by the mutex of the table: readers that are not closed, and the decimals that they
	// found that a float cannot tell from others, by leaf.
	open    int
	inexact map[string]int

	mu      sync.Mutex
	next    int   // the first part that nobody reads
	advised int   // the first part that the system was not told of
	ahead   int64 // how much it was told of that was not read
	read    int64 // how much was read
	left    int   // how many parts were not
}

// partedFile is a file of a table of which some columns are read.
type partedFile struct {
	*tableFile
	schema *element     // of what is read
	read   []*folderKey // with it
	// others are files without which nobody would know what the fields are that this one
	// does not have.
	others []int
}

// groupRange is row groups of a file.
type groupRange struct {
	file, from, to int
	before, first  int // rows of the file before, and of the table
	rows           int
	size           int64 // in the file
}

// Parts divides the rows of a table of which nothing is to be kept: into row groups one after
// another, of which the columns that are read hold about so many bytes at most, by what the
// footers say. It is nil where that makes one part, or where what a field is depends on all of
// its values.
func (t *Table) Parts(reads *check.Reads, most int64) (*Parts, error) {
	t.mu.Lock()
	need := t.needed(reads)
	t.mu.Unlock()
	p := &Parts{table: t, threads: max(1, t.options.Threads)}
	for _, u := range t.units {
		if need[u] {
			p.units = append(p.units, u)
		}
	}
	p.units = t.withPresence(p.units)
	if slices.ContainsFunc(p.units, func(u *unit) bool { return u.doubtful }) {
		return nil, nil
	}
	p.describe()
	for i := range p.files {
		if err := p.divide(i, most); err != nil {
			return nil, err
		}
	}
	if p.left = len(p.all); p.left < 2 {
		return nil, nil
	}
	return p, nil
}

// describe says what of the files is read.
func (p *Parts) describe() {
	p.files = make([]partedFile, len(p.table.files))
	for i, f := range p.table.files {
		p.files[i] = partedFile{tableFile: f, schema: f.reads(p.units, i), read: keysOfUnits(p.units, i)}
	}
	var telling []int // files that tell of each unit what it is
	for _, u := range p.units {
		best := slices.IndexFunc(p.table.files, func(f *tableFile) bool { return f.tells(u, slices.Index(p.table.files, f)) })
		if best >= 0 && !slices.Contains(telling, best) {
			telling = append(telling, best)
		}
	}
	for i := range p.files {
		p.files[i].others = slices.DeleteFunc(slices.Clone(telling), func(k int) bool { return k == i })
	}
}

// tells says whether a file, of that number, tells what a unit is.
func (f *tableFile) tells(u *unit, file int) bool {
	return u.in(file) && !slices.ContainsFunc(u.columns[file], func(column int) bool { return f.leaves[column].node.seen == 0 })
}

// divide makes parts of a file.
func (p *Parts) divide(file int, most int64) error {
	f := p.files[file]
	held, sizes, err := p.sizesOf(file)
	if err != nil {
		return err
	}
	at := groupRange{first: p.Rows}
	all := int64(0)
	for g, group := range f.file.Meta.Groups {
		if at.rows > 0 && all+held[g] > most {
			p.all = append(p.all, at)
			at, all = groupRange{from: g, before: at.before + at.rows, first: at.first + at.rows}, 0
		}
		at.file, at.to, at.rows, at.size = file, g+1, at.rows+int(group.Rows), at.size+sizes[g]
		all += held[g]
		p.largest = max(p.largest, all)
		p.Size += sizes[g]
	}
	if at.rows > 0 {
		p.all = append(p.all, at)
	}
	p.Rows += f.rows
	return nil
}

// sizesOf returns by row group of a file about what the columns that are read will hold, and
// their bytes in the file.
func (p *Parts) sizesOf(file int) (held, sizes []int64, err error) {
	f := p.files[file]
	held, sizes = make([]int64, len(f.file.Meta.Groups)), make([]int64, len(f.file.Meta.Groups))
	for _, u := range p.units {
		for _, column := range u.columns[file] {
			chunks, err := f.file.Meta.Column(column)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", f.name, err)
			}
			for g := range chunks {
				held[g] += f.leaves[column].sizeOf(&chunks[g])
				sizes[g] += max(chunks[g].Size, 0)
			}
		}
	}
	return held, sizes, nil
}

// sizeOf returns about what a column chunk will hold, and what is needed beside it, as far as
// the footer can be believed.
func (f *leafPlan) sizeOf(c *parquet.Column) int64 {
	const most = 1 << 40
	if c.Values < 0 || c.Unpacked < 0 || c.Values > most || c.Unpacked > most {
		return 0
	}
	held, meanwhile := f.foreseen(c)
	return held + meanwhile
}

// aheadBytes is about how much the system is asked to read before anybody needs it.
const aheadBytes = 32 << 20

// take returns a part that nobody reads yet, nil for none. It tells the system which will be read soon, before
// another reader takes one of these: that one would ask a distant server for what is asked for already.
func (p *Parts) take() *groupRange {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == len(p.all) {
		return nil
	}
	from := p.advised
	for ; p.advised < len(p.all) && (p.ahead < aheadBytes || p.advised == p.next); p.advised++ {
		p.ahead += p.all[p.advised].size
	}
	p.next++
	part := &p.all[p.next-1]
	p.ahead -= part.size
	p.advise(p.all[from:p.advised])
	return part
}

// Len returns the number of parts.
func (p *Parts) Len() int { return len(p.all) }

// complete says whether all parts were read.
func (p *Parts) complete() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left == 0
}

// Progress says how many of the bytes of the files were read.
func (p *Parts) Progress() (read, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.read, p.Size
}
