package load

// value reads a value into slot of n.
func (w *walker) value(n *node, slot uint32) error {
	if w.pos < len(w.buf) && w.buf[w.pos] == '"' {
		return w.textValue(n, slot)
	}
	switch c := w.peek(); {
	case c == '"':
		return w.textValue(n, slot)
	case number(c):
		return w.numberValue(n, slot)
	case c == '{':
		if n.maps > 0 && !n.want.is("object") || n.want.is("map") {
			return w.mapping(n, slot)
		}
		return w.object(n, slot)
	case c == '[':
		return w.list(n, slot)
	case c == 'n':
		return w.literal("null")
	case c == 't', c == 'f':
		return w.boolValue(n, slot, c == 't')
	}
	return w.expected("a value")
}

// as returns the node for values of a form at n, and notes that it has one.
func (w *walker) as(n *node, form kinds) *node {
	n = n.as(form)
	seen := n.seen
	n.seen |= form
	w.changed(n, seen)
	return n
}

func (w *walker) object(n *node, slot uint32) error {
	if w.peek() != '{' {
		return w.expected("an object")
	}
	n = w.as(n, kindObject)
	if n.parent != nil {
		n.present.put(slot, 0)
	}
	w.stamps++
	stamp := w.stamps
	more, err := w.begin('}')
	for last := -1; more && err == nil; {
		var c *node
		if i := w.likely(n, last); i >= 0 {
			c, last = n.labels[i].node, i
		} else {
			var key []byte
			if c, key, err = w.field(n); err != nil {
				return err
			}
			if c == nil {
				if err = w.entry(n.spill, n.spill.enter(slot), key, stamp); err == nil {
					more, err = w.after('}')
				}
				continue
			}
			n.follows(last, c.place)
			last = c.place
		}
		if c.stamp == stamp {
			return errDuplicate
		}
		c.stamp = stamp
		if err = w.value(c, slot); err == nil {
			more, err = w.after('}')
		}
	}
	return err
}

// likely reads a key and the colon where they are those of the field that last came after
// the one in a place, or of one of those after that, and gives the place; -1 where they are
// not.
func (w *walker) likely(n *node, last int) int {
	const ahead = 4
	rest := w.buf[w.pos:]
	if len(rest) < labelBytes {
		return -1
	}
	next := n.first
	if last >= 0 {
		next = n.labels[last].next
	}
	first, second := load64(rest), load64(rest[8:])
	for i := next; i < next+ahead && i < len(n.labels); i++ {
		l := &n.labels[i]
		if (first^l.first)&l.firstMask|(second^l.second)&l.secondMask != 0 {
			continue
		}
		if l.size > labelBytes && (len(rest) < l.size || string(rest[labelBytes:l.size]) != l.rest) {
			continue
		}
		if i != next {
			n.follows(last, i)
		}
		w.pos += l.size
		return i
	}
	return -1
}

// field reads a key and the colon, and gives the field of that name. Where there is no
// field, the key belongs to an entry of the spill, and the colon is not yet read.
func (w *walker) field(n *node) (c *node, key []byte, err error) {
	if w.peek() != '"' {
		return nil, nil, w.expected("a key in quotes")
	}
	if key, err = w.text(); err != nil {
		return nil, nil, err
	}
	if c = n.index[string(key)]; c == nil {
		if n.spills() {
			return nil, key, nil
		}
		w.journal = append(w.journal, change{n, 0, len(n.children)})
		c = n.child(string(key))
	}
	return c, nil, w.colon()
}

func (w *walker) colon() error {
	if w.peek() != ':' {
		return w.expected("a colon after the key")
	}
	w.pos++
	return nil
}

// begin enters an object or a list, and says whether there is something in it: it stops
// there, or behind the bracket that closes it.
func (w *walker) begin(closing byte) (some bool, err error) {
	if err := w.enter(); err != nil {
		return false, err
	}
	if w.peek() == closing {
		w.pos++
		w.depth--
		return false, nil
	}
	return true, nil
}

// after reads what comes after a member or an element: it stops at the next one, or
// behind the bracket that closes the object or list.
func (w *walker) after(closing byte) (more bool, err error) {
	if err := w.scale.add(1); err != nil {
		return false, err
	}
	if i := w.pos; i+1 < len(w.buf) && w.buf[i] == ',' && w.buf[i+1] == '"' {
		w.pos++
		return true, nil
	}
	switch c := w.peek(); {
	case c == ',':
		w.pos++
		w.peek()
		return true, nil
	case c == closing:
		w.pos++
		w.depth--
		return false, nil
	case closing == '}':
		return false, w.expected("a comma or } after a member")
	}
	return false, w.expected("a comma or ] after an element")
}

func (w *walker) list(n *node, slot uint32) error {
	n = w.as(n, kindList)
	elem := n.element()
	more, err := w.begin(']')
	for more && err == nil {
		at := n.count
		n.count++
		if err = w.value(elem, at); err == nil {
			more, err = w.after(']')
		}
	}
	n.present.put(slot, n.count)
	return err
}

func (w *walker) mapping(n *node, slot uint32) error {
	n = w.as(n, kindMap)
	w.stamps++
	stamp := w.stamps
	more, err := w.begin('}')
	for more && err == nil {
		var key []byte
		if key, err = w.quoted(); err != nil {
			break
		}
		at := n.count
		n.count++
		if err = w.entry(n, at, key, stamp); err == nil {
			more, err = w.after('}')
		}
	}
	n.present.put(slot, n.count)
	return err
}

// quoted reads a key.
func (w *walker) quoted() ([]byte, error) {
	if w.peek() != '"' {
		return nil, w.expected("a key in quotes")
	}
	return w.text()
}

// entry reads the colon and the value of an entry of the map n, which has the
// place at. stamp tells the object.
func (w *walker) entry(n *node, at uint32, key []byte, stamp uint64) error {
	keys := n.key()
	if !keys.dict.mark(keys.addKey(at, key), stamp) {
		return errDuplicate
	}
	if err := w.colon(); err != nil {
		return err
	}
	return w.value(n.element(), at)
}
