// Package columnwire turns rows of columns into bytes, and puts them together again in another process: of parts of a
// table, one after another, into columns of all.
//
// The tour: [Append] writes some rows of a column (write.go), and a [Builder] reads them, as often as there are some, until
// it is asked for the column (builder.go, read.go). Both follow the type: how a column was kept (with a dictionary, sparse, constant) does not
// travel, and a column that is not loaded travels as that. The bytes have no checksum of their own.
package columnwire

// What is said of the rows of a column before their values.
const (
	noneValid = iota // all are null, and nothing follows
	allValid         // none is null
	someValid        // a bit for each row follows
	unloaded         // the column is not there
)
