package backend

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

const (
	// topValues is how many of the most frequent values are told of a field.
	topValues = 4
	// surveyWait is how long workers elsewhere may take to tell of all fields, and surveyedAtOnce of how many they are asked together.
	surveyWait     = 2 * time.Second
	surveyedAtOnce = 16
)

// Survey says what is known of fields.
func (b *backend) Survey(ctx context.Context, paths []string) ([]repl.Survey, error) {
	h, release := b.hold()
	defer release()
	mask := b.mask(h, nil)
	out := make([]repl.Survey, len(paths))
	survey := func(path string) repl.Survey { return h.survey(ctx, fieldAt(path)) }
	atOnce := 1
	if h == nil {
		limited, cancel := context.WithTimeout(ctx, surveyWait)
		defer cancel()
		survey, atOnce = func(path string) repl.Survey { return b.surveyElsewhere(limited, fieldAt(path)) }, surveyedAtOnce
	}
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, path := range paths {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			if ctx.Err() != nil {
				return
			}
			out[i] = survey(path)
			if hidden := mask.Field(path); hidden && !b.PersonalShown() {
				out[i].Top, out[i].Masked = nil, true
			} else if !b.PersonalShown() {
				out[i].Top = unlooked(mask, path, out[i].Top)
			}
		})
	}
	all.Wait()
	return out, ctx.Err()
}

// unlooked returns the values of a field with one mask in place of all that look as if they said who somebody is.
func unlooked(mask show.Mask, path string, values []string) (out []string) {
	for _, v := range values {
		if mask.Looks(path, v) {
			v = show.Masked
		}
		if v != show.Masked || !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// fieldAt is the field that a path of the schema names: {} is behind the name of a map, of which all keys are meant.
func fieldAt(path string) values.Field {
	path, keys := strings.CutSuffix(path, "{}")
	return values.Field{Path: strings.Split(path, "."), Keys: keys}
}

// survey says what is known of a field of the data here.
func (h *here) survey(ctx context.Context, f values.Field) (s repl.Survey) {
	s.Distinct = -1
	reads := f.Reads(h.data.Snapshot.Schema)
	h.surveyed.mu.Lock()
	defer h.surveyed.mu.Unlock()
	if known, ok := h.surveyed.known[f.ID()]; ok {
		return known
	}
	h.data.Resident(ctx, reads, func(snap *column.Snapshot) {
		leaf := column.LeafOf(snap, f.Path, f.Keys)
		if leaf == nil {
			return
		}
		s.Loaded, s.Places, s.Filled = true, leaf.Slots(), leaf.Filled()
		if counted, ok, err := leaf.Count(ctx, mostSurveyed); ok && err == nil && counted != nil {
			s.Distinct = len(counted)
			for _, v := range counted[:min(len(counted), topValues)] {
				if v.Count > 1 || len(counted) <= topValues {
					s.Top = append(s.Top, strings.Clone(v.Text))
				}
			}
			return
		}
		if n, ok := leaf.Distinct(); ok {
			s.Distinct = n
		}
	})
	if s.Loaded && ctx.Err() == nil {
		if h.surveyed.known == nil {
			h.surveyed.known = map[string]repl.Survey{}
		}
		h.surveyed.known[f.ID()] = s
	}
	return s
}

// mostSurveyed is up to how many different texts of a field are counted one by one.
const mostSurveyed = 200_000

// surveyed are the fields of which that is known.
type surveyed struct {
	mu    sync.Mutex
	known map[string]repl.Survey
}

// surveyElsewhere says what a worker tells of a field.
func (b *backend) surveyElsewhere(ctx context.Context, f values.Field) repl.Survey {
	if f.Personal(b.options.Personal) {
		return repl.Survey{Distinct: -1}
	}
	for {
		a := b.elsewhere.values.answer(ctx, values.Question{Field: f, Limit: topValues})
		if a.Pending && ctx.Err() == nil {
			continue // an answer waits for a moment
		}
		s := repl.Survey{Loaded: a.Places > 0, Places: a.Places, Filled: a.Filled, Distinct: a.All}
		for _, v := range a.Values {
			s.Top = append(s.Top, v.Text)
		}
		return s
	}
}
