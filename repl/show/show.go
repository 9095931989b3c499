// Package show puts figures and texts into words for people: counts, shares, times,
// bars, and text from elsewhere made safe for a terminal. The session, the command line
// and whoever else prints answers use the same ones, so that one number looks the same
// everywhere. It knows no terminal and no colours.
//
// The tour: number.go writes figures, clean.go makes texts safe and fits them into
// cells, bar.go draws bars.
package show
