package backend

import (
	"context"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/live"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// filledAgain is how often at most is found out which fields more is known of.
const filledAgain = 2 * time.Second

// filling finds out, while nobody waits for it, how many profiles have a value of each field.
type filling struct {
	mu    sync.Mutex
	known []repl.Field // nil for those of the data as they are
	busy  bool
	loads int64 // how many columns had been loaded when that was found out
	at    time.Time
}

// fields returns the fields of the data with what is known by now.
func (f *filling) fields(h *here, now *live.Value[*here]) []repl.Field {
	f.mu.Lock()
	defer f.mu.Unlock()
	loads := h.data.Holds().Loads
	if !f.busy && (f.at.IsZero() || loads != f.loads && time.Since(f.at) > filledAgain) {
		if own, release := now.Hold(); own == h { // else there is other data by now
			f.busy, f.loads = true, loads
			go f.find(h, release)
		} else {
			release()
		}
	}
	if f.known != nil {
		return f.known
	}
	return h.fields
}

func (f *filling) find(h *here, release func()) {
	defer release()
	known := h.fields
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.known, f.busy, f.at = known, false, time.Now()
	}()
	defer ast.Guard(func(*ast.Fault) {}) // then no more is known
	known = filledFields(h.fields, h.data.Filled(context.Background()))
}

// filledFields returns fields with the shares of profiles that have a value.
func filledFields(fields []repl.Field, shares map[string]float64) []repl.Field {
	out := append([]repl.Field{}, fields...)
	for i := range out {
		if share, ok := shares[out[i].Path]; ok {
			out[i].Filled = share
		}
	}
	return out
}

// fieldsElsewhere lists the fields of what workers say.
func fieldsElsewhere(p *dataset.Published) *[]repl.Field {
	shares := map[string]float64{}
	for _, f := range p.Fields {
		if f.Filled != nil && *f.Filled >= 0 && *f.Filled <= 1 {
			shares[f.Path] = *f.Filled
		}
	}
	fields := filledFields(sessionFields(p.Root), shares)
	return &fields
}
