package column

import (
	"fmt"
	"slices"

	"github.com/segq/segq/lang/check"
)

// Verify checks what every reader of a snapshot relies on: lengths that agree,
// offsets that never fall, codes within sorted dictionaries, no bits past the
// end, zeros in the slots of nulls, and nulls below every null object. It gives
// an error that names the column, nil when all is well. It reads every value:
// it is for tests and for the doubtful.
func Verify(s *Snapshot) error {
	if s.Root.Valid != nil {
		return fmt.Errorf("profiles: a profile may not be null")
	}
	return verify("profiles", s.Root, s.Schema, s.Root.N, nil)
}

// verify checks a column of n rows; where parent is not valid it has to be null.
func verify(name string, c Column, t *check.Type, n int, parent Bitmap) error {
	if c.Len() != n {
		return fmt.Errorf("%s: %d rows, want %d", name, c.Len(), n)
	}
	valid := Validity(c)
	if err := verifyBits(valid, n); err != nil {
		return fmt.Errorf("%s: validity: %w", name, err)
	}
	for i := range n {
		if !parent.Valid(i) && !c.Null(i) {
			return fmt.Errorf("%s: row %d has a value below a null object", name, i)
		}
	}
	if err := verifyKind(c, t); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	switch c := c.(type) {
	case *Sparse, *Constant:
		return verifyStored(name, c, t)
	case *Bools:
		if err := verifyBits(c.Bits, n); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case *Strings:
		if err := verifyStrings(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case *Texts:
		if err := verifyTexts(c); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil // an empty text is the zero
	case *Struct:
		return verifyFields(name, c, t)
	case *List:
		elems, err := verifyOffsets(c.Offsets, c)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return verify(name+"[]", c.Elem, t.Elem, elems, nil)
	case *Map:
		entries, err := verifyOffsets(c.Offsets, c)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := verify(name+"{key}", c.Keys, check.StringType, entries, nil); err != nil {
			return err
		}
		return verify(name+"{}", c.Values, t.Elem, entries, nil)
	}
	return verifyZeros(name, c)
}

// verifyStored checks the values of a Sparse or Constant.
func verifyStored(name string, c Column, t *check.Type) error {
	n, stored := 1, Stored(c)
	if s, ok := c.(*Sparse); ok {
		n = s.Valid.Ones()
		if s.Valid == nil || n == 0 || !slices.Equal(s.Before, newSparse(s.Valid, s.N, s.Values).Before) {
			return fmt.Errorf("%s: it is not known where the values begin", name)
		}
	}
	if !plain(stored) || Validity(stored) != nil {
		return fmt.Errorf("%s: its values are a column %T, or null", name, stored)
	}
	return verify(name, stored, t, n, nil)
}

func verifyFields(name string, c *Struct, t *check.Type) error {
	if len(c.Fields) != len(t.Fields) {
		return fmt.Errorf("%s: %d fields, the type has %d", name, len(c.Fields), len(t.Fields))
	}
	for i, f := range c.Fields {
		if err := verify(name+"."+t.Fields[i].Name, f, t.Fields[i].Type, c.N, c.Valid); err != nil {
			return err
		}
	}
	return nil
}

// verifyKind checks that the column is one of the type's.
func verifyKind(c Column, t *check.Type) error {
	ok := false
	switch Stored(c).(type) {
	case *Nulls:
		ok = true
	case *Bools:
		ok = t.Kind == check.Bool
	case *Ints:
		ok = t.Kind == check.Int
	case *Floats:
		ok = t.Kind == check.Float
	case *Timestamps:
		ok = t.Kind == check.Timestamp
	case *Strings, *Texts:
		ok = t.Kind == check.String
	case *Struct:
		ok = t.Kind == check.Object
	case *List:
		ok = t.Kind == check.List
	case *Map:
		ok = t.Kind == check.Map
	}
	if !ok {
		return fmt.Errorf("a column %T for a type of kind %d", c, t.Kind)
	}
	return nil
}

func verifyBits(b Bitmap, n int) error {
	if b == nil {
		return nil
	}
	if len(b) != (n+63)/64 {
		return fmt.Errorf("%d words of bits for %d rows", len(b), n)
	}
	if n%64 != 0 && b[len(b)-1]>>(n%64) != 0 {
		return fmt.Errorf("bits past row %d", n)
	}
	return nil
}

func verifyStrings(c *Strings) error {
	d := c.Dict
	for code := 1; code < d.Len(); code++ {
		if d.At(uint32(code-1)) >= d.At(uint32(code)) {
			return fmt.Errorf("strings %d and %d of the dictionary are not in order", code-1, code)
		}
	}
	for i := range c.Len() {
		if code := c.Codes.At(i); int(code) >= d.Len() && !c.Null(i) {
			return fmt.Errorf("row %d has code %d of %d", i, code, d.Len())
		}
	}
	return nil
}

// verifyTexts checks that the offsets cover the bytes, and that nulls are empty.
func verifyTexts(c *Texts) error {
	end, err := verifyOffsets(c.Offsets, c)
	if err != nil {
		return err
	}
	if end != len(c.Bytes) {
		return fmt.Errorf("the offsets end at %d of %d bytes", end, len(c.Bytes))
	}
	return nil
}

// verifyOffsets returns the number of elements that the offsets of c span.
func verifyOffsets(offsets []uint32, c Column) (int, error) {
	if len(offsets) == 0 || offsets[0] != 0 {
		return 0, fmt.Errorf("the offsets do not begin with 0")
	}
	for i := range c.Len() {
		if offsets[i+1] < offsets[i] {
			return 0, fmt.Errorf("the offsets fall at row %d", i)
		}
		if c.Null(i) && offsets[i+1] != offsets[i] {
			return 0, fmt.Errorf("row %d is null and has elements", i)
		}
	}
	return int(offsets[len(offsets)-1]), nil
}

// verifyZeros checks that the slots of nulls hold zero.
func verifyZeros(name string, c Column) error {
	for i := range c.Len() {
		if !c.Null(i) {
			continue
		}
		zero := true
		switch c := c.(type) {
		case *Bools:
			zero = !c.Bits.Get(i)
		case *Ints:
			zero = c.At(i) == 0
		case *Floats:
			zero = c.V[i] == 0
		case *Timestamps:
			zero = c.V[i] == 0
		case *Strings:
			zero = c.Codes.At(i) == 0
		}
		if !zero {
			return fmt.Errorf("%s: row %d is null and not zero", name, i)
		}
	}
	return nil
}
