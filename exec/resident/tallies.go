package resident

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang/check"
)

// Tallies adds up what engines have gathered of the values of one query over parts of the rows, see [exec.Query].Tallied, and
// describes the values as an engine over all rows does: exactly.
type Tallies struct {
	tally    *tally
	meter    meter
	examples []string
}

// NewTallies returns an empty sum of values of a type, which may hold so many bytes.
func NewTallies(t *check.Type, memory int64) *Tallies {
	s := &Tallies{meter: meter{budget: newBudget(Options{Memory: memory, QueryMemory: memory})}}
	s.tally = newTally(t, &s.meter, 0)
	return s
}

var errTally = errors.New("what was gathered of the values cannot be read")

// Add adds what an engine has gathered.
func (s *Tallies) Add(of []byte) error {
	r := &tallyReader{of}
	other := newTally(&check.Type{Kind: s.tally.kind}, &s.meter, 0)
	err := r.tally(other)
	if err == nil {
		err = s.tally.merge(other)
	}
	for err == nil && len(r.b) > 0 {
		var text string
		if text, err = r.text(); err == nil && len(s.examples) < examples {
			s.examples = append(s.examples, text)
		}
	}
	return err
}

// Describe describes the values.
func (s *Tallies) Describe() (*exec.Values, error) {
	v, err := s.tally.describe()
	if err == nil {
		v.Examples = s.examples
	}
	return v, err
}

// append appends what was gathered, and examples, to dst.
func (t *tally) append(dst []byte, examples []string) ([]byte, error) {
	dst = binary.AppendUvarint(append(dst, byte(t.kind)), uint64(t.present))
	switch {
	case t.numbers != nil:
		dst = t.numbers.write(dst)
	case t.values != nil:
		if err := t.values.spell(); err != nil {
			return nil, err
		}
		dst = binary.AppendUvarint(dst, uint64(t.values.texts.used))
		for _, one := range t.values.texts.slots {
			if one.n > 0 {
				dst = binary.AppendUvarint(appendText(dst, one.text), uint64(one.n))
			}
		}
	}
	for _, one := range examples {
		dst = appendText(dst, one)
	}
	return dst, nil
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// write appends the numbers in their order, each with how often it is there; or, where they are lost, what is known of all.
func (d *distribution) write(dst []byte) []byte {
	dst = binary.AppendUvarint(binary.AppendUvarint(dst, uint64(d.n)), uint64(d.infinite))
	if d.lost {
		dst = append(dst, 1, yes(d.whole))
		for _, x := range []float64{d.min, d.max} {
			dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
		}
		return d.sum.Append(dst)
	}
	all := d.counted()
	dst = binary.AppendUvarint(append(dst, 0), uint64(len(all)))
	before := int64(0)
	for _, one := range all {
		dst = binary.AppendUvarint(dst, uint64(one.key-before)) // modulo 2^64
		dst = binary.AppendUvarint(dst, uint64(one.n))
		before = one.key
	}
	return dst
}

func yes(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// counted returns all numbers in their order, with how often each is there.
func (d *distribution) counted() (all []frequency) {
	for _, one := range d.some.slots {
		if one.n > 0 {
			all = append(all, one)
		}
	}
	for _, key := range d.sorted() {
		if last := len(all) - 1; last >= 0 && all[last].key == key {
			all[last].n++
		} else {
			all = append(all, frequency{key, 1})
		}
	}
	slices.SortFunc(all, func(a, b frequency) int { return cmp.Compare(a.key, b.key) })
	merged := all[:0]
	for _, one := range all {
		if last := len(merged) - 1; last >= 0 && merged[last].key == one.key {
			merged[last].n += one.n
		} else {
			merged = append(merged, one)
		}
	}
	return merged
}

// tallyReader reads what tallies have appended.
type tallyReader struct{ b []byte }

func (r *tallyReader) number() (uint64, error) {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		return 0, errTally
	}
	r.b = r.b[size:]
	return n, nil
}

func (r *tallyReader) count() (int, error) {
	n, err := r.number()
	if err == nil && n > math.MaxInt64/2 {
		err = errTally
	}
	return int(n), err
}

func (r *tallyReader) take(n int) ([]byte, error) {
	if n < 0 || n > len(r.b) {
		return nil, errTally
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b, nil
}

func (r *tallyReader) text() (string, error) {
	n, err := r.count()
	if err != nil {
		return "", err
	}
	b, err := r.take(n)
	return string(b), err
}

// tally reads one that is empty.
func (r *tallyReader) tally(to *tally) error {
	kind, err := r.take(1)
	if err != nil || kind[0] != byte(to.kind) {
		return errTally
	}
	if to.present, err = r.count(); err != nil {
		return err
	}
	switch {
	case to.numbers != nil:
		return r.distribution(to.numbers)
	case to.values != nil:
		return r.texts(to.values)
	}
	return nil
}

func (r *tallyReader) texts(to *counter) error {
	n, err := r.count()
	for range n {
		var text string
		var times int
		if text, err = r.text(); err == nil {
			times, err = r.count()
		}
		if err == nil {
			err = to.plusText(text, times, false)
		}
		if err != nil {
			return err
		}
	}
	return err
}

func (r *tallyReader) distribution(d *distribution) (err error) {
	if d.n, err = r.count(); err != nil {
		return err
	}
	if d.infinite, err = r.count(); err != nil {
		return err
	}
	lost, err := r.take(1)
	if err != nil {
		return err
	}
	if lost[0] == 1 {
		return r.lost(d)
	}
	n, err := r.count()
	if err != nil || n > len(r.b) { // each takes two bytes at least
		return errTally
	}
	d.lost = d.meter.charge(n*numberBytes) != nil
	if !d.lost {
		d.held = n * numberBytes
		d.some.fit(n)
	}
	key := int64(0)
	for range n {
		by, err := r.number()
		if err != nil {
			return err
		}
		times, err := r.count()
		if err != nil || times == 0 {
			return errTally
		}
		key += int64(by)
		d.note(d.number(key), times)
		if !d.lost {
			d.some.add(key, times)
		}
	}
	return nil
}

// lost reads what is known of numbers that are not there.
func (r *tallyReader) lost(d *distribution) error {
	d.lost = true
	b, err := r.take(1 + 2*8)
	if err != nil {
		return err
	}
	d.whole = b[0] == 1
	d.min, d.max = math.Float64frombits(binary.LittleEndian.Uint64(b[1:])), math.Float64frombits(binary.LittleEndian.Uint64(b[9:]))
	if b, err = r.take(statistic.SumBytes); err != nil {
		return err
	}
	d.sum.Read(b)
	return nil
}
