package load

import "unsafe"

// value reads the value at pos, or after the white space there, into slot of n, and gives
// where it ends.
func (w *walker) value(n *node, slot uint32, pos int) (int, error) {
	if pos >= len(w.buf) || blank(w.buf[pos]) {
		if pos = w.space(pos); pos == len(w.buf) {
			return 0, w.wrong(pos, "a value")
		}
	}
	switch c := w.buf[pos]; c {
	case '"':
		return w.textValue(n, slot, pos)
	case '{':
		if n.maps > 0 && !n.want.is("object") || n.want.is("map") {
			return w.mapping(n, slot, pos)
		}
		return w.object(n, slot, pos)
	case '[':
		return w.list(n, slot, pos)
	case 'n':
		return w.fixed(pos, "null")
	case 't':
		return w.boolValue(n, slot, pos, true)
	case 'f':
		return w.boolValue(n, slot, pos, false)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return w.numberValue(n, slot, pos)
	case 'N', 'I':
		return w.notFinite(n, slot, pos)
	}
	return 0, w.wrong(pos, "a value")
}

// as returns the node for values of a form at n, and notes that it has one.
func (w *walker) as(n *node, form kinds) *node {
	if n.seen&kindForms == form {
		return n
	}
	n = n.as(form)
	seen := n.seen
	n.seen |= form
	w.changed(n, seen)
	return n
}

// object reads the object at pos.
func (w *walker) object(n *node, slot uint32, pos int) (int, error) {
	if pos >= len(w.buf) || w.buf[pos] != '{' {
		return 0, w.wrong(pos, "an object")
	}
	if n.seen&kindForms != kindObject {
		n = w.as(n, kindObject)
	}
	if n.parent != nil {
		n.present.slots = append(n.present.slots, slot)
	}
	pos, more, err := w.inside(pos, '}')
	w.stamps++
	stamp, last, next := w.stamps, -1, n.first
	for more && err == nil {
		var l *label
		if pos <= w.safe && next < len(n.labels) && n.labels[next].at(w.base, pos) && n.labels[next].whole(w, pos) {
			l = &n.labels[next]
			pos += int(l.size)
		} else if l, pos, err = w.member(n, slot, last, pos, stamp); err != nil {
			return 0, err
		}
		if l != nil {
			if l.stamp == stamp {
				return 0, errDuplicate
			}
			l.stamp, last, next = stamp, l.node.place, int(l.next)
			if c := l.node; pos <= w.safe && byteAt(w.base, pos) == '"' {
				pos, err = w.textValue(c, slot, pos)
			} else {
				pos, err = w.value(c, slot, pos)
			}
			if err != nil {
				return 0, err
			}
		}
		if err = w.scale.add(1); err != nil {
			return 0, err
		}
		if pos <= w.safe && byteAt(w.base, pos) == ',' && byteAt(w.base, pos+1) == '"' {
			pos++
		} else {
			pos, more, err = w.next(pos, '}')
		}
	}
	return pos, err
}

// at says whether the first bytes of the label are at a place.
func (l *label) at(base unsafe.Pointer, pos int) bool {
	return (wordAt(base, pos)^l.first)&l.firstMask|(wordAt(base, pos+8)^l.second)&l.secondMask == 0
}

// whole says whether all others of it are there as well.
func (l *label) whole(w *walker, pos int) bool {
	return l.size <= labelBytes || l.match(w.wide[pos:], l.first, l.second)
}

// member reads a key at pos that is not the one which is likeliest. Where it has no label in n, it reads
// the whole entry of the spill.
func (w *walker) member(n *node, slot uint32, last, pos int, stamp uint64) (*label, int, error) {
	place := w.likely(n, pos)
	if place < 0 {
		c, key, err := w.field(n, pos)
		if err != nil {
			return nil, 0, err
		}
		if c == nil {
			pos, err = w.entry(n.spill, n.spill.enter(slot), key, stamp, w.pos)
			return nil, pos, err
		}
		place, pos = c.place, w.pos
	} else {
		pos += int(n.labels[place].size)
	}
	n.follows(last, place)
	return &n.labels[place], pos, nil
}

