package vector

// result is the value of a numbered part of an expression, right where it was
// needed.
type result struct {
	v    *vector
	f    *frame
	need []uint64
	// overflowed says that some number was too large.
	overflowed bool
}

// covers says whether a result is right wherever need is.
func (r *result) covers(need []uint64) bool {
	if r.need == nil {
		return true
	}
	for i, w := range r.need {
		if need == nil || need[i]&^w != 0 {
			return false
		}
	}
	return true
}
