package load

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
)

// TestSlotBits brings slots into less room and back, and sets their bits from any place on.
func TestSlotBits(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for range 20_000 {
		n, share := random.IntN(300), random.IntN(200)
		var slots []uint32
		for slot := range n {
			if share > 150 || random.IntN(1+share) == 0 {
				slots = append(slots, uint32(slot))
			}
		}
		s := slotBitsOf(slots, len(slots))
		if !slices.Equal(s.numbers(), slots) {
			t.Fatalf("%v are %v", slots, s.numbers())
		}
		base := random.IntN(200)
		got, want := column.NewBitmap(base+n), column.NewBitmap(base+n)
		s.setIn(got, base)
		for _, slot := range slots {
			want.Set(base + int(slot))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v from %d on: %b, want %b", slots, base, got, want)
		}
	}
}

// TestShrink shrinks values of one kind, and makes their lane again.
func TestShrink(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for range 5_000 {
		n := newRoot(nil)
		n.spare = &spare{}
		wide, kind, gaps := random.IntN(64), random.IntN(4), random.IntN(5)
		for slot := range uint32(random.IntN(600)) {
			v := random.Int64() >> wide
			switch {
			case gaps > 1 && random.IntN(gaps) > 0:
			case kind == 0:
				n.ints.add(slot, v)
			case kind == 1:
				n.addText(slot, fmt.Append(nil, v))
			case kind == 2:
				n.bools.add(slot, v > 0)
			default:
				n.floats.add(slot, float64(v))
			}
		}
		before, many := values(n), n.len()
		n.shrink()
		if n.len() != many || many > 0 && n.small == nil {
			t.Fatalf("%d values, want %d", n.len(), many)
		}
		n.lanesBelow()
		if after := values(n); !slices.Equal(after, before) {
			t.Fatalf("%v, want %v", after, before)
		}
	}
}

// values writes the values of n with their slots.
func values(n *node) (all []string) {
	for slot, v := range n.ints.all() {
		all = append(all, fmt.Sprint(slot, v))
	}
	for slot, v := range n.bools.all() {
		all = append(all, fmt.Sprint(slot, v))
	}
	for slot, v := range n.floats.all() {
		all = append(all, fmt.Sprint(slot, v))
	}
	for slot, code := range n.texts.all() {
		all = append(all, fmt.Sprint(slot, string(n.dict.at(code))))
	}
	return all
}
