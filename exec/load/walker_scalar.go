package load

import (
	"fmt"
	"math"
	"math/bits"
	"unicode/utf8"
)

// fixed passes over the word s at pos.
func (w *walker) fixed(pos int, s string) (int, error) {
	if len(w.buf)-pos < len(s) || string(w.buf[pos:pos+len(s)]) != s {
		return 0, w.wrong(pos, "a value")
	}
	return pos + len(s), nil
}

func (w *walker) boolValue(n *node, slot uint32, pos int, v bool) (int, error) {
	word := "false"
	if v {
		word = "true"
	}
	end, err := w.fixed(pos, word)
	if err != nil {
		return 0, err
	}
	seen := n.seen
	if n.consent {
		// XDM has one boolean, globalOptout, among the texts of this map.
		n.addText(slot, w.buf[pos:end])
	} else {
		n.seen |= kindBool
		n.bools.add(slot, v)
	}
	w.changed(n, seen)
	return end, nil
}

// infinite says whether the number at pos, which begins with a sign, is -Infinity, as far as its first
// letter tells.
func (w *walker) infinite(pos int) bool { return pos+1 < len(w.buf) && w.buf[pos+1] == 'I' }

// notFinite reads NaN, Infinity or -Infinity at pos, which are no JSON, but which Python and DuckDB write. As of the
// other formats, NaN is null and the others are numbers.
func (w *walker) notFinite(n *node, slot uint32, pos int) (int, error) {
	word, f := "NaN", 0.0
	switch w.buf[pos] {
	case 'I':
		word, f = "Infinity", math.Inf(1)
	case '-':
		word, f = "-Infinity", math.Inf(-1)
	}
	end, err := w.fixed(pos, word)
	if err != nil {
		return 0, err
	}
	w.strange = true
	if f == 0 {
		return end, nil
	}
	seen := n.seen
	n.seen |= kindFloat
	n.oddities().spelled.add(slot, n.code(w.buf[pos:end]))
	n.floats.add(slot, f)
	n.digits = append(n.digits, asSpelled)
	w.changed(n, seen)
	return end, nil
}

// textValue reads the text at pos. Most are short, and are there already: the words that they
// are looked up by are those in which their end is looked for.
func (w *walker) textValue(n *node, slot uint32, pos int) (int, error) {
	if pos > w.safe {
		return w.otherText(n, slot, pos)
	}
	first, last, size := wordAt(w.base, pos+1), uint64(0), 0
	if m := plainEnds(first); m != 0 {
		below := maskBelow(m)
		first, size = first&below, bytesOfMask(below)
	} else {
		last = wordAt(w.base, pos+9)
		if m = plainEnds(last); m == 0 {
			return w.longText(n, slot, pos)
		}
		below := maskBelow(m)
		last, size = last&below, 8+bytesOfMask(below)
	}
	end := pos + 1 + size
	if byteAt(w.base, end) != '"' {
		return w.otherText(n, slot, pos)
	}
	if d := n.dict; d != nil && len(d.table) > 0 && n.seen&kindText != 0 && d.isos == 0 {
		t := words{first, last}
		if p := &d.table[t.hash(size)&uint64(len(d.table)-1)]; p.words == t && p.size == uint32(size) && p.code != 0 {
			d.met++
			n.texts.add(slot, p.code-1)
			return end + 1, nil
		}
	}
	return w.plainText(n, slot, pos+1, end)
}

// maskBelow returns the bits of the bytes below the first one whose highest bit is set in m, which has
// no others.
func maskBelow(m uint64) uint64 { return (m&-m)>>7 - 1 }

// bytesOfMask returns the number of bytes of a mask that has all bits of each or none, not of all
// eight.
func bytesOfMask(mask uint64) int { return int(mask & eachOne * eachOne >> 56) }

// longText reads the text at pos, of which the first bytes are plain.
func (w *walker) longText(n *node, slot uint32, pos int) (int, error) {
	i := pos + 1 + allWords
	for ; i <= w.safe; i += 8 {
		if m := plainEnds(wordAt(w.base, i)); m != 0 {
			if i += bits.TrailingZeros64(m) >> 3; byteAt(w.base, i) != '"' {
				break
			}
			return w.plainText(n, slot, pos+1, i)
		}
	}
	return w.otherText(n, slot, pos)
}

// plainText takes the text from a place to another, where its quote is.
func (w *walker) plainText(n *node, slot uint32, from, to int) (int, error) {
	seen := n.seen
	n.addText(slot, w.wide[from:to])
	w.changed(n, seen)
	return to + 1, nil
}

// otherText reads any text at pos.
func (w *walker) otherText(n *node, slot uint32, pos int) (int, error) {
	w.pos = pos
	s, err := w.text()
	if err != nil {
		return 0, err
	}
	seen := n.seen
	n.addText(slot, s)
	w.changed(n, seen)
	return w.pos, nil
}

// quoted returns s in quotes, shortened to what fits a message.
func quoted(s []byte) string {
	const most = 40
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%q...", s[:cut])
}
