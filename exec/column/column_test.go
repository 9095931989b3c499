package column_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// small is two profiles: {"s":"b","l":[1,null],"o":{"b":true},"m":{"k":1.5}}
// and {"s":"a","t":"1970-01-01T00:00:00.001Z"}.
func small() *column.Snapshot {
	schema := check.ObjectOf(
		&check.Field{Name: "s", Type: check.StringType},
		&check.Field{Name: "l", Type: check.ListOf(check.IntType)},
		&check.Field{Name: "o", Type: check.ObjectOf(&check.Field{Name: "b", Type: check.BoolType})},
		&check.Field{Name: "m", Type: check.MapOf(check.FloatType)},
		&check.Field{Name: "t", Type: check.TimestampType},
		&check.Field{Name: "n", Type: check.AnyType},
	)
	return &column.Snapshot{Schema: schema, Root: &column.Struct{N: 2, Fields: []column.Column{
		&column.Strings{Codes: column.Codes{U8: []uint8{1, 0}}, Dict: &column.Dict{Bytes: []byte("ab"), Offsets: []uint32{0, 1, 2}}},
		&column.List{Valid: column.Bitmap{1}, Offsets: []uint32{0, 2, 2}, Elem: column.NewInts([]int64{1, 0}, column.Bitmap{1})},
		&column.Struct{Valid: column.Bitmap{1}, N: 2, Fields: []column.Column{
			&column.Bools{Valid: column.Bitmap{1}, Bits: column.Bitmap{1}, N: 2},
		}},
		&column.Map{
			Valid: column.Bitmap{1}, Offsets: []uint32{0, 1, 1}, Values: &column.Floats{V: []float64{1.5}},
			Keys: &column.Strings{Codes: column.Codes{U8: []uint8{0}}, Dict: &column.Dict{Bytes: []byte("k"), Offsets: []uint32{0, 1}}},
		},
		&column.Timestamps{Valid: column.Bitmap{2}, V: []int64{0, 1}},
		&column.Nulls{N: 2},
	}}}
}

func TestValue(t *testing.T) {
	s := small()
	for i, want := range []string{
		`{"s":"b","l":[1,null],"o":{"b":true},"m":{"k":1.5}}`,
		`{"s":"a","t":"1970-01-01T00:00:00.001Z"}`,
	} {
		if got := string(column.AppendJSON(nil, s.Root, i, s.Schema)); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
		got, err := json.Marshal(column.Value(s.Root, i, s.Schema))
		if err != nil || string(got) != want {
			t.Errorf("row %d by encoding/json: %s, %v, want %s", i, got, err, want)
		}
	}
}

func TestBytes(t *testing.T) {
	// 2+2+12 strings, 8+12+(8+2) list, 8+(8+8) object, 8+12+8+(1+1+8) map, 8+16 timestamps.
	if got := small().Bytes(); got != 16+30+24+38+24 {
		t.Errorf("%d bytes", got)
	}
}

func TestNewInts(t *testing.T) {
	for _, c := range []struct {
		v     int64
		width int
	}{{127, 1}, {-128, 1}, {128, 2}, {-32768, 2}, {32768, 4}, {-1 << 31, 4}, {1 << 31, 8}} {
		ints := column.NewInts([]int64{0, c.v}, nil)
		width := map[bool]int{true: 8}[ints.I64 != nil] + map[bool]int{true: 4}[ints.I32 != nil] +
			map[bool]int{true: 2}[ints.I16 != nil] + map[bool]int{true: 1}[ints.I8 != nil]
		if width != c.width || ints.At(1) != c.v || ints.Len() != 2 {
			t.Errorf("%d is held in %d bytes as %d", c.v, width, ints.At(1))
		}
	}
}

// TestVerify breaks each invariant in turn.
func TestVerify(t *testing.T) {
	if err := column.Verify(small()); err != nil {
		t.Fatal(err)
	}
	field := func(s *column.Snapshot, i int) column.Column { return s.Root.Fields[i] }
	for want, damage := range map[string]func(s *column.Snapshot){
		"profiles.n: 3 rows, want 2": func(s *column.Snapshot) { field(s, 5).(*column.Nulls).N = 3 },
		"profiles.s: strings 0 and 1 of the dictionary are not in order": func(s *column.Snapshot) {
			field(s, 0).(*column.Strings).Dict.Bytes = []byte("ba")
		},
		"profiles.s: row 0 has code 2 of 2": func(s *column.Snapshot) { field(s, 0).(*column.Strings).Codes.U8[0] = 2 },
		"profiles.l: the offsets fall at row 1": func(s *column.Snapshot) {
			field(s, 1).(*column.List).Offsets[2] = 1
		},
		"profiles.l: row 1 is null and has elements": func(s *column.Snapshot) {
			copy(field(s, 1).(*column.List).Offsets, []uint32{0, 1, 2})
		},
		"profiles.l[]: row 1 is null and not zero": func(s *column.Snapshot) {
			field(s, 1).(*column.List).Elem.(*column.Ints).I8[1] = 9
		},
		"profiles.o.b: row 1 has a value below a null object": func(s *column.Snapshot) {
			field(s, 2).(*column.Struct).Fields[0].(*column.Bools).Valid[0] = 3
		},
		"profiles.t: validity: bits past row 2": func(s *column.Snapshot) { field(s, 4).(*column.Timestamps).Valid[0] = 4 },
	} {
		s := small()
		damage(s)
		if err := column.Verify(s); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestFingerprint: it depends on the contents, not on the order of the fields,
// empty fields or the number of threads.
func TestFingerprint(t *testing.T) {
	of := func(s *column.Snapshot, threads int) string { return column.FingerprintOf(s.Root, s.Schema, threads) }
	want := of(small(), 1)
	if len(want) != 16 || strings.Trim(want, "0123456789abcdef") != "" {
		t.Errorf("fingerprint %q", want)
	}
	turned := small()
	var fields []*check.Field
	var columns []column.Column
	for i := 4; i >= 0; i-- {
		fields = append(fields, turned.Schema.Fields[i])
		columns = append(columns, turned.Root.Fields[i])
	}
	turned.Schema, turned.Root.Fields = check.ObjectOf(fields...), columns
	if got := of(turned, 4); got != want {
		t.Errorf("with the fields in another order %s, want %s", got, want)
	}
	for name, change := range map[string]func(s *column.Snapshot){
		"a value":    func(s *column.Snapshot) { s.Root.Fields[4].(*column.Timestamps).V[1] = 2 },
		"a null":     func(s *column.Snapshot) { s.Root.Fields[1].(*column.List).Elem.(*column.Ints).Valid[0] = 3 },
		"a name":     func(s *column.Snapshot) { s.Schema.Fields[0].Name = "z" },
		"a string":   func(s *column.Snapshot) { s.Root.Fields[0].(*column.Strings).Dict.Bytes[0] = 'A' },
		"an element": func(s *column.Snapshot) { s.Root.Fields[3].(*column.Map).Values.(*column.Floats).V[0] = 1 },
	} {
		s := small()
		change(s)
		if of(s, 2) == want {
			t.Errorf("%s makes no difference", name)
		}
	}
}
