package load

// KeepEntriesFrom sets the number of fields of an object from which on new keys
// are kept as entries, whatever the objects are, and gives back how to end that.
func KeepEntriesFrom(n int) (end func()) {
	many, all := manyKeys, anyKeys
	manyKeys, anyKeys = n, n
	return func() { manyKeys, anyKeys = many, all }
}

// ReadByLanes has Parquet files read without the direct way, and gives back how to end
// that.
func ReadByLanes() (end func()) {
	directly = false
	return func() { directly = true }
}

// PoisonRooms fills the memory of columns that nobody may read any more, and gives back how to
// end that.
func PoisonRooms() (end func()) {
	poison = 0xdbdbdbdbdbdbdbdb
	return func() { poison = 0 }
}

// First returns the row of the table that is the first of the part that was read last.
func (r *PartReader) First() int { return r.first }

// KeepRowsFrom sets the number of texts from which on those that mostly differ are kept in
// the order of the rows, and gives back how to end that.
func KeepRowsFrom(n int) (end func()) {
	least := leastTexts
	leastTexts = n
	return func() { leastTexts = least }
}

// HoldReading keeps everybody from reading who has to read alone, until end is called.
func (t *Table) HoldReading() (end func()) {
	t.reading <- struct{}{}
	return func() { <-t.reading }
}

// HoldAhead sets how much may be held of a remote file that was read ahead, and gives back how to end
// that.
func HoldAhead(n int64) (end func()) {
	most := mostAhead
	mostAhead = n
	return func() { mostAhead = most }
}
