package dataset

// StandIn has all answers from now on say what the data stands in for, "" for nothing. It says whether that is news.
func (d *Dataset) StandIn(text string) bool {
	var next *string
	before := ""
	if text != "" {
		next = &text
	}
	if b := d.standsIn.Swap(next); b != nil {
		before = *b
	}
	return before != text
}

// Warnings are what each answer says of the data.
func (d *Dataset) Warnings() (all []string) {
	if t := d.Trouble(); t != "" {
		all = append(all, t)
	}
	if s := d.standsIn.Load(); s != nil {
		all = append(all, *s)
	}
	return all
}
