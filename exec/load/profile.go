package load

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Profiles reads one profile of JSON after another into a table of one row, whose columns stay
// where they are: what was made for them is good for each profile. A profile is read as a line of
// NDJSON is with [Options.Schema], but that fields which the schema does not name are passed over. It
// belongs to one goroutine.
type Profiles struct {
	snap *column.Snapshot
	own  *check.Type // the schema of what is read, without what is laid beside it
	laid map[*check.Field]*vessel
	root *vessel
	walk walker
	text []byte // what replaces the line where that has a key twice
	// What there is to say of the last profile, beside what did not fit: see [Profiles.Unfit].
	twice, strange bool
}

// NewProfiles returns a reader of profiles of a schema, of which no more is kept than is read, and the
// field that identifies a profile; nil is all. id and events name the fields that have a part of their own, as [Options]
// do.
func NewProfiles(schema *check.Type, reads *check.Reads, id, events string) (*Profiles, error) {
	return NewProfilesBeside(schema, schema, nil, reads, id, events)
}

// NewProfilesBeside is NewProfiles for a schema with fields that no profile has, which own is without:
// [Profiles.Lay] gives them their values.
func NewProfilesBeside(own, schema *check.Type, laid []*check.Field, reads *check.Reads, id, events string) (*Profiles, error) {
	p := &Profiles{snap: &column.Snapshot{Schema: schema}, own: own, laid: map[*check.Field]*vessel{}}
	var err error
	if p.snap.ID, err = idField(schema, id); err != nil {
		return nil, err
	}
	if p.snap.EventsField, err = eventsField(schema, events); err != nil {
		return nil, err
	}
	all := &check.Reads{All: reads == nil}
	if reads != nil {
		all.Add(reads)
		if p.snap.ID != nil {
			all.Field(p.snap.ID.Name).All = true
		}
	}
	p.root = newVessel(schema, all)
	if len(laid) > 0 {
		p.root.layBeside(laid, p.laid)
	}
	p.snap.Root = p.root.col.(*column.Struct)
	p.snap.Root.N = 1
	p.walk.safe = -1
	return p, nil
}

// Snapshot is the table of the profile that was read last. Its columns are those of all profiles.
func (p *Profiles) Snapshot() *column.Snapshot { return p.snap }

// Read reads the profile that line is, and nothing else; line is not kept. After an error the table
// is of no use.
func (p *Profiles) Read(line []byte) error {
	line = bytes.TrimRight(line, " \t\r\n")
	if len(line) > maxRow {
		return errors.New(tooLong)
	}
	err := p.attempt(line)
	p.twice = errors.Is(err, errDuplicate)
	if p.twice {
		// Of members with the same key only the last counts.
		p.walk.pos, p.walk.depth = 0, 0
		if p.text, err = p.walk.dedupe(p.text[:0]); err == nil {
			err = p.attempt(p.text)
		}
	}
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("column %d: %w", utf8.RuneCount(line[:min(syntax.offset, len(line))])+1, syntax)
	}
	return err
}

func (p *Profiles) attempt(line []byte) error {
	w := &p.walk
	w.buf, w.wide, w.pos, w.depth = line, line, 0, 0
	w.unfit, w.nan = false, false
	p.root.empty()
	var err error
	at := w.space(0)
	if at < len(line) && line[at] != '{' && begins(line[at]) {
		at, err = p.bare(at)
	} else {
		at, err = w.intoObject(p.root, at)
	}
	if err != nil {
		return err
	}
	if at = w.space(at); at < len(line) {
		return w.wrong(at, "the end of the profile")
	}
	p.root.pad(1)
	p.root.finish()
	p.strange = w.nan
	return nil
}

// bare reads a value that is no object as the only field of a profile.
func (p *Profiles) bare(at int) (int, error) {
	if v := p.root.byName[bareField]; v != nil {
		return p.walk.into(v, at, mapDepth(bareField))
	}
	return 0, p.walk.wrong(at, "an object")
}

// into reads the value at pos as the next row of v. maps is how many levels of maps objects here are by
// their name.
func (w *walker) into(v *vessel, pos, maps int) (int, error) {
	if pos = w.space(pos); pos == len(w.buf) {
		return 0, w.wrong(pos, "a value")
	}
	c := w.buf[pos]
	if v.fill == nil || c == 'n' || c == 'N' {
		w.nan = w.nan || v.fill != nil && c == 'N'
		return w.pass(v, pos)
	}
	return v.fill(w, v, pos, maps)
}

