package vector

// pick returns the values at some positions of a vector, as a vector over f.
func (e *Evaluator) pick(v *vector, at []uint32, f *frame) *vector {
	n := len(at)
	out := e.vector(v.kind)
	out.constant = v.constant
	if v.valid != nil {
		out.valid = e.bitmap(n)
		pickBits(out.valid, v.valid, at)
	}
	if v.bits != nil {
		out.bits = e.bitmap(n)
		pickBits(out.bits, v.bits, at)
	}
	if v.ints != nil {
		out.ints = pickFrom(e.longs(n), v.ints, at)
	}
	if v.ends != nil {
		out.ends = pickFrom(e.longs(n), v.ends, at)
	}
	if v.real != nil {
		out.real = pickFrom(e.floats(n), v.real, at)
	}
	out.dict = v.dict
	if v.codes != nil {
		out.codes = pickFrom(e.words32(n), v.codes, at)
	}
	if out.same = v.same; v.same {
		out.texts = v.texts
	} else if v.texts != nil {
		out.texts = pickFrom(e.strings(n), v.texts, at)
	}
	if v.object != nil || v.stored != nil {
		out.object, out.stored, out.at = v.object, v.stored, e.words32(n)
		for i, p := range at {
			if v.at != nil {
				out.at[i] = v.at[p]
			} else {
				out.at[i] = uint32(v.start) + p
			}
		}
	}
	if v.list != nil {
		out.list = e.pickLists(v.list, at, f)
	}
	return out
}

// pickLists copies the lists at some positions, as lists of f.
func (e *Evaluator) pickLists(l *list, at []uint32, f *frame) *list {
	offsets := e.words32(len(at) + 1)
	n := 0
	for i, p := range at {
		offsets[i] = uint32(n)
		n += int(l.offsets[p+1] - l.offsets[p])
	}
	if e.crowd(n) {
		clear(offsets)
		n = 0
	}
	offsets[len(at)] = uint32(n)
	elems := e.words32(n)
	for i, p := range at {
		for k := range offsets[i+1] - offsets[i] {
			elems[offsets[i]+k] = l.offsets[p] + k
		}
	}
	out := &list{frame: e.below(f, offsets, n), offsets: offsets}
	out.elems = e.pick(e.elems(l), elems, out.frame)
	if l.mask != nil {
		out.mask = e.bitmap(n)
		pickBits(out.mask, l.mask, elems)
	}
	if l.keys != nil {
		out.keys = e.pick(e.force(l.keys, l.frame.n), elems, out.frame)
	}
	return out
}

func pickFrom[T any](dst, src []T, at []uint32) []T {
	for i, p := range at {
		dst[i] = src[p]
	}
	return dst
}
