package column

// Constant is a column of plain values that are all the same: Value has that of all rows that
// are not null, and no other row.
type Constant struct {
	Valid Bitmap
	Value Column
	N     int
}

func (*Constant) column() {}

// Len is the number of rows.
func (c *Constant) Len() int { return c.N }

// Null says whether row i has no value.
func (c *Constant) Null(i int) bool { return !c.Valid.Valid(i) }
