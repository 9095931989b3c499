// Package show formats answers for people: figures, texts from elsewhere made safe for a terminal,
// and every part of a record as a table. Everything that prints answers uses it, so that they look
// the same everywhere. It knows no terminal: a [Look] says how wide the screen is, if there is one,
// and how to paint.
//
// The tour: [Lines] draws what a [record.Record] holds beside its count, as [Parts] (part.go), which
// other formats than tables take as they are. Each kind of part is a file: values.go, breakdown.go, funnel.go,
// lift.go, overlap.go, rows.go, why.go; the sentences are in record.go. A [Table] lays out rows (table.go), and
// shortens texts so that those which look alike can be told apart (alike.go). number.go formats
// figures, clean.go makes texts safe and fits them into cells, bar.go draws bars, markdown.go makes
// plain text of our manuals.
package show
