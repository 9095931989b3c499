// Package show formats figures and texts for people: counts, shares, times, bars, and
// text from elsewhere made safe for a terminal. Everything that prints answers uses it, so
// that a number looks the same everywhere. It knows no terminal and no colours.
//
// The tour: number.go formats figures, values.go the summary of a query's values, clean.go
// makes texts safe and fits them into cells, bar.go draws bars, markdown.go makes plain text of our
// manuals.
package show
