package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/backend"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/repl"
)

// patience is how long a session waits for its data before it begins without: what opens in less, or
// cannot be opened at all, needs no screen that says so.
const patience = 20 * time.Millisecond

// keymaps are the keys that edit the input of a session, the first unless another is named.
var keymaps = []string{"emacs", "vi"}

// session holds the interactive session. It begins before the data is there, which opens meanwhile. What is
// wrong with the command line, and a file that is missing, is said before.
func session(ctx context.Context, o *options, data []string, io console.Streams) error {
	leaveProcessor(o.threads)
	if err := chosen("--keys", o.keys, keymaps); err != nil {
		return err
	}
	if err := o.params.Read.Load(ctx); err != nil {
		return err
	}
	asking := o.asking(io)
	asking.Store = o.store.opener(&o.redis, o.tenant)
	var err error
	if asking.Personal, err = o.data.Personal(); err != nil {
		return exit.Usage(err)
	}
	asking.ShowPersonal = o.showPersonal
	if err := o.data.Validate(); err != nil {
		return err
	}
	if err := existing(data); err != nil {
		return exit.Data(err)
	}
	in, end, err := keys(data, io)
	if err != nil {
		return err
	}
	defer end()
	q, err := ask.Reach(ctx, o.place(data))
	if err != nil {
		return err
	}
	defer q.Close()
	// Ctrl-C means something else to a session.
	interruptsAreKeys(ctx)
	first := firstSession()
	opening, stop := context.WithCancel(ctx)
	defer stop()
	b := backend.Begin(opening, q, asking, o.redis.Namespace, o.sessionName(data), first)
	brief, cancel := context.WithTimeout(ctx, patience)
	err = b.Open(brief)
	cancel()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	err = repl.Run(ctx, b, repl.Options{
		In: in, Out: io.Out.File, Color: o.colored(), Accessible: o.speaks(), First: first, Peek: o.peek, Vi: o.keys == keymaps[1], History: o.history.open(),
	})
	if b.Describe().Opening == nil {
		rememberSession()
	}
	return err
}

// speaks says whether a session is to say everything in words.
func (o *options) speaks() bool {
	return o.accessible || accessible() || os.Getenv("TERM") == "dumb"
}

// accessible says whether the user's environment asks for words.
func accessible() bool {
	switch strings.ToLower(strings.TrimSpace(os.Getenv("ACCESSIBLE"))) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

// sessionName is what a session calls its data.
func (o *options) sessionName(data []string) string {
	switch {
	case o.attach:
		return backend.Elsewhere(o.redis.Namespace)
	case o.data.Clustered():
		return o.data.TableOnCluster() + " on a cluster"
	case o.dataFrom != "":
		return dataset.NameOf(data) + " (named in " + o.dataFrom + ")"
	}
	return dataset.NameOf(data)
}
