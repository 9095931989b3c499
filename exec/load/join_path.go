package load

// PathOf returns the path of a field by its name and that of the object that it is in, "" for the profile, as a
// [Misfit] and a [Coercion] have it.
func PathOf(above, name string) string {
	if above == "" {
		return quotedName(name)
	}
	return above + "." + quotedName(name)
}

// WrittenPath returns the same as [WriteSchema] writes it.
func WrittenPath(above, name string) string {
	if above == "" {
		return writtenName(name, true)
	}
	return above + "." + writtenName(name, false)
}