// field reads the key at pos and the colon, up to [walker.pos], and gives the field of that
// name. Where there is no field, the key belongs to an entry of the spill, and the colon is not
// yet read.
func (w *walker) field(n *node, pos int) (c *node, key []byte, err error) {
	w.pos = pos
	if key, err = w.key(); err != nil {
		return nil, nil, err
	}
	if c = n.index[string(key)]; c == nil {
		if n.spills() {
			return nil, key, nil
		}
		if len(n.children) >= maxWidth {
			return nil, nil, w.tooWide()
		}
		w.journal = append(w.journal, change{n, 0, len(n.children)})
		c = n.child(string(key))
	}
	return c, nil, w.colon()
}

// key reads a key.
func (w *walker) key() ([]byte, error) {
	if w.peek() != '"' {
		return nil, w.expected("a key in quotes")
	}
	return w.text()
}

func (w *walker) colon() error {
	if w.peek() != ':' {
		return w.expected("a colon after the key")
	}
	w.pos++
	return nil
}

// inside enters the object or the list at pos, and says whether there is something in it: it
// stops there, or behind the bracket that closes it.
func (w *walker) inside(pos int, closing byte) (at int, some bool, err error) {
	if w.depth++; w.depth > maxDepth {
		return 0, false, w.tooDeep(pos)
	}
	pos++
	if pos >= len(w.buf) || blank(w.buf[pos]) {
		pos = w.space(pos)
	}
	if pos < len(w.buf) && w.buf[pos] == closing {
		w.depth--
		return pos + 1, false, nil
	}
	return pos, true, nil
}

// after reads what comes after a member or an element that ends at pos: it stops at the next
// one, or behind the bracket that closes the object or list.
func (w *walker) after(pos int, closing byte) (at int, more bool, err error) {
	pos = w.space(pos)
	switch {
	case pos < len(w.buf) && w.buf[pos] == closing:
		w.depth--
		return pos + 1, false, nil
	case pos < len(w.buf) && w.buf[pos] == ',':
		return w.space(pos + 1), true, nil
	case closing == '}':
		return 0, false, w.wrong(pos, "a comma or } after a member")
	}
	return 0, false, w.wrong(pos, "a comma or ] after an element")
}

// list reads the list at pos.
func (w *walker) list(n *node, slot uint32, pos int) (int, error) {
	n = w.as(n, kindList)
	elem := n.element()
	pos, more, err := w.inside(pos, ']')
	for more && err == nil {
		at := n.count
		n.count++
		if pos, err = w.value(elem, at, pos); err != nil {
			break
		}
		if err = w.scale.add(1); err != nil {
			break
		}
		pos, more, err = w.next(pos, ']')
	}
	n.present.put(slot, n.count)
	return pos, err
}

// next is [walker.after], most of the time.
func (w *walker) next(pos int, closing byte) (at int, more bool, err error) {
	if pos <= w.safe {
		c := byteAt(w.base, pos)
		if c == ',' && byteAt(w.base, pos+1) > ' ' {
			return pos + 1, true, nil
		}
		if c == closing {
			w.depth--
			return pos + 1, false, nil
		}
	}
	return w.after(pos, closing)
}

// mapping reads the object at pos as a map.
func (w *walker) mapping(n *node, slot uint32, pos int) (int, error) {
	n = w.as(n, kindMap)
	w.stamps++
	stamp := w.stamps
	pos, more, err := w.inside(pos, '}')
	for more && err == nil {
		var key []byte
		w.pos = pos
		if key, err = w.key(); err != nil {
			break
		}
		at := n.count
		n.count++
		if pos, err = w.entry(n, at, key, stamp, w.pos); err != nil {
			break
		}
		if err = w.scale.add(1); err != nil {
			break
		}
		pos, more, err = w.next(pos, '}')
	}
	n.present.put(slot, n.count)
	return pos, err
}

// entry reads the colon at pos and the value of an entry of the map n, which has the
// place at. stamp tells the object.
func (w *walker) entry(n *node, at uint32, key []byte, stamp uint64, pos int) (int, error) {
	keys := n.key()
	if !keys.dict.mark(keys.addKey(at, key), stamp) {
		return 0, errDuplicate
	}
	if pos <= w.safe && byteAt(w.base, pos) == ':' {
		return w.value(n.element(), at, pos+1)
	}
	w.pos = pos
	if err := w.colon(); err != nil {
		return 0, err
	}
	return w.value(n.element(), at, w.pos)
}
