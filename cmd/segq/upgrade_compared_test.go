package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// What versions may say in different ways.

// untimedRecord takes the times of a run out of a record, and the name of a publication.
// The version is that of whoever hands the record on; the preview API also hands on what it
// does not know.
func untimedRecord(r fields) {
	untell(r)
	delete(r, "v")
	delete(r, "elapsed_ms")
	if at, _ := time.Parse(time.RFC3339, jsonWord(r["now"])); !at.Equal(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		delete(r, "now") // nobody said it
	}
	if e, ok := r["export"].(fields); ok {
		delete(e, "version")
	}
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		delete(rule.(fields), "elapsed_ms")
	}
}

func jsonWord(v any) string {
	text, _ := v.(string)
	return text
}

// unknownToVersion0 takes out of two records what the first does not say, since its version
// did not have it.
func unknownToVersion0(t *testing.T, theirs, ours fields) {
	t.Helper()
	for _, key := range since1 {
		if theirs[key] != nil {
			t.Errorf("version 0 has no %s: %v", key, theirs)
		}
	}
	if ours["values"] != nil {
		t.Errorf("nobody asked for values: %v", ours)
	}
	// A warning had no place and no hint.
	old, _ := theirs["warnings"].([]any)
	for i, w := range old {
		if now, _ := ours["warnings"].([]any); i >= len(now) || !strings.Contains(jsonWord(now[i]), jsonWord(w)) {
			t.Errorf("%q is not in %q", w, ours["warnings"])
		}
	}
	a, _ := theirs["rules"].([]any)
	for i := range a {
		unknownToVersion0(t, a[i].(fields), ours["rules"].([]any)[i].(fields))
	}
	strip0(theirs)
	strip0(ours)
}

// since1 are the fields that version 0 does not have.
var since1 = []string{"engine", "rows_skipped", "type", "truncated"}

// strip0 takes these out of a record; and values, which were in every answer, of all
// profiles, and are asked for today; and warnings; and the size of the audience and of the
// data beside a lift or an overlap, which did not have them.
func strip0(r fields) {
	if r["lift"] != nil || r["overlap"] != nil {
		delete(r, "count")
		delete(r, "total")
	}
	for _, key := range append([]string{"values", "warnings"}, since1...) {
		delete(r, key)
	}
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		strip0(rule.(fields))
	}
}

// laterParts are the fields of parts of a record that the files of older versions do not have.
var laterParts = map[string][]string{
	"breakdown": {"distinct"},
	"funnel":    {"so_far", "kept", "costs_most"},
	"lift":      {"field", "null", "low", "high", "p", "p_corrected", "small"},
	"overlap":   {"names", "queries", "exact", "distinct"},
	"values":    {"quantiles", "bins"},
}

// withoutLaterParts takes out of a record what older versions do not say of operations. Of a lift
// they did not compare the profiles without a value; the values were in another order, and p was always
// approximate.
func withoutLaterParts(r fields) {
	for _, key := range []string{"notes", "compared"} {
		delete(r, key)
	}
	values, _ := r["lift"].([]any)
	values = slices.DeleteFunc(values, func(v any) bool { return v.(fields)["null"] == true })
	slices.SortFunc(values, func(a, b any) int {
		return strings.Compare(jsonWord(a.(fields)["value"]), jsonWord(b.(fields)["value"]))
	})
	if values != nil {
		r["lift"] = values
	}
	for part, keys := range laterParts {
		strip(r[part], keys)
	}
	withoutZeros(r)
	rules, _ := r["rules"].([]any)
	for _, rule := range rules {
		withoutLaterParts(rule.(fields))
	}
}

// withoutZeros takes out of a record's values the figures that are 0: older versions wrote 0 for
// those that do not exist, and read 0 where there are none.
func withoutZeros(r fields) {
	values, _ := r["values"].(fields)
	for _, key := range []string{"min", "average", "max", "sum", "distinct"} {
		if values[key] == json.Number("0") {
			delete(values, key)
		}
	}
}

// strip takes fields out of an object, or of the objects of a list.
func strip(part any, keys []string) {
	switch part := part.(type) {
	case fields:
		for _, key := range keys {
			delete(part, key)
		}
	case []any:
		for _, one := range part {
			strip(one, keys)
		}
	}
}

// later makes the answers of a version that says more, everywhere, and commands that ask
// more.
func later(t *testing.T, all []exchange) []exchange {
	t.Helper()
	out := slices.Clone(all)
	for i, e := range out {
		result := decoded(t, e.Result)[0]
		tell(result)
		result["v"] = 2
		command := decoded(t, e.Command)[0]
		command["later"] = fields{"x": []int{1}}
		out[i] = exchange{json.RawMessage(jsonText(command)), json.RawMessage(jsonText(result))}
	}
	return out
}

// tell adds to all objects in a value what nobody knows, and untell takes it out of them.
func tell(v any) {
	walkObjects(v, func(o fields) { o["later"] = fields{"x": []int{1}} })
}

func untell(v any) { walkObjects(v, func(o fields) { delete(o, "later") }) }

func walkObjects(v any, visit func(fields)) {
	switch v := v.(type) {
	case fields:
		for _, below := range v {
			walkObjects(below, visit)
		}
		visit(v)
	case []any:
		for _, below := range v {
			walkObjects(below, visit)
		}
	}
}