// pass reads a value of which nothing is kept: the row is null.
func (w *walker) pass(v *vessel, pos int) (int, error) {
	w.pos = pos
	err := w.skip()
	v.null()
	return w.pos, err
}

// intoObject reads the object at pos, or an empty list, which is one without fields.
func (w *walker) intoObject(v *vessel, pos int) (int, error) {
	if pos >= len(w.buf) || w.buf[pos] != '{' {
		return 0, w.wrong(pos, "an object")
	}
	row := v.rows
	pos, more, err := w.inside(pos, '}')
	for next := 0; more && err == nil; {
		w.pos = pos
		var key []byte
		if key, err = w.key(); err != nil {
			break
		}
		f := v.member(key, &next)
		if err = w.colon(); err != nil {
			break
		}
		if f == nil {
			err = w.skip()
			pos = w.pos
		} else {
			if f.rows > row {
				return 0, errDuplicate
			}
			f.pad(row)
			pos, err = w.into(f, w.pos, f.maps)
		}
		if err == nil {
			pos, more, err = w.after(pos, '}')
		}
	}
	v.value()
	return pos, err
}

// intoObjectOr reads what is at pos into a vessel of objects.
func intoObjectOr(w *walker, v *vessel, pos, _ int) (int, error) {
	switch {
	case w.buf[pos] == '{':
		return w.intoObject(v, pos)
	case w.emptyList(pos):
		v.value()
	default:
		w.unfit = true
		v.null()
	}
	w.pos = pos
	err := w.skip()
	return w.pos, err
}

// emptyList says whether there is a list without elements at pos, which is an empty object or map
// where these are expected, as PHP writes them.
func (w *walker) emptyList(pos int) bool {
	if w.buf[pos] != '[' {
		return false
	}
	end := w.space(pos + 1)
	return end < len(w.buf) && w.buf[end] == ']'
}

// intoList reads what is at pos into a vessel of lists: what the lists have inside is a list of
// one.
func intoList(w *walker, v *vessel, pos, maps int) (int, error) {
	if w.buf[pos] == '[' {
		pos, more, err := w.inside(pos, ']')
		for more && err == nil {
			if pos, err = w.into(v.elem, pos, maps); err == nil {
				pos, more, err = w.after(pos, ']')
			}
		}
		v.value()
		return pos, err
	}
	if of := w.formAt(pos); of != v.core {
		w.unfit = true
		return w.pass(v, pos)
	}
	pos, err := w.into(v.elem, pos, maps)
	v.value()
	return pos, err
}

// formAt is the form of the value at pos, which is no list.
func (w *walker) formAt(pos int) form {
	if w.buf[pos] == '{' {
		return formObject
	}
	return formScalar
}

// intoMap reads the object at pos into a vessel of maps.
func intoMap(w *walker, v *vessel, pos, maps int) (int, error) {
	if w.buf[pos] != '{' {
		if w.emptyList(pos) {
			v.value()
		} else {
			w.unfit = true
			v.null()
		}
		w.pos = pos
		err := w.skip()
		return w.pos, err
	}
	// What is in the values may be of this very vessel, as in maps of maps: entries are kept until they are read.
	first := len(w.entries)
	pos, err := w.findEntries(pos)
	defer func() { w.entries = w.entries[:first] }()
	if err != nil {
		return 0, err
	}
	if err := sortEntriesOf(w.entries[first:]); err != nil {
		return 0, err
	}
	for i := first; i < len(w.entries); i++ {
		e := w.entries[i]
		if c := w.buf[e.at]; maps == 0 && (c == 'n' || c == 'N') {
			continue // of objects that are maps by their type alone, what is null is not there
		}
		v.keys.add(e.key)
		below := max(maps-1, 0)
		if maps == 0 {
			below = mapDepth(e.key)
		}
		if _, err := w.into(v.elem, e.at, below); err != nil {
			return 0, err
		}
	}
	v.value()
	return pos, nil
}

// entryAt is an entry of a map, and the place of its value.
type entryAt struct {
	key string
	at  int
}

// findEntries passes over the object at pos, and notes its entries.
func (w *walker) findEntries(pos int) (int, error) {
	w.pos = pos
	err := w.eachMember(func() error {
		key, err := w.text()
		if err != nil {
			return err
		}
		name := string(key)
		if err := w.colon(); err != nil {
			return err
		}
		w.entries = append(w.entries, entryAt{name, w.space(w.pos)})
		return w.skip()
	})
	return w.pos, err
}
