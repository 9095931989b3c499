package load

import "strings"

// isLeftOut ends what a note says of a field that is not read.
const isLeftOut = "is left out"

// unmarkedEnd ends what a note says of a file whose end is not known to be its end.
const unmarkedEnd = "if it was cut off, what is missing cannot be noticed"

// Omissions are those of the notes that say of a field, or of the end of a file, that it may not have been read.
func (r *Report) Omissions() (all []string) {
	for _, note := range r.Notes {
		if strings.Contains(note, isLeftOut) || strings.HasSuffix(note, unmarkedEnd) {
			all = append(all, note)
		}
	}
	return all
}
