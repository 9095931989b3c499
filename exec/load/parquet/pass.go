package parquet

// passColumn passes over what the footer says of a column chunk, and takes in what is to
// be known of each: a file may have thousands of columns, of which one is wanted.
func (r *thriftReader) passColumn(t thriftType, l *Leaf) {
	known := false
	if !r.want(t == thriftStruct) || !r.enter() {
		return
	}
	id := int16(0)
	for t := r.next(&id); t != thriftStop; t = r.next(&id) {
		switch {
		case id == 1 && t == thriftBinary:
			l.External = len(r.take(r.uvarint())) > 0
		case id == 3 && t == thriftStruct:
			known = true
			r.passColumnMeta(l)
		case id == 8:
			l.Encrypted = true
			r.skip(t)
		default:
			r.skip(t)
		}
	}
	r.leave()
	r.want(known || l.Encrypted)
}

func (r *thriftReader) passColumnMeta(l *Leaf) {
	if !r.enter() {
		return
	}
	id := int16(0)
	for t := r.next(&id); t != thriftStop; t = r.next(&id) {
		switch {
		case id == 2 && t == thriftList:
			head := r.byte()
			n := uint64(head >> 4)
			if n == 15 {
				n = r.uvarint()
			}
			for ; n > 0 && r.err == nil; n-- {
				if e := Encoding(r.int32(thriftType(head & 0xf))); l.Encoding.Known() {
					l.Encoding = e
				}
			}
		case id == 4:
			l.Codec = Codec(r.int32(t))
		default:
			r.skip(t)
		}
	}
	r.leave()
}

// passStructure passes over the fields of a structure.
func (r *thriftReader) passStructure() {
	if !r.enter() {
		return
	}
	b, pos := r.b, r.pos
	for pos < len(b) {
		head := b[pos]
		pos++
		t := thriftType(head & 0xf)
		if t == thriftStop {
			r.pos = pos
			r.leave()
			return
		}
		if head>>4 == 0 {
			pos = passVarint(b, pos)
		}
		switch t {
		case thriftTrue, thriftFalse:
		case thriftI16, thriftI32, thriftI64:
			pos = passVarint(b, pos)
		default:
			if r.pos = pos; pos > len(b) {
				break
			}
			if r.skipElement(t); r.err != nil {
				return
			}
			pos = r.pos
		}
	}
	r.fail(errShort)
}

// passVarint returns where a number ends, beyond b where it does not.
func passVarint(b []byte, pos int) int {
	for pos < len(b) && b[pos] >= 0x80 {
		pos++
	}
	return pos + 1
}
