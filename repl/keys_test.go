package repl

import "testing"

func TestKeysHaveHelpAndDoNotCollide(t *testing.T) {
	owner := map[string]string{}
	for _, k := range keyTable() {
		h := k.Help()
		if h.Key == "" || h.Desc == "" || k.do == nil || len(k.Keys()) == 0 {
			t.Errorf("binding %v lacks a name, a help, a key or an action", k.Keys())
		}
		for _, name := range k.Keys() {
			if other, taken := owner[name]; taken {
				t.Errorf("%s belongs to %s and to %s", name, other, h.Key)
			}
			owner[name] = h.Key
		}
	}
}

func TestCommandsHaveHelp(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commandTable() {
		if c.name[0] != '.' || c.doc == "" || (c.do == nil) == (c.ask == nil) || seen[c.name] {
			t.Errorf("command %q is not a name of its own with help and an action", c.name)
		}
		seen[c.name] = true
	}
}

func TestNearest(t *testing.T) {
	for typed, want := range map[string]string{
		".shcema": ".schema", ".hist": ".history", ".quti": ".quit", ".field": ".fields", ".job": ".jobs", ".zzzzzz": "",
	} {
		if got, _ := nearest(typed, commandTable()); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}
