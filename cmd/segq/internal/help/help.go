// Package help shows what the commands, their flags and the topics of help are, on a terminal or
// as manual pages. What it says comes from where commands and flags are made: it has no list of
// them.
//
// The tour: where flags are registered, [Under] puts them under a heading and [Common] marks those
// that are needed most (heading.go). [Print] prints the help of a command (print.go), which
// document.go has divided into sections, and [WritePages] writes manual pages of the same
// sections (man.go) and of topics (topic.go).
package help
