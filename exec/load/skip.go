package load

// skip passes over a value of any kind, and checks that it is JSON.
func (w *walker) skip() error {
	switch c := w.peek(); {
	case c == '"':
		_, err := w.text()
		return err
	case c == '-' && w.infinite(w.pos):
		return w.literal("-Infinity")
	case number(c):
		_, err := w.number()
		return err
	case c == '[':
		return w.eachElement(w.skip)
	case c == '{':
		return w.eachMember(func() error {
			if _, err := w.text(); err != nil {
				return err
			}
			if err := w.colon(); err != nil {
				return err
			}
			return w.skip()
		})
	case c == 't':
		return w.literal("true")
	case c == 'f':
		return w.literal("false")
	case c == 'n':
		return w.literal("null")
	case c == 'N':
		return w.literal("NaN")
	case c == 'I':
		return w.literal("Infinity")
	}
	return w.expected("a value")
}

// dedupe passes over a value and appends it to dst, each object with only the
// last of the members that share a key.
func (w *walker) dedupe(dst []byte) ([]byte, error) {
	switch w.peek() {
	case '{':
		return w.dedupeObject(dst)
	case '[':
		dst = append(dst, '[')
		first := true
		err := w.eachElement(func() (err error) {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst, err = w.dedupe(dst)
			return err
		})
		return append(dst, ']'), err
	}
	start := w.pos
	err := w.skip()
	return append(dst, w.buf[start:w.pos]...), err
}

func (w *walker) dedupeObject(dst []byte) ([]byte, error) {
	var members [][]byte
	index := map[string]int{}
	err := w.eachMember(func() error {
		start := w.pos
		key, err := w.text()
		if err != nil {
			return err
		}
		name := string(key)
		member := append([]byte(nil), w.buf[start:w.pos]...)
		if err := w.colon(); err != nil {
			return err
		}
		if member, err = w.dedupe(append(member, ':')); err != nil {
			return err
		}
		if i, ok := index[name]; ok {
			members[i] = member
			return nil
		}
		index[name] = len(members)
		members = append(members, member)
		return nil
	})
	if err != nil {
		return dst, err
	}
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, m...)
	}
	return append(dst, '}'), nil
}

// eachMember passes over an object: member is called at each key.
func (w *walker) eachMember(member func() error) error {
	return w.each('}', func() error {
		if w.peek() != '"' {
			return w.expected("a key in quotes")
		}
		return member()
	})
}

// eachElement passes over a list: element is called at each element.
func (w *walker) eachElement(element func() error) error { return w.each(']', element) }

// each passes over an object or a list: one is called at each member or element.
func (w *walker) each(closing byte, one func() error) error {
	at, more, err := w.inside(w.pos, closing)
	for more && err == nil {
		w.pos = at
		if err = one(); err == nil {
			at, more, err = w.after(w.pos, closing)
		}
	}
	if err == nil {
		w.pos = at
	}
	return err
}

func (w *walker) literal(s string) error {
	end, err := w.fixed(w.pos, s)
	if err == nil {
		w.pos = end
	}
	return err
}
