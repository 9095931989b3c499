package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// identities are the files that were met, by what files that are the same have in common.
type identities map[sameLook][]*file

type sameLook struct {
	size    int64
	written time.Time
}

func lookOf(info fs.FileInfo) sameLook {
	if !info.Mode().IsRegular() {
		return sameLook{size: unknown} // of a pipe these change
	}
	return sameLook{info.Size(), info.ModTime().UTC()}
}

// add returns an error when the file is among those that were met already, by the same or another
// name: its rows would count twice.
func (s identities) add(in *input) error {
	f, ok := in.source.(*file)
	if !ok {
		if in.name() == stdinName {
			return s.addInput()
		}
		return nil
	}
	for _, o := range s[lookOf(f.info)] {
		switch {
		case !os.SameFile(o.info, f.info):
		case o.path == f.path:
			return fmt.Errorf("%s is named twice: its rows would count twice", f.path)
		default:
			return fmt.Errorf("%s and %s are the same file: its rows would count twice", o.path, f.path)
		}
	}
	s[lookOf(f.info)] = append(s[lookOf(f.info)], f)
	return nil
}

// addInput returns an error when standard input was met.
func (s identities) addInput() error {
	none := sameLook{size: unknown - 1}
	if s[none] != nil {
		return errors.New("standard input is named twice: it can be read once")
	}
	s[none] = []*file{nil}
	return nil
}
