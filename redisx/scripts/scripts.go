// Package scripts holds the Lua scripts of the job protocol: each step that must
// happen as a whole is one of them. The contract of a script is the comment on top
// of its file: what it takes, what it returns, and what sending it twice does.
//
// Their common rules: ARGV[1] is the prefix of all keys and KEYS[1] any key of the
// namespace. Time is that of Redis. A script never increments anything unless a
// state that it changes in the same step guards it. And a script that must work while
// Redis is short of memory starts with a write that can only free some.
package scripts

import "embed"

//go:embed *.lua
var files embed.FS

// Source returns the text of a script, by the name of its file without ".lua", with
// the prelude before it. A name without a file panics: names are constants.
func Source(name string) string {
	return text("prelude") + text(name)
}

// Alone returns the text of a script that needs no prelude.
func Alone(name string) string { return text(name) }

func text(name string) string {
	b, err := files.ReadFile(name + ".lua")
	if err != nil {
		panic(err)
	}
	return string(b)
}
