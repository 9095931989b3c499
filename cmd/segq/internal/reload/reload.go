// Package reload gives a worker new data while it works: when somebody says so, or when the files have changed.
//
// The tour: a [Reloader] opens the data again beside the one that is asked and puts it in its place; what
// cannot be opened leaves everything as it is. [Reloader.Run] waits for what makes it do so (watch.go looks at the
// files).
package reload

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
)

// Worker is what is to go on with other data.
type Worker interface {
	// Replace gives it that: gone is closed when it needs nothing any more of what it had.
	Replace(ctx context.Context, d *dataset.Dataset) (gone <-chan struct{}, err error)
	// Stale has its answers say why newer data could not be loaded, nothing for nil.
	Stale(err error)
	// Affirm says that it has the data that answers are to come from.
	Affirm(ctx context.Context) error
}

// Reloader has a worker go on with new data.
type Reloader struct {
	// Now is the data that the worker has. The Reloader keeps it open as long as it is that.
	Now *dataset.Dataset
	// Paths, Options and Threads say what the data is, as [dataset.Open] takes them.
	Paths   []string
	Options dataset.Options
	Threads int
	Worker  Worker
	Log     *slog.Logger
	// Notes is where what is found in the data is told.
	Notes io.Writer
	// Quiet is how long files have to be as they are before they are loaded because they have changed; 0 for never.
	Quiet time.Duration

	// changed is how long they have been so.
	changed changed
}

// Run reloads whenever somebody asks, and when the files have changed, until ctx ends.
func (r *Reloader) Run(ctx context.Context, asked <-chan struct{}) {
	look := time.NewTimer(r.every())
	defer look.Stop()
	if r.Quiet <= 0 {
		look.Stop()
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
			r.reload(ctx, byHand)
		case <-r.overwritten():
			r.changed.heard = r.Now
			look.Reset(0)
		case <-look.C:
			if r.due(ctx) {
				r.reload(ctx, byChange)
			}
			look.Reset(r.next())
		}
	}
}

// Why data is loaded again, in the words of the log.
const byHand, byChange = "asked", "changed"

// errEmpty is the error of data that may be about to be written.
var errEmpty = errors.New("it has no profiles; if that is so, SIGHUP loads it")

// reload reloads, and tells the operator how that went.
func (r *Reloader) reload(ctx context.Context, why string) {
	stamp, err := dataset.Stamp(ctx, r.Paths, r.Options)
	r.changed.tried = stamp
	r.changed.rest()
	if err == nil && stamp != "" && stamp == r.Now.Stamp() {
		r.Worker.Stale(nil)
		if err := r.Worker.Affirm(ctx); err != nil {
			r.Log.Warn("the queue has not heard of the data yet", "error", err)
		}
		r.Log.Info("nothing to reload: the data has not changed", "dataset", r.Now.Name, "snapshot", r.Now.Snapshot.Fingerprint)
		return
	}
	r.Log.Info("reloading", "dataset", r.Now.Name, "why", why)
	began := time.Now()
	var next *dataset.Dataset
	err = exit.Guard(func() (err error) {
		next, err = r.Now.OpenBeside(ctx, r.Paths, r.Options, r.Threads, r.Notes)
		return err
	})
	if err == nil && why == byChange && next.Snapshot.Rows() == 0 && r.Now.Snapshot.Rows() > 0 {
		next.Close()
		next, err = nil, errEmpty
	}
	if ctx.Err() != nil {
		if next != nil {
			next.Close()
		}
		return
	}
	if err != nil {
		r.Worker.Stale(err)
		r.Log.Error("cannot reload: the data from before is served on", "error", err, "snapshot", r.Now.Snapshot.Fingerprint)
		return
	}
	r.swap(ctx, next, began)
}

// swap puts next in the place of the data that the worker has.
func (r *Reloader) swap(ctx context.Context, next *dataset.Dataset, began time.Time) {
	before := r.Now
	gone, err := r.Worker.Replace(ctx, next)
	if gone == nil {
		next.Close()
		r.Worker.Stale(err)
		r.Log.Error("cannot reload: the data from before is served on", "error", err)
		return
	}
	r.Now = next
	r.Log.Info("reloaded", "dataset", next.Name, "profiles", next.Snapshot.Rows(), "snapshot", next.Snapshot.Fingerprint,
		"before", before.Snapshot.Fingerprint, "took", time.Since(began).Round(time.Millisecond).String())
	r.compare(before, next)
	if err != nil && !errors.Is(err, context.Canceled) {
		r.Log.Warn("the queue has not heard of the new data yet", "error", err)
	}
	name := before.Snapshot.Fingerprint
	before.GiveUp()
	before.Close()
	go r.forget(name, gone)
}

// forget gives memory back to the system as soon as the data that was replaced has ended.
func (r *Reloader) forget(snapshot string, gone <-chan struct{}) {
	began := time.Now()
	<-gone
	debug.FreeOSMemory()
	r.Log.Info("closed", "snapshot", snapshot, "after", time.Since(began).Round(time.Millisecond).String())
}

// Close lets go of the data. Run has ended by then.
func (r *Reloader) Close() { r.Now.Close() }
