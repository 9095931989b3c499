package repl

// style is the parameter of a "select graphic rendition" sequence, such as
// "1;31". The colours are the sixteen that every terminal has and that its
// user has chosen; none is a background, so that they can be read on light and
// dark alike. Nothing is said by colour alone.
type style string

const (
	plain   style = ""
	bold    style = "1"
	faint   style = "2"
	reverse style = "7"

	red     style = "31"
	green   style = "32"
	yellow  style = "33"
	blue    style = "34"
	magenta style = "35"
	cyan    style = "36"
	boldRed style = "1;31"
)

// palette paints text, or leaves it alone where colours are off.
type palette struct {
	on bool
}

// paint gives s in style st.
func (p palette) paint(st style, s string) string {
	if !p.on || st == plain || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[0m"
}

// cursor gives s as the cell under the cursor, combined with style st. Reverse
// video is not a colour: without it nobody could see where they type.
func (p palette) cursor(st style, s string) string {
	if p.on && st != plain {
		return "\x1b[" + string(reverse+";"+st) + "m" + s + "\x1b[0m"
	}
	return "\x1b[" + string(reverse) + "m" + s + "\x1b[0m"
}
