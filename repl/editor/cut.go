package editor

// What keys take away from the text.

// kill takes the text between two places away, and keeps it for [Buffer.Yank].
func (e *Buffer) kill(from, to place) {
	if from != to {
		e.killed = e.record(alone, from, to, "")
	}
}

// DeleteLeft takes away the cluster before the cursor. Several in a row are undone as one.
func (e *Buffer) DeleteLeft() {
	e.record(erasing, e.before(e.at), e.at, "")
}

// DeleteRight takes away the cluster at the cursor. Several in a row are undone as one.
func (e *Buffer) DeleteRight() {
	e.record(eating, e.at, e.after(e.at), "")
}

// CutWord takes away what is from the start of the word, for [Buffer.Yank] as the other cuts.
func (e *Buffer) CutWord() { e.kill(e.wordLeft(), e.at) }

// CutWordRight takes away what is up to the end of the word.
func (e *Buffer) CutWordRight() { e.kill(e.at, e.wordRight()) }

// CutToLineStart takes away what is before the cursor on its line.
func (e *Buffer) CutToLineStart() { e.kill(place{e.at.row, 0}, e.at) }

// CutToLineEnd takes away what is behind the cursor on its line, or the line end.
func (e *Buffer) CutToLineEnd() {
	to := place{e.at.row, len(e.Line(e.at.row))}
	if to == e.at {
		to = e.after(e.at)
	}
	e.kill(e.at, to)
}

// CutAll takes away everything.
func (e *Buffer) CutAll() { e.kill(place{}, e.end()) }

// Yank inserts what was cut last.
func (e *Buffer) Yank() { e.Paste(e.killed) }
