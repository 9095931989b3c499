package dataset

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/load"
)

// Stamp names the state of the files that paths stand for, and of those of lookups, as [load.Stamp] does; there is
// none of the sample.
func Stamp(ctx context.Context, paths []string, o Options) (string, error) {
	if o.stays(paths) {
		return o.clusterStamp(ctx)
	}
	all := ""
	lookups, err := o.lookups.parse()
	if err != nil {
		return "", err
	}
	for _, f := range lookups {
		one, err := stampOf(ctx, []string{f.file}, load.Options{})
		if err != nil || one == "" {
			return "", err
		}
		all += " " + one
	}
	one, err := stampOf(ctx, paths, load.Options{Format: o.format})
	if err != nil || one == "" {
		return "", err
	}
	return one + all, nil
}

func stampOf(ctx context.Context, paths []string, o load.Options) (string, error) {
	if len(paths) == 0 {
		return "", nil
	}
	if path := packed(paths); path != "" {
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		return path + " " + load.StampOf(info), nil
	}
	return load.Stamp(ctx, paths, o)
}

// Stamp is what [Stamp] said before the data was opened, "" where it could not tell.
func (d *Dataset) Stamp() string { return d.stamp }

// Stale has all answers from now on say that newer data could not be loaded, and why; nil is the error of data
// that is as new as it can be.
func (d *Dataset) Stale(err error) {
	if err == nil {
		d.trouble.Store(nil)
		return
	}
	d.trouble.Store(d.troubled("newer data could not be loaded", err))
}

// Lose has all answers from now on say that what is not in memory of the data cannot be read any more, for err. It
// returns false where they say something already.
func (d *Dataset) Lose(err error) bool {
	d.tellLost.Do(func() { close(d.overwritten) })
	if !d.trouble.CompareAndSwap(nil, d.troubled("what was not in memory of it could not be read", err)) {
		return false
	}
	d.lost.Store(true)
	return true
}

// Overwritten is closed as soon as a read has found that it was ([Dataset.Lose]).
func (d *Dataset) Overwritten() <-chan struct{} { return d.overwritten }

// Lost says whether the data was lost ([Dataset.Lose]). What was answered before that is right.
func (d *Dataset) Lost() bool { return d.lost.Load() }

// Overwritten says whether an error is that somebody has written to the data while it was open.
func Overwritten(err error) bool {
	var unread *exec.DataError
	return errors.Is(err, load.ErrChanged) || errors.As(err, &unread)
}

// troubled is what is told of data to which something happens now.
func (d *Dataset) troubled(what string, err error) *string {
	const second = "2006-01-02 15:04:05 MST"
	text := fmt.Sprintf("this is the data of %s: %s at %s: %v", d.opened.UTC().Format(second), what, time.Now().UTC().Format(second), err)
	return &text
}

// Trouble is why newer data could not be loaded, "" for nothing.
func (d *Dataset) Trouble() string {
	if t := d.trouble.Load(); t != nil {
		return *t
	}
	return ""
}
