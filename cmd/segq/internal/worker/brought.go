package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// bring fills in what a command names and does not bring, from what its tenant keeps: the rules of a set, and the saved
// segments that its queries ask about. The record says which versions these are.
func (h *handler) bring(ctx context.Context, w *work) error {
	c := &w.task.Command
	var asked []string
	if c.Op == diffOp {
		if err := h.bringDiff(ctx, w); err != nil {
			return err
		}
	}
	if c.Set != "" {
		var err error
		if asked, err = h.bringSet(ctx, w); err != nil {
			return err
		}
	} else {
		asked = append(askedBy(slices.Concat([]string{c.Query}, c.Queries, slices.Collect(maps.Values(c.Segments)))), rules.AskedBySelection(c.Select)...)
		c.Segments = w.withNamed(asked)
	}
	w.record.SegmentVersions = c.SegmentVersions
	if h.client.Embedded() && c.Op != diffOp {
		return nil // whoever asks it knows what was saved
	}
	asked = slices.DeleteFunc(slices.Clone(asked), func(name string) bool { _, ok := c.Segments[name]; return ok })
	if len(asked) == 0 {
		return nil
	}
	return h.bringSaved(ctx, w, asked)
}

// bringSet fills in the rules of a set, and returns the segments that they ask about.
func (h *handler) bringSet(ctx context.Context, w *work) (asked []string, err error) {
	c := &w.task.Command
	set, err := h.setOf(ctx, c)
	if err != nil {
		return nil, err
	}
	w.set, asked = set, set.asked
	w.record.RuleSet = &record.RuleSet{Name: set.Name, Version: set.Version}
	if c.Queries, c.Names = set.texts, set.names; c.Op == analysis.Near {
		if err := set.pick(c); err != nil {
			return nil, err
		}
		w.record.Query, asked = strings.TrimSpace(c.Query), set.reached(c.Query)
	}
	if len(set.segments) > 0 { // before others of the same names
		all := maps.Clone(set.segments)
		for name, text := range c.Segments {
			if _, ok := all[name]; !ok {
				all[name] = text
			}
		}
		c.Segments = all
	}
	return asked, nil
}

// bringSaved fills in the saved segments of some names, and those that they ask about.
func (h *handler) bringSaved(ctx context.Context, w *work, asked []string) error {
	c := &w.task.Command
	all := map[string]string{}
	maps.Copy(all, c.Segments)
	kept, err := h.kept(ctx, c.Tenant)
	if err != nil {
		return err
	}
	beyond, err := store.Beyond(ctx, kept, asked, func(name string) bool {
		if _, ok := all[name]; ok {
			return true
		}
		text, ok := w.ownRule(name) // of the command, though none but what is kept asks about it
		if ok {
			all[name] = text
		}
		return ok
	})
	if err != nil {
		return transient{err}
	}
	c.Segments, c.SegmentVersions = all, map[string]int{}
	for _, d := range beyond.Definitions {
		c.Segments[d.Name], c.SegmentVersions[d.Name] = d.Text, d.Version
	}
	w.suggested, w.record.SegmentVersions = beyond.Names, c.SegmentVersions
	return nil
}

// withNamed returns the segments of a command, and of its queries those that others ask about by their names, as in a set
// of rules. What it brings as segments comes first: that is what its asker takes the names for.
func (w *work) withNamed(asked []string) map[string]string {
	c := &w.task.Command
	if len(c.Names) == 0 || len(asked) == 0 {
		return c.Segments
	}
	all := map[string]string{}
	for _, name := range asked {
		if text, ok := w.ownRule(name); ok {
			all[name] = text
		}
	}
	maps.Copy(all, c.Segments)
	return all
}

// ownRule returns the rule of a command, or of the set that it names, that goes by a name, of several the last. A query that
// asks about its own name means what is kept, whatever others ask; of sets such are wrong.
func (w *work) ownRule(name string) (text string, ok bool) {
	names, texts := w.task.Command.Names, w.task.Command.Queries
	if w.set != nil {
		names, texts = w.set.names, w.set.texts
	}
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name && (w.set != nil || !slices.Contains(askedBy(texts[i:i+1]), name)) {
			return texts[i], true
		}
	}
	return "", false
}

// askedBy lists the segments that queries ask about.
func askedBy(texts []string) (names []string) {
	for _, text := range texts {
		if strings.Contains(text, "inSegment") {
			names = append(names, rules.AskedBy(text)...)
		}
	}
	return names
}

// broughtSet is a set of rules taken apart.
type broughtSet struct {
	*store.RuleSet
	texts, names []string
	// segments are the rules that others ask about, by their names, and asked all names that they ask about.
	segments map[string]string
	asked    []string
}

// maxSets is how many sets a worker has at hand.
const maxSets = 64

// sets are the sets of rules that a worker has at hand, by digest. The zero value is ready.
type sets struct {
	mu       sync.Mutex
	byDigest map[string]*broughtSet
}

// setOf returns the set of rules that a command names. What it is is asked each time: a Redis that has lost what it had
// may have another set under the same name and version. Its texts are read only if they are not at hand.
func (h *handler) setOf(ctx context.Context, c *redisx.Command) (*broughtSet, error) {
	s := store.Shared(h.client, c.Tenant)
	found, err := store.FindRules(ctx, s, c.Set, c.SetVersion)
	if err != nil {
		return nil, noSet(err)
	}
	h.sets.mu.Lock()
	set := h.sets.byDigest[found.Digest]
	h.sets.mu.Unlock()
	if set != nil {
		own := *set // which may be kept under other names
		own.RuleSet = found
		return &own, nil
	}
	kept, err := store.Rules(ctx, s, c.Set, found.Version)
	if err != nil {
		return nil, noSet(err)
	}
	if set, err = takeApart(kept); err != nil {
		return nil, err
	}
	h.sets.mu.Lock()
	defer h.sets.mu.Unlock()
	if len(h.sets.byDigest) >= maxSets || h.sets.byDigest == nil {
		h.sets.byDigest = map[string]*broughtSet{}
	}
	h.sets.byDigest[set.Digest] = set
	return set, nil
}

