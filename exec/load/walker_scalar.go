package load

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

func (w *walker) literal(s string) error {
	if !bytes.HasPrefix(w.buf[w.pos:], []byte(s)) {
		return w.expected("a value")
	}
	w.pos += len(s)
	return nil
}

func (w *walker) boolValue(n *node, slot uint32, v bool) error {
	start := w.pos
	if err := w.literal(strconv.FormatBool(v)); err != nil {
		return err
	}
	seen := n.seen
	if n.parent.name == "optInOut" {
		// XDM has one boolean, globalOptout, among the texts of this map.
		n.addText(slot, w.buf[start:w.pos])
	} else {
		n.seen |= kindBool
		n.bools.add(slot, v)
	}
	w.changed(n, seen)
	return nil
}

func (w *walker) textValue(n *node, slot uint32) error {
	s, err := w.text()
	if err != nil {
		return err
	}
	seen := n.seen
	n.addText(slot, s)
	w.changed(n, seen)
	return nil
}

// quoted returns s in quotes, shortened to what fits a message.
func quoted(s []byte) string {
	const most = 40
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%q...", s[:cut])
}
