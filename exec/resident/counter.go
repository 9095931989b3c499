package resident

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// counter counts values of one kind: texts, or integers that stand for the values: codes of a
// dictionary, keys of floats, instants, or themselves.
type counter struct {
	kind check.Kind
	dict *column.Dict // nil where texts have none
	// codes counts the integers from least on where they are few; else nil.
	codes []int
	least int64
	keys  frequencies
	texts texts
	meter *meter
	held  int // bytes that are charged
	// most is how many different values there may be, 0 for any number; over says that there
	// are more.
	most int
	over *atomic.Bool
}

// fewCodes is up to how many integers are counted by a slice, whatever the number of rows; for a
// row there may be slotsPerRow.
const (
	fewCodes    = 1 << 14
	slotsPerRow = 4
)

// dense counts by a slice if the integers from least on are not too many for so many rows.
func (c *counter) dense(least, n int64, rows int) error {
	if n <= 0 || n > fewCodes && (c.most > 0 || n > slotsPerRow*int64(rows)) {
		return nil
	}
	if err := c.charge(8 * int(n)); err != nil {
		return err
	}
	c.codes, c.least = make([]int, n), least
	return nil
}

// charge charges for what is held.
func (c *counter) charge(n int) error {
	if err := c.meter.charge(n); err != nil {
		return err
	}
	c.held += n
	return nil
}

// plus adds to the number of an integer.
func (c *counter) plus(key int64, n int) error {
	if c.codes != nil {
		c.codes[key-c.least] += n
		return nil
	}
	if c.keys.used > 0 {
		if s := c.keys.of(key); s.n > 0 {
			s.n += n
			return nil
		}
	}
	if c.full(c.keys.used) {
		return nil
	}
	if err := c.charge(entryBytes); err != nil {
		return err
	}
	c.keys.fit(1)
	c.keys.add(key, n)
	return nil
}

// plusText adds to the number of a text, which is valid until it returns where it is not kept.
func (c *counter) plusText(text string, n int, kept bool) error {
	return c.plusHashed(text, hashOf(text), n, kept)
}

// plusHashed does the same for a text with its hash.
func (c *counter) plusHashed(text string, hash uint64, n int, kept bool) error {
	if c.texts.used > 0 {
		if s := c.texts.of(text, hash); s.n > 0 {
			s.n += n
			return nil
		}
	}
	if c.full(c.texts.used) {
		return nil
	}
	bytes := entryBytes
	if !kept {
		bytes += len(text)
		text = strings.Clone(text)
	}
	if err := c.charge(bytes); err != nil {
		return err
	}
	c.texts.fit(1)
	*c.texts.of(text, hash) = textSlot{hash, text, n}
	c.texts.used++
	return nil
}

// full says whether there may be no other value beside so many.
func (c *counter) full(values int) bool {
	if c.most == 0 || values < c.most {
		return false
	}
	c.over.Store(true)
	return true
}

// integers calls f with each integer that was seen.
func (c *counter) integers(f func(key int64, n int) error) error {
	for code, n := range c.codes {
		if n > 0 {
			if err := f(c.least+int64(code), n); err != nil {
				return err
			}
		}
	}
	for _, one := range c.keys.slots {
		if one.n > 0 {
			if err := f(one.key, one.n); err != nil {
				return err
			}
		}
	}
	return nil
}

// merge adds what another has counted, whose integers mean the same.
func (c *counter) merge(other *counter) error {
	if c.codes == nil && c.most == 0 {
		c.keys.fit(other.keys.used)
	}
	if c.most == 0 && c.texts.used < other.texts.used {
		c.texts, c.held, other.texts, other.held = other.texts, other.held, c.texts, c.held
	}
	if c.most == 0 {
		c.texts.fit(other.texts.used)
	}
	if err := other.integers(c.plus); err != nil {
		return err
	}
	for _, one := range other.texts.slots {
		if one.n > 0 {
			if err := c.plusHashed(one.text, one.hash, one.n, true); err != nil {
				return err
			}
		}
	}
	c.meter.free(other.held)
	return nil
}

// spell counts by their texts what was counted by the codes of a dictionary.
func (c *counter) spell() error {
	if c.dict == nil {
		return nil
	}
	err := c.integers(func(key int64, n int) error { return c.plusText(c.dict.At(uint32(key)), n, true) })
	c.dict, c.codes, c.keys = nil, nil, frequencies{}
	return err
}

// tallied is a value that was counted: its key where it has no text.
type tallied struct {
	key  int64
	text string
	n    int
}

// before compares values, the most frequent first and equally frequent ones in order. Keys are in
// the order of what they stand for.
func (a tallied) before(b tallied) int {
	return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.key, b.key), cmp.Compare(a.text, b.text))
}

// top returns the most frequent values, at most so many, and how many there are.
func (c *counter) top(most int) (top []exec.ValueCount, distinct int) {
	return c.topOf(most, func(add func(tallied)) {
		_ = c.integers(func(key int64, n int) error {
			add(tallied{key: key, n: n})
			return nil
		})
		for _, one := range c.texts.slots {
			if one.n > 0 {
				add(tallied{text: one.text, n: one.n})
			}
		}
	})
}

// topOf does the same for the values that each adds.
func (c *counter) topOf(most int, each func(add func(tallied))) (top []exec.ValueCount, distinct int) {
	var all []tallied
	var least tallied // of the most frequent, once there are as many
	each(func(one tallied) {
		if distinct++; least.n > 0 && one.before(least) > 0 {
			return
		}
		if all = append(all, one); most < math.MaxInt/2 && len(all) >= 2*most {
			slices.SortFunc(all, tallied.before)
			all = all[:most]
			least = all[most-1]
		}
	})
	slices.SortFunc(all, tallied.before)
	for _, one := range all[:min(len(all), most)] {
		// A text may lie in the snapshot's memory, which the result outlives.
		text := strings.Clone(one.text)
		if c.texts.used == 0 {
			text = c.text(one.key)
		}
		top = append(top, exec.ValueCount{Value: text, Count: one.n})
	}
	return top, distinct
}

// text returns the text of what an integer stands for.
func (c *counter) text(key int64) string {
	switch c.kind {
	case check.Bool:
		return strconv.FormatBool(key == 1)
	case check.String:
		return strings.Clone(c.dict.At(uint32(key)))
	case check.Float:
		return string(column.AppendFloat(nil, floatOf(key)))
	case check.Timestamp:
		return string(column.AppendJSONTime(nil, key))
	}
	return strconv.FormatInt(key, 10)
}

// floatOf returns the float that has a [column.FloatKey].
func floatOf(key int64) float64 {
	return math.Float64frombits(uint64(key ^ int64(uint64(key>>63)>>1)))
}
