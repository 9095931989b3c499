package completion

import "embed"

//go:embed scripts
var scripts embed.FS

// Shells are those that there are scripts for.
var Shells = []string{"bash", "zsh", "fish"}

// Script returns the script by which a shell completes, which is one of [Shells].
func Script(shell string) string {
	text, err := scripts.ReadFile("scripts/segq." + shell)
	if err != nil {
		panic(err) // there is no such shell
	}
	return string(text)
}
