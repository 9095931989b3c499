// Package repl is the interactive session: an inline terminal program in which
// PQL queries are typed, run side by side and leave their answers in the
// scrollback.
//
// The tour: [Backend] is what the session needs from the outside, and its only way
// out. [Run] starts a session. Until the data is open, what is entered is kept (opening.go); a panic,
// and the end of the terminal, end the session alone (guard.go, terminal.go). [Model] is the one Bubble Tea model; its
// Update calls one method per message and does no input or output itself, since
// every call that may block is a command that Bubble Tea runs on a goroutine of
// its own. The rest are plain structs with methods, touched only by Update and
// View: the editor, the history, the search through it, the running
// queries with their bars, and what helps while one types: choices, counts and findings, each
// asked for by an inquiry, which knows what is still wanted. Key bindings and dot commands are tables, from
// which the help is made.
//
// All text that comes from data, from the backend or from the user is cleaned
// of control characters before it reaches the terminal, and measured in cells,
// not in bytes or runes.
package repl
