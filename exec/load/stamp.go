package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"
)

// stamped is a source that says, without being read, whether it is what it was: what it gives differs
// as soon as anything was changed, and is "" where that is not known.
type stamped interface{ stamp() string }

// Stamp names the state of what paths stand for, without reading any of it: which files these are, their
// sizes, and when they were changed. It differs as soon as one was written to, replaced, added or removed,
// and is "" where nobody can tell, as of a pipe.
func Stamp(ctx context.Context, paths []string, o Options) (string, error) {
	all := sha256.New()
	for _, path := range paths {
		if path == "-" {
			return "", nil
		}
		sources, err := sourcesOf(ctx, path, &o)
		if err != nil {
			return "", err
		}
		for _, in := range sources {
			s, ok := in.source.(stamped)
			if !ok || s.stamp() == "" {
				return "", nil
			}
			fmt.Fprintf(all, "%q %s\n", in.name(), s.stamp())
		}
	}
	return hex.EncodeToString(all.Sum(nil)), ctx.Err()
}

// StampOf is the stamp of one file, "" where it is no regular one.
func StampOf(info fs.FileInfo) string {
	if !info.Mode().IsRegular() {
		return ""
	}
	return fmt.Sprintf("%d %d %d", info.Size(), info.ModTime().UnixNano(), ChangedAt(info))
}

func (f *file) stamp() string { return StampOf(f.info) }

// written is when a file was last written to, zero where that is not known.
func (in *input) written() time.Time {
	if f, ok := in.source.(*file); ok {
		return writtenAt(f.info)
	}
	return time.Time{}
}

func writtenAt(info fs.FileInfo) time.Time {
	if info == nil || !info.Mode().IsRegular() {
		return time.Time{}
	}
	return info.ModTime()
}
