package load

import "strings"

// PathSteps splits the path of a field as reports and flags write it: names with dots between, in backquotes
// where they have a dot themselves, with {} for the values of a map, which is a step of its own.
func PathSteps(path string) ([]string, error) {
	steps, err := pathSteps(path)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(steps))
	for i, s := range steps {
		if names[i] = s.name; s.value {
			names[i] = "{}"
		}
	}
	return names, nil
}

// PathText writes steps as a path.
func PathText(steps []string) string {
	var b strings.Builder
	for i, s := range steps {
		if s == "{}" {
			b.WriteString(s)
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(quotedName(s))
	}
	return b.String()
}
