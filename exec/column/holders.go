package column

import "context"

// Holders returns how many profiles have each of some texts: of many elements of a list with the same text
// that profile counts once. It fails with its context alone.
func (l *Leaf) Holders(ctx context.Context, texts []string) ([]int, error) {
	h := &holders{held: make([]int, len(texts)), last: make([]int, len(texts))}
	if c, ok := l.col.(*Strings); ok && l.key == nil {
		return h.held, h.ofCodes(ctx, l, c, texts)
	}
	which := l.indexOf(texts)
	mark := func(start, end int) {
		for i := start; i < end; i++ {
			if k := which(i); k >= 0 {
				h.mark(k)
			}
		}
	}
	err := l.profiles(ctx, func(profile, start, end int) error {
		h.profile = profile + 1
		switch {
		case l.key == nil:
			mark(start, end)
		case l.key.found:
			return l.entriesIn(ctx, start, end, mark)
		}
		return nil
	})
	return h.held, err
}

// profiles visits the places of each profile in the column, or in the entries of maps.
func (l *Leaf) profiles(ctx context.Context, visit func(profile, start, end int) error) error {
	outer := l.in
	if l.key != nil {
		outer = l.in[:l.key.level+1]
	}
	for profile := range l.rows {
		if profile%(looked>>6) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		start, end := profile, profile+1
		for _, offsets := range outer {
			start, end = int(offsets[start]), int(offsets[end])
		}
		if err := visit(profile, start, end); err != nil {
			return err
		}
	}
	return nil
}

// holders counts those who have each of some texts.
type holders struct {
	held []int
	// last is which profile had each of them last, and profile the one that is looked at, from 1.
	last    []int
	profile int
}

// mark notes that the profile has the text k.
func (h *holders) mark(k int) {
	if h.last[k] != h.profile {
		h.last[k] = h.profile
		h.held[k]++
	}
}

// ofCodes counts by the codes of a dictionary.
func (h *holders) ofCodes(ctx context.Context, l *Leaf, c *Strings, texts []string) error {
	known := knownCodes(c, texts)
	switch {
	case c.Codes.U8 != nil:
		return markCodes(ctx, h, l, c.Valid, c.Codes.U8, known)
	case c.Codes.U16 != nil:
		return markCodes(ctx, h, l, c.Valid, c.Codes.U16, known)
	}
	return markCodes(ctx, h, l, c.Valid, c.Codes.U32, known)
}

func markCodes[T uint8 | uint16 | uint32](ctx context.Context, h *holders, l *Leaf, valid Bitmap, codes []T, known []int) error {
	return l.profiles(ctx, func(profile, start, end int) error {
		h.profile = profile + 1
		for i := start; i < end; i++ {
			k := known[codes[i]]
			if k >= 0 && h.last[k] != h.profile && (valid == nil || valid.Get(i)) {
				h.mark(k)
			}
		}
		return nil
	})
}

// knownCodes says of each code of a dictionary which of some texts it is, -1 for none.
func knownCodes(c *Strings, texts []string) []int {
	at := map[string]int{}
	for k, text := range texts {
		at[text] = k
	}
	known := make([]int, c.Dict.Len())
	for i := range known {
		known[i] = -1
		if k, ok := at[c.Dict.At(uint32(i))]; ok {
			known[i] = k
		}
	}
	return known
}

// indexOf returns what says which of some texts a place of the column has, -1 for none of them.
func (l *Leaf) indexOf(texts []string) func(i int) int {
	code := func(Column, int) int { return -1 }
	switch c := Stored(l.col).(type) {
	case *Strings:
		known := knownCodes(c, texts)
		code = func(_ Column, place int) int { return known[c.Codes.At(place)] }
	case *Texts:
		at := map[string]int{}
		for k, text := range texts {
			at[text] = k
		}
		code = func(_ Column, place int) int {
			if k, ok := at[c.At(place)]; ok {
				return k
			}
			return -1
		}
	}
	return func(i int) int {
		if l.col.Null(i) {
			return -1
		}
		return code(At(l.col, i))
	}
}
