package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/exec/kernel"
)

// report gathers what is printed.
type report struct {
	config   *config
	versions map[string]string
	tables   []tableResult
	figures  []string
	spark    []string // of the section cluster
}

// tableResult is what all sides gave over one table. Answers are by work; peers
// holds those of each peer that was asked.
type tableResult struct {
	name   string
	rows   int
	works  []work
	segq   []answer
	peers  [][]answer
	loaded map[string]time.Duration
}

func newReport(c *config) *report {
	return &report{config: c, versions: map[string]string{}}
}

// cluster adds a line about segq on a cluster.
func (r *report) cluster(format string, args ...any) {
	r.spark = append(r.spark, fmt.Sprintf(format, args...))
}

// figure adds a line about segq alone.
func (r *report) figure(format string, args ...any) {
	r.figures = append(r.figures, fmt.Sprintf(format, args...))
}

// asked names the peers that were asked, in the order of their answers.
func (r *report) asked() []string {
	var out []string
	for _, p := range []*peer{clickhousePeer, duckdbPeer} {
		if r.versions[p.name] != "" {
			out = append(out, p.name)
		}
	}
	return out
}

// print writes the report as Markdown.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%s. %s, %d processors; %d threads for each side; segq's kernels: %s.\n",
		strings.Join(r.sides(), ", "), processor(), runtime.NumCPU(), r.config.threads, kernel.Tiers()[0])
	if len(r.asked()) > 0 {
		fmt.Fprintln(w, "All counts are equal.")
	}
	fmt.Fprintf(w, "Batches: the median of up to %d runs; single queries: the best of up to %d. A peer's time includes its parsing and planning, as segq's does.\n",
		r.config.repeat, 10*r.config.repeat)
	if r.config.asks("oneshot") || r.config.asks("load") {
		fmt.Fprintf(w, "Sections oneshot and load: whole processes of segq, from the fork to the exit, next to queries in peers that are running; the median of up to %d and %d runs; files in the page cache.\n",
			5*r.config.repeat, r.config.repeat)
	}
	for _, t := range r.tables {
		title := t.name
		if t.rows > 0 {
			title += ": " + thousands(t.rows) + " profiles"
		}
		fmt.Fprintf(w, "\n## %s\n\n", title)
		r.times(w, t)
		r.perRule(w, t)
	}
	if len(r.spark) > 0 {
		fmt.Fprintf(w, "\n## on Spark\n\n%s\n", strings.Join(r.spark, "\n"))
	}
	if len(r.figures) > 0 {
		fmt.Fprint(w, "\n## segq alone\n\n")
	}
	for _, f := range r.figures {
		fmt.Fprintln(w, "-", f)
	}
}

// printTier writes the times of all works in one line.
func (r *report) printTier(w io.Writer) {
	var parts []string
	for _, t := range r.tables {
		for i, work := range t.works {
			parts = append(parts, work.name+" "+shown(t.segq[i].time))
		}
	}
	fmt.Fprintln(w, strings.Join(parts, "; "))
}

func (r *report) sides() []string {
	commit := "unknown"
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	sides := []string{"segq " + commit}
	for _, name := range r.asked() {
		sides = append(sides, name+" "+strings.TrimPrefix(r.versions[name], "v"))
	}
	return sides
}

// times prints the time of each work, and notes on how the peers were asked.
func (r *report) times(w io.Writer, t tableResult) {
	names := r.asked()
	fmt.Fprintf(w, "| work | segq |%s fastest peer ÷ segq |\n|---|--:|%s--:|\n", cells(names), strings.Repeat("--:|", len(names)))
	r.loads(w, t, names)
	var notes []string
	for i, work := range t.works {
		fmt.Fprintf(w, "| %s | %s |", work.name, shown(t.segq[i].time))
		var best time.Duration
		for _, answers := range t.peers {
			cell, note := answers[i].cell(work)
			if note != "" {
				if !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
				cell += fmt.Sprintf(" (%d)", 1+slices.Index(notes, note))
			}
			fmt.Fprintf(w, " %s |", cell)
			if a := answers[i]; a.counts != nil && (best == 0 || a.time < best) {
				best = a.time
			}
		}
		if best == 0 {
			fmt.Fprintln(w, " |")
			continue
		}
		fmt.Fprintf(w, " %s |\n", ratio(float64(best)/float64(t.segq[i].time)))
	}
	for i, note := range notes {
		fmt.Fprintf(w, "\n(%d) %s; else in one query over the plain table.\n", i+1, note)
	}
}

// loads prints how long the table was loaded, if it was.
func (r *report) loads(w io.Writer, t tableResult, names []string) {
	if t.loaded == nil {
		return
	}
	fmt.Fprintf(w, "| load from Parquet | %s |", shown(t.loaded["segq"]))
	for _, name := range names {
		fmt.Fprintf(w, " %s |", shown(t.loaded[name]))
	}
	fmt.Fprintln(w, " |")
}

// cell returns the text of a peer's answer, and a note to it or "".
func (a answer) cell(w work) (text, note string) {
	switch {
	case a.failed != "":
		return "failed", shortened(a.failed)
	case a.counts == nil:
		return "-", ""
	}
	note = a.form.name
	if a.form.rules < len(w.statements) {
		note = strings.TrimSuffix(fmt.Sprintf("scaled from %d rules, %s", a.form.rules, note), ", ")
	}
	if a.first > 0 {
		return fmt.Sprintf("%s; else %s", shown(a.time), shown(a.first)), note
	}
	return shown(a.time), note
}

// perRule prints what one rule costs in batches of several sizes.
func (r *report) perRule(w io.Writer, t tableResult) {
	names := r.asked()
	head := fmt.Sprintf("\n| cost per rule, batch of | segq |%s\n|---|--:|%s\n", cells(names), strings.Repeat("--:|", len(names)))
	for i, work := range t.works {
		n := time.Duration(len(work.statements))
		if n == 1 {
			continue
		}
		fmt.Fprintf(w, "%s| %d | %s |", head, n, shown(t.segq[i].time/n))
		head = ""
		for _, answers := range t.peers {
			fmt.Fprintf(w, " %s |", shown(answers[i].time/n))
		}
		fmt.Fprintln(w)
	}
}

// shortened is the first line of an error, or the beginning of a long one.
func shortened(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line[:min(len(line), 300)]
}

func cells(names []string) string {
	s := ""
	for _, n := range names {
		s += " " + n + " |"
	}
	return s
}

// shown returns a time with three digits.
func shown(d time.Duration) string {
	switch ms := float64(d.Nanoseconds()) / 1e6; {
	case ms < 1:
		return fmt.Sprintf("%.3g µs", ms*1000)
	case ms < 999.5:
		return fmt.Sprintf("%.3g ms", ms)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}

func ratio(x float64) string {
	if x < 10 {
		return fmt.Sprintf("%.2g×", x)
	}
	return fmt.Sprintf("%.0f×", x)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// processor names the processor, where the system tells.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}
