package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// answers runs the program over the sample with rules, and returns its records.
func answers(t *testing.T, rules []string, args ...string) (all []record.Record) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rules.pql")
	var text bytes.Buffer
	for i, rule := range rules {
		fmt.Fprintf(&text, "r%d: %s\n", i, rule)
	}
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, append(args, "-q", "--ndjson", "--now", "2026-11-01T12:00:00Z", "-f", file)...)
	c.Env = append(os.Environ(), asProgram+"=1")
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, errs.String())
	}
	for line := range bytes.Lines(out) {
		r, err := record.Decode(bytes.TrimSpace(line))
		if err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, *r)
	}
	return all
}

// TestLoosenedRulesCountAsSaid runs each loosening that --near gives of drawn rules as a rule of its own: it has as many profiles as was
// said, and those of the rule among them.
func TestLoosenedRulesCountAsSaid(t *testing.T) {
	clauses := []string{
		`loyalty.tier = "gold"`, `loyalty.tier in ["gold", "silver"]`, `not (loyalty.tier in ["gold", "silver"])`, `loyalty.tier != "gold"`, `loyalty.points > 100`, `loyalty.points <= 5000`,
		`homeAddress.countryCode = "CA"`, `homeAddress.city.startsWith("Mü")`, `homeAddress.city.endsWith("en")`, `xEvent.count() >= 3`, `xEvent.count() = 2`, `xEvent.count() < 2`,
		`xEvent[eventType in ["commerce.purchases"]].count() >= 2`, `xEvent.exists(eventType = "commerce.purchases")`, `not xEvent.exists(eventType in ["commerce.purchases", "web.webpagedetails.pageViews"])`,
		`xEvent.exists(timestamp occurs this month)`, `xEvent.exists(timestamp occurs last month)`, `xEvent.exists(timestamp occurs < 30 days before now)`,
		`xEvent[productListItems.exists(quantity in [2])].count() >= 1`, `xEvent.exists(productListItems.exists(SKU = "sku-1") or commerce.order.priceTotal > 100)`,
	}
	r := rand.New(rand.NewPCG(7, 7))
	rules := make([]string, 60)
	for i := range rules {
		parts := []string{}
		for range 1 + r.IntN(3) {
			parts = append(parts, clauses[r.IntN(len(clauses))])
		}
		rules[i] = strings.Join(parts, []string{" and ", " or "}[r.IntN(4)/3])
	}
	var looser []string
	var want, audience []int
	inner := 0
	for _, one := range answers(t, rules, "--near") {
		for _, n := range one.Near {
			for _, l := range n.Loosened {
				if l.Count != *one.Count+l.Adds || l.Adds < 0 {
					t.Errorf("%s: %+v of %d", one.Query, l, *one.Count)
				}
				if strings.Contains(l.Part, "eventType") && strings.HasPrefix(l.Becomes, "with") {
					inner++
				}
				looser, want, audience = append(looser, l.Query), append(want, l.Count), append(audience, *one.Count)
			}
		}
	}
	if len(looser) < 100 || inner < 5 {
		t.Fatalf("%d loosenings, %d of sets in events", len(looser), inner)
	}
	for i, one := range answers(t, looser) {
		if *one.Count != want[i] || *one.Count < audience[i] {
			t.Errorf("%s: %d, want %d, at least %d", one.Query, *one.Count, want[i], audience[i])
		}
	}
}
