package parquet

// element reads an element of the schema.
func (r *thriftReader) element(t thriftType) (e Element) {
	logical := Element{}
	r.structure(t, func(id int16, t thriftType) {
		switch id {
		case 1:
			e.Leaf, e.Type = true, Type(r.int32(t))
		case 2:
			e.Length = r.int32(t)
		case 3:
			e.Repetition = Repetition(r.int32(t))
		case 4:
			e.Name = r.string(t)
		case 5:
			e.Children = r.int32(t)
		case 6:
			e.convert(r.int32(t))
		case 7:
			e.Scale = r.int32(t)
		case 8:
			e.Precision = r.int32(t)
		case 10:
			r.structure(t, func(id int16, t thriftType) { r.logical(&logical, id, t) })
		default:
			r.skip(t)
		}
	})
	if logical.Logical != NoLogical {
		e.Logical, e.Unit, e.Unsigned = logical.Logical, logical.Unit, logical.Unsigned
		if e.Logical == Decimal {
			e.Scale, e.Precision = logical.Scale, logical.Precision
		}
	}
	// What has children is a group, whatever type it says: old versions of
	// parquet-go gave one to the root.
	e.Leaf = e.Leaf && e.Children <= 0
	if e.Leaf {
		e.Children = 0
	}
	return e
}

// logical reads the one field of the union LogicalType.
func (r *thriftReader) logical(e *Element, id int16, t thriftType) {
	union := [...]Logical{1: String, 2: Map, 3: List, 4: Enum, 5: Decimal, 6: Date, 7: Time, 8: Timestamp, 10: Integer, 11: Null,
		12: JSON, 13: BSON, 14: UUID, 15: Float16, 16: Variant, 17: Geometry, 18: Geography}
	if id > 0 && int(id) < len(union) {
		e.Logical = union[id]
	} else {
		e.Logical = Logical(1000 + int32(id)) // of a later version of the format
	}
	r.structure(t, func(id int16, t thriftType) {
		switch {
		case e.Logical == Decimal && id == 1:
			e.Scale = r.int32(t)
		case e.Logical == Decimal && id == 2:
			e.Precision = r.int32(t)
		case (e.Logical == Time || e.Logical == Timestamp) && id == 2:
			r.structure(t, func(id int16, t thriftType) {
				e.Unit = Unit(id)
				r.skip(t)
			})
		case e.Logical == Integer && id == 2:
			e.Unsigned = !r.bool(t)
		default:
			r.skip(t)
		}
	})
}

// convert takes in a converted type, the way of old to say what values stand
// for.
func (e *Element) convert(number int32) {
	types := [...]struct {
		logical  Logical
		unit     Unit
		unsigned bool
	}{
		{String, NoUnit, false}, {Map, NoUnit, false}, {Map, NoUnit, false}, {List, NoUnit, false}, {Enum, NoUnit, false},
		{Decimal, NoUnit, false}, {Date, NoUnit, false}, {Time, Millis, false}, {Time, Micros, false},
		{Timestamp, Millis, false}, {Timestamp, Micros, false},
		{Integer, NoUnit, true}, {Integer, NoUnit, true}, {Integer, NoUnit, true}, {Integer, NoUnit, true},
		{Integer, NoUnit, false}, {Integer, NoUnit, false}, {Integer, NoUnit, false}, {Integer, NoUnit, false},
		{JSON, NoUnit, false}, {BSON, NoUnit, false}, {Interval, NoUnit, false},
	}
	if number >= 0 && int(number) < len(types) {
		t := types[number]
		e.Logical, e.Unit, e.Unsigned = t.logical, t.unit, t.unsigned
	}
}
