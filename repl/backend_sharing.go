package repl

import (
	"context"
	"errors"
	"time"

	"github.com/segq/segq/repl/show"
)

// ErrAway is wrapped by errors which say that the queue cannot be reached at this moment: what was asked may be asked
// again.
var ErrAway = errors.New("the queue cannot be reached")

// ErrWriting says that data which has changed is not read again yet, since somebody may still write to it.
var ErrWriting = errors.New("the files are being written")

// Sharing is what a session asks of a queue and of workers that others use as well.
type Sharing interface {
	// Crew says how the workers are, in a moment; nil where they are of this process alone. It is called every few
	// seconds.
	Crew(ctx context.Context) (*Crew, error)
	// Everyone lists the jobs of the session's tenant that have not ended, whoever asked for them, at most n.
	Everyone(ctx context.Context, n int) (Everyone, error)
	// Cancelling is the command that ends a job from elsewhere, "" where the queue ends with the session.
	Cancelling(id string) string
}

// Crew is how the workers of a session are.
type Crew struct {
	// Alive is how many give signs of life and have the data that answers come from.
	Alive int
	// Workers are all that were heard of lately.
	Workers []Worker
	// Others is how many are alive with other data, and TakeOver in how long they take over where none is with that data.
	Others   int
	TakeOver time.Duration
	// Doubt says that it is worth asking again soon: a connection has ended.
	Doubt bool
	// Start is how a worker is started.
	Start string
	// Note is what is to be known of the data of all, "" for nothing.
	Note string
	// Written is when the data was last written to that answers come from, zero where nobody says.
	Written time.Time
}

// Worker is a process that answers queries.
type Worker struct {
	Name string
	// Dataset is a short name for its data, Snapshot its fingerprint, and Profiles how many rows it has; "" and below 0 where
	// it does not say.
	Dataset, Snapshot string
	Profiles          int64
	// Loaded is when it has read its data, zero where it does not say; of Fields columns, InMemory are in memory.
	Loaded           time.Time
	Fields, InMemory int
	// Running is how many jobs it has.
	Running int
	// Quiet is how long ago its last sign of life is. Silent says that this is longer than it should be, and Cut that its
	// connection has ended.
	Quiet       time.Duration
	Silent, Cut bool
	// GivenUp is in how long its jobs are no more its own if it stays silent.
	GivenUp time.Duration
	// Other says that it has other data than that which answers come from, and therefore answers nothing.
	Other bool
	// Trouble is what is wrong with its data, "" for nothing.
	Trouble string
}

// Everyone are jobs of a tenant that have not ended.
type Everyone struct {
	// Tenant is whose they are, Running and Waiting how many run and how many wait.
	Tenant           string
	Running, Waiting int64
	// Jobs are the first of them: those that run, and those that wait, in their order.
	Jobs []SharedJob
}

// SharedJob is a job of a tenant, of this session or of another.
type SharedJob struct {
	Job
	// Name is what the asker calls it, Op what is done, and Text what is asked, on one line.
	Name, Op, Text string
	// Class is how urgent it is.
	Class string
	// For is how long ago it came.
	For time.Duration
}

// title is what the job is called in a list.
func (j *SharedJob) title() string {
	text := show.OneLine(j.Text)
	switch {
	case j.Name != "":
		text = show.OneLine(j.Name) + ": " + text
	case text == "":
		text = show.OneLine(j.Op)
	}
	if j.Op != "query" && j.Op != "" && j.Text != "" {
		text = show.OneLine(j.Op) + " " + text
	}
	return text
}
