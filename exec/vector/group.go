package vector

import (
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// groupBy returns a map from the key, as text, to the list of its elements, first
// occurrences first. An element with a null key is in no group.
func (e *Evaluator) groupBy(n *check.Iterate, x, key *vector, f *frame) *vector {
	l := x.list
	mask := e.masked(l, e.present(key, l.frame).bits)
	entries := e.words32(f.n + 1)
	first := e.words32(l.frame.n)[:0]     // of each group: an element of it
	sizes := e.words32(l.frame.n + 1)[:0] // of the groups
	own := e.words32(l.frame.n)           // the group of each element
	find := e.finder(key)
	for i := range f.n {
		begin := len(first)
		entries[i] = uint32(begin)
		if e.halted(i) {
			continue
		}
		find.next()
		if find.stamps != nil {
			first, sizes = find.stamps.groups(key.codes, mask, own, first, sizes, l.offsets[i], l.offsets[i+1])
			continue
		}
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			g, fresh := find.group(int(k), first[begin:])
			own[k] = uint32(begin + g)
			if fresh {
				first = append(first, k)
				sizes = append(sizes, 0)
			}
			sizes[begin+g]++
		}
	}
	entries[f.n] = uint32(len(first))
	outer := e.below(f, entries, len(first))
	values := e.vector(check.List)
	values.list = e.groupLists(l, mask, own, sizes, outer)
	out := e.vector(check.Map)
	out.valid = x.valid
	out.list = &list{frame: outer, offsets: entries, elems: values, keys: e.asText(e.pick(key, first, outer), len(first))}
	return out
}

// groupLists returns the lists of the elements of groups. The elements are put in their
// places when somebody asks for them: many only count.
func (e *Evaluator) groupLists(l *list, mask []uint64, own, sizes []uint32, outer *frame) *list {
	offsets := e.words32(len(sizes) + 1)
	offsets[0] = 0
	for g, n := range sizes {
		offsets[g+1] = offsets[g] + n
	}
	total := int(offsets[len(sizes)])
	out := &list{frame: e.below(outer, offsets, total), offsets: offsets}
	out.late = func() *vector {
		members, next := e.words32(total), e.words32(len(sizes))
		clear(members)
		copy(next, offsets)
		if !e.stopped {
			each(mask, func(k int) {
				g := own[k]
				members[next[g]] = uint32(k)
				next[g]++
			})
		}
		return e.pick(e.elems(l), members, out.frame)
	}
	return out
}

// asText returns values as the text of keys.
func (e *Evaluator) asText(v *vector, n int) *vector {
	if v.kind == check.String {
		return v
	}
	out := e.vector(check.String)
	out.texts = e.strings(n)
	for i := range n {
		switch v.kind {
		case check.Bool:
			out.texts[i] = strconv.FormatBool(v.bit(i))
		case check.Float:
			out.texts[i] = string(column.AppendFloat(nil, v.real[i]))
		case check.Timestamp:
			out.texts[i] = string(column.AppendJSONTime(nil, v.ints[i]))
		default:
			out.texts[i] = strconv.FormatInt(v.ints[i], 10)
		}
	}
	return out
}
