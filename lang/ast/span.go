package ast

// Span is a half-open range [Start, End) of byte offsets into the query text.
// The zero Span means "no place": nodes that were made, not parsed.
type Span struct {
	Start, End int
}

// Join returns the smallest span that covers both a and b.
func (a Span) Join(b Span) Span {
	if a == (Span{}) {
		return b
	}
	if b == (Span{}) {
		return a
	}
	return Span{min(a.Start, b.Start), max(a.End, b.End)}
}

// or returns a, or, for a node that was made without a place, what its parts
// cover.
func (a Span) or(first Expr, last Span) Span {
	if a == (Span{}) {
		return first.Span().Join(last)
	}
	return a
}