// noSet is the error of a set that is not there, or that Redis does not give.
func noSet(err error) error {
	if !errors.Is(err, store.ErrNone) {
		return transient{err}
	}
	return refusal{record.Error{Code: "no-rule-set", Message: err.Error(), Hint: "segq rules put NAME -f FILE keeps one, and segq rules list has those that are kept"}}
}

// pick makes a command ask the one rule of a set that it names.
func (s *broughtSet) pick(c *redisx.Command) error {
	i := slices.Index(s.names, c.Name)
	if i < 0 {
		return refusal{record.Error{Code: "no-rule", Message: fmt.Sprintf("there is no rule %q in the set %q", c.Name, c.Set), Hint: "segq rules show " + c.Set + " prints its rules"}}
	}
	c.Query, c.Queries, c.Names = s.texts[i], nil, nil
	return nil
}

// reached lists the names that one rule of a set asks about, itself or by way of others of the set.
func (s *broughtSet) reached(text string) []string {
	names := askedBy([]string{text})
	for i := 0; i < len(names); i++ {
		for _, other := range askedBy([]string{s.segments[names[i]]}) {
			if !slices.Contains(names, other) {
				names = append(names, other)
			}
		}
	}
	return names
}

// takeApart takes a set apart into its rules.
func takeApart(kept *store.RuleSet) (*broughtSet, error) {
	written, err := rules.SplitAll(kept.Sources)
	if err != nil {
		return nil, err
	}
	set := &broughtSet{RuleSet: kept, segments: map[string]string{}}
	asked := map[string]bool{}
	for _, w := range written {
		set.texts = append(set.texts, w.Text())
		name := w.Name
		if name == "" {
			name = w.ID
		}
		set.names = append(set.names, name)
		if w.Statement.X != nil {
			for _, other := range rules.Asked(w.Statement.X) {
				asked[other] = true
			}
		}
	}
	set.asked = slices.Sorted(maps.Keys(asked))
	for i, w := range written {
		for _, name := range []string{w.ID, w.Name} {
			if asked[name] {
				set.segments[name] = set.texts[i]
			}
		}
	}
	return set, nil
}

// setRule is a rule of a command as it was checked against the data: Typed is nil for one that is wrong, as Found says.
type setRule struct {
	Name, Text string
	Typed      *check.Query
	Found      ast.Diagnostics
}

// maxChecked is how many checked sets a service keeps.
const maxChecked = 8

// checkedSets keeps the rules of sets as they were checked, by all that their meaning depends on. The zero value is
// ready.
type checkedSets struct {
	mu    sync.Mutex
	byKey map[string][]setRule
}

// ruleSetOf returns the rules of a task as they were checked against the data: those of the set that it names, or its
// queries. They are the same for all tasks that name the same, and are only read. A panic in the check of one is the
// error of that one alone.
func (h *handler) ruleSetOf(w *work) []setRule {
	c := &w.task.Command
	key := ""
	if w.set != nil && len(w.suggested) == 0 {
		params, err := json.Marshal(c.Params)
		if err == nil {
			key = w.set.Digest + string(params) + digestOf(beyondOf(w.set, c))
		}
	}
	if key != "" {
		h.checked.mu.Lock()
		all, ok := h.checked.byKey[key]
		h.checked.mu.Unlock()
		if ok {
			return all
		}
	}
	all := h.checkSet(w)
	if key != "" {
		h.checked.mu.Lock()
		defer h.checked.mu.Unlock()
		if len(h.checked.byKey) >= maxChecked || h.checked.byKey == nil {
			h.checked.byKey = map[string][]setRule{}
		}
		h.checked.byKey[key] = all
	}
	return all
}

// beyondOf returns the segments of a command that are not those of its set, nil where that asks about none.
func beyondOf(set *broughtSet, c *redisx.Command) map[string]string {
	var all map[string]string
	for name, text := range c.Segments {
		if _, own := set.segments[name]; !own {
			if all == nil {
				all = map[string]string{}
			}
			all[name] = text
		}
	}
	return all
}

// digestOf names segments, "" for none.
func digestOf(segments map[string]string) string {
	if len(segments) == 0 {
		return ""
	}
	text, err := json.Marshal(segments) // in order of their names
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// checkSet is ruleSetOf for rules that are not at hand.
func (h *handler) checkSet(w *work) []setRule {
	c := &w.task.Command
	compiler, all := h.compilerOf(c, w.suggested...), make([]setRule, len(c.Queries))
	for i, text := range c.Queries {
		one := &all[i]
		if one.Text = text; len(c.Names) > 0 {
			one.Name = c.Names[i]
		}
		var err error
		if one.Typed, one.Found, err = compiler.try(text); err != nil {
			r := &record.Record{}
			answer.Fail(r, err)
			one.Found = ast.Diagnostics{{Code: r.Error.Code, Message: r.Error.Message, Hint: r.Error.Hint}}
		}
		if one.Found.Failed() {
			one.Typed = nil
		}
	}
	return all
}
