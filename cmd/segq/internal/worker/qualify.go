package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/qualifier"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// qualifyOp is the operation, and the request beside the queue.
const qualifyOp = "qualify"

// qualifiers keeps rules that were compiled for single profiles, by the checked set that they are of. The zero
// value is ready.
type qualifiers struct {
	mu    sync.Mutex
	bySet map[*setRule]*compiledSet
}

// compiledSet is a set of rules that can be asked of a profile; wrong says what is wrong with the others.
type compiledSet struct {
	*qualifier.Rules
	wrong map[string]string
}

// qualify answers which rules the profile of a task is in.
func (h *handler) qualify(ctx context.Context, w *work) error {
	set, err := h.compiledSetOf(ctx, w)
	if err != nil {
		return err
	}
	a, err := set.Answer(ctx, []byte(w.task.Command.Document), w.record.Now)
	if failed := (*qualify.LookupError)(nil); errors.As(err, &failed) {
		return fmt.Errorf("the profile could not be looked up: %w", err)
	}
	if err != nil {
		return refusal{record.Error{Code: "wrong-profile", Message: "the profile cannot be read: " + err.Error()}}
	}
	w.record.Qualify = &record.Qualify{ID: a.ID, In: a.In, Failed: a.Failed, Warnings: a.Warnings}
	for name, why := range set.wrong {
		if w.record.Qualify.Failed == nil {
			w.record.Qualify.Failed = map[string]string{}
		}
		w.record.Qualify.Failed[name] = why
	}
	return nil
}

// compiledSetOf returns the rules of a task. Those of a set that is kept are compiled once.
func (h *handler) compiledSetOf(ctx context.Context, w *work) (*compiledSet, error) {
	all := h.ruleSetOf(w)
	if w.record.RuleSet == nil || len(all) == 0 {
		return h.compileSet(ctx, w, all)
	}
	h.qualifiers.mu.Lock()
	defer h.qualifiers.mu.Unlock() // others that wait for the same set would compile it, too
	if set := h.qualifiers.bySet[&all[0]]; set != nil {
		return set, nil
	}
	set, err := h.compileSet(ctx, w, all)
	if err != nil {
		return nil, err
	}
	if len(h.qualifiers.bySet) >= maxChecked || h.qualifiers.bySet == nil {
		h.qualifiers.bySet = map[*setRule]*compiledSet{}
	}
	h.qualifiers.bySet[&all[0]] = set
	return set, nil
}

func (h *handler) compileSet(ctx context.Context, w *work, all []setRule) (*compiledSet, error) {
	set := &compiledSet{wrong: map[string]string{}}
	var names []string
	var queries []*check.Query
	known := map[string]bool{}
	for i, r := range all {
		name := cmp.Or(r.Name, strconv.Itoa(i+1))
		if known[name] {
			return nil, refusal{record.Error{Code: "same-name", Message: fmt.Sprintf("two rules are called %s: give each a name of its own", name)}}
		}
		known[name] = true
		switch {
		case r.Typed != nil:
			names, queries = append(names, name), append(queries, r.Typed)
		default:
			set.wrong[name] = r.wrong()
		}
	}
	lookups, err := h.Lookups()
	if err != nil {
		return nil, refusal{record.Error{Code: "denormalised", Message: err.Error()}}
	}
	set.Rules, err = qualifier.New(ctx, names, queries, h.Snapshot, lookups)
	return set, err
}

// wrong says what is wrong with a rule, where, and what may have been meant.
func (r *setRule) wrong() string {
	found := r.Found[0]
	if i := slices.IndexFunc(r.Found, func(d ast.Diagnostic) bool { return d.Severity == ast.Error }); i > 0 {
		found = r.Found[i]
	}
	line, column := lang.Position(r.Text, found.At.Start)
	text := fmt.Sprintf("%d:%d: %s", line, column, found.Message)
	if found.Hint != "" {
		text += ": " + found.Hint
	}
	return text
}

// answerQualify answers a request beside the queue: a command of qualify, whose profile may be as long as a request.
func (h *handler) answerQualify(ctx context.Context, body []byte) ([]byte, error) {
	var c redisx.Command
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, fmt.Errorf("the question cannot be read: %w", redisx.ReadError(err))
	}
	document := c.Document
	if c.Op = qualifyOp; document != "" {
		c.Document = "{}"
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	own := h.Snapshot.Fingerprint
	if c.Snapshot != "" && c.Snapshot != own { // as the other requests do; of this one nothing is answered
		return json.Marshal(struct {
			Snapshot string `json:"snapshot"`
		}{own})
	}
	c.Document, c.Tenant = document, cmp.Or(c.Tenant, "default")
	w := h.workOf(&redisx.Task{Command: c}, time.Now().UTC().Truncate(time.Millisecond))
	if at, ok := redisx.Instant(c.Now); ok && c.Now != "" {
		w.record.Now = at
	}
	err := h.bring(ctx, w)
	if err == nil {
		err = h.qualify(ctx, w)
	}
	var refused refusal
	switch {
	case errors.As(err, &refused):
		w.record.Error = &refused.says
	case err != nil:
		return nil, errors.New("the rules, or rows of a lookup, cannot be had now: try again")
	}
	return json.Marshal(qualified{w.record.Qualify, w.record.Error, w.record.RuleSet, w.record.SegmentVersions, w.record.Snapshot, w.record.Now})
}

// qualified is the answer to a request.
type qualified struct {
	*record.Qualify
	Error    *record.Error   `json:"error,omitempty"`
	RuleSet  *record.RuleSet `json:"rule_set,omitempty"`
	Versions map[string]int  `json:"segment_versions,omitempty"`
	Snapshot string          `json:"snapshot"`
	Now      time.Time       `json:"now"`
}
