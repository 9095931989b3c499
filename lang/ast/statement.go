package ast

// Statement is one query of a file: name: expression. Name is empty (its Text
// "") for a query without one. At covers the whole statement, and
// Comments are the comments that belong to the statement, in order of place.
type Statement struct {
	Name     Ident
	X        Expr
	At       Span
	Comments []Comment
}

// Comment is a // or /* */ comment with its marks.
type Comment struct {
	Text string
	At   Span
}

// File is a sequence of statements over one text. Comments are those that
// follow the last statement and belong to none.
type File struct {
	Text       string
	Statements []Statement
	Comments   []Comment
	// Wrong has the name of each statement that is left out since it did not parse, in the order of their errors.
	Wrong []Ident
}
