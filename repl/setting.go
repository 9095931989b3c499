package repl

// setting is something of the session that .set changes, by a word.
type setting struct {
	name, doc string
	// words are what it can be.
	words []string
	get   func(m *Model) string
	set   func(m *Model, word string)
}

// settings lists all, in the order in which .set shows them.
func settings() []setting {
	return []setting{
		{
			name: "peek", doc: "count what is typed so far", words: []string{"on", "off"},
			get: func(m *Model) string { return onOff(m.peek) },
			set: func(m *Model, word string) { m.peek = word == "on" },
		},
		{
			name: "personal", doc: "values of personal fields, in what is asked from now on", words: []string{"masked", "shown"},
			get: func(m *Model) string {
				if m.backend.PersonalShown() {
					return "shown"
				}
				return "masked"
			},
			set: func(m *Model, word string) { m.backend.ShowPersonal(word == "shown") },
		},
	}
}

// settingNamed returns the setting with a name.
func settingNamed(name string) (setting, bool) {
	for _, s := range settings() {
		if s.name == name {
			return s, true
		}
	}
	return setting{}, false
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
