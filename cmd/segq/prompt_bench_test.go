package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkPrompt types into the plain build of segq on a pseudo-terminal of 160 columns, and takes
// the time until the terminal has been sent what follows: of each key, the text with it, idle and while
// five slow queries run; of Tab, the choices, with thousands of fields or values; and of the last key of a
// rule, its count, the pause before it asks included.
//
//	SEGQ_PROMPT_DATA=FILE SEGQ_PROMPT_WIDE=FILE go test ./cmd/segq -run '^$' -bench Prompt -benchtime 200x
//
// SEGQ_PROMPT_DATA is a table of millions as exec/peers generates it (flat), SEGQ_PROMPT_WIDE one with
// thousands of columns; what has no file is left out. The values are of a table that is made here.
func BenchmarkPrompt(b *testing.B) {
	name := filepath.Join(b.TempDir(), "segq.exe")
	if out, err := exec.Command("go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	b.Run("start", func(b *testing.B) {
		var all durations
		for b.Loop() {
			t := startTypist(b, name)
			all = append(all, t.started)
			t.close()
		}
		all.report(b)
	})
	if data := os.Getenv("SEGQ_PROMPT_DATA"); data != "" {
		b.Run("key/idle", func(b *testing.B) { benchKeys(b, startTypist(b, name, data)) })
		b.Run("key/five queries", func(b *testing.B) {
			t := startTypist(b, name, data)
			for i := range 5 {
				t.press(fmt.Sprintf("email.matches(\"(.*[aeiou].*[0-9]){%d,}x?\")\x1b\r", 3+i), fmt.Sprintf("#%d", i+1))
			}
			benchKeys(b, t)
		})
		for _, clauses := range []int{1, 5} {
			b.Run(fmt.Sprintf("count/%d", clauses), func(b *testing.B) { benchCount(b, name, data, clauses) })
		}
	}
	if wide := os.Getenv("SEGQ_PROMPT_WIDE"); wide != "" {
		b.Run("popup/fields", func(b *testing.B) { benchPopup(b, startTypist(b, name, wide), "c", "›") })
	}
	b.Run("popup/values", func(b *testing.B) {
		benchPopup(b, startTypist(b, name, tableOfValues(b, 10_000)), `city = "`, "city-")
	})
}

// settled is after what time a session has loaded in the background what nobody has asked for: until then the
// processors are busy, and keys are twice as slow.
const settled = 10 * time.Second

// benchKeys types the letters of a rule again and again.
func benchKeys(b *testing.B, t *typist) {
	time.Sleep(settled)
	const rule = `person.age > 30 and loyalty.tier = "gold"`
	var all durations
	for at := 0; b.Loop(); at = (at + 1) % len(rule) {
		if at == 0 {
			t.press("x\x15", "")
		}
		all = append(all, t.press(rule[at:at+1], strings.TrimRight(rule[:at+1], " ")))
		time.Sleep(30 * time.Millisecond) // as fast as people type; a frame later the screen is quiet
	}
	all.report(b)
}

// benchPopup asks for what can stand at the end of a text.
func benchPopup(b *testing.B, t *typist, text, choice string) {
	var all durations
	for b.Loop() {
		t.press("\x1b", "")
		t.press("\x15", "")
		t.press(text, strings.TrimRight(text, " "))
		t.press("\x1b", "")
		all = append(all, t.press("\t", choice))
	}
	all.report(b)
}

// benchCount types the last letter of a rule of several clauses.
func benchCount(b *testing.B, name, data string, clauses int) {
	all := []string{`lastSeenDays < 9`, `person.age > 30`, `churnScore > 0.1`, `ltv > 10`, `loyalty.points < 9`}
	rule := strings.Join(all[:clauses], " and ")
	t := startTypist(b, name, data)
	var took durations
	for digit := 1; b.Loop(); digit = digit%8 + 1 {
		full := rule[:len(rule)-1] + strconv.Itoa(digit)
		want := countOf(b, name, data, full)
		t.press("\x15", "")
		t.press(full[:len(full)-1], full[:len(full)-1])
		t.quiet()
		took = append(took, t.press(full[len(full)-1:], want))
	}
	took.report(b)
}

var counted = map[string]string{}

// countOf returns what the command line says of a rule, as the session writes it.
func countOf(b *testing.B, name, data, rule string) string {
	if counted[rule] == "" {
		out, err := exec.Command(name, "--no-config", "-q", "--csv", "-c", rule, data).Output()
		if err != nil {
			b.Fatalf("%s: %v", rule, err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 2 {
			b.Fatalf("%s: %v\n%s", rule, err, out)
		}
		n, err := strconv.Atoi(rows[1][slices.Index(rows[0], "count")])
		if err != nil {
			b.Fatal(err)
		}
		text := strconv.Itoa(n)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
		counted[rule] = text
	}
	return counted[rule]
}

// tableOfValues writes a table with so many cities.
func tableOfValues(b *testing.B, n int) string {
	var text strings.Builder
	text.WriteString("_id,city\n")
	for i := range 20 * n {
		fmt.Fprintf(&text, "p%d,city-%05d\n", i, i%n)
	}
	path := filepath.Join(b.TempDir(), "cities.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// durations are how long things took.
type durations []time.Duration

// report gives their median and the 99th percentile in milliseconds.
func (d durations) report(b *testing.B) {
	slices.Sort(d)
	at := func(p int) float64 { return float64(d[(len(d)-1)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
}
