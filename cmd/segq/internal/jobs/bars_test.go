package jobs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/redisx"
)

// TestBarsFitTheScreen: whatever the jobs are called and however far they are, the lines
// are fewer than the screen has, none is wider, and the last one is for all jobs.
func TestBarsFitTheScreen(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"", "gold", strings.Repeat("long", 20), "金の会員の名前はとても長い", "two\nlines\x1b[2J"}
	states := []redisx.State{redisx.Queued, redisx.Running, redisx.Running, redisx.Running, redisx.Done, redisx.Dead, redisx.Lost}
	for range 2000 {
		var jobs []redisx.Job
		open := 0
		for i := range 1 + r.IntN(30) {
			j := redisx.Job{ID: fmt.Sprintf("job-%d", i), State: states[r.IntN(len(states))]}
			j.Command.Name = names[r.IntN(len(names))]
			for range r.IntN(20) {
				total := r.IntN(1_000_000)
				seen := r.IntN(total + 1)
				j.Partitions = append(j.Partitions, redisx.Partition{Total: total, Rows: seen, Matched: r.IntN(seen + 1)})
			}
			if !j.State.Final() {
				open++
			}
			jobs = append(jobs, j)
		}
		width, height := 2+r.IntN(150), 3+r.IntN(40)
		lines := barLines(jobs, console.Screen{Width: width, Height: height})
		if len(lines) >= height {
			t.Fatalf("%d lines on a screen of %d", len(lines), height)
		}
		for _, l := range lines {
			if ansi.StringWidth(l) >= width || strings.ContainsAny(l, "\n\x1b") {
				t.Fatalf("on a screen of %d: %q", width, l)
			}
		}
		if last := lines[len(lines)-1]; width > 60 && !strings.HasPrefix(last, fmt.Sprintf("%d of %d jobs open", open, len(jobs))) {
			t.Fatalf("the last line is %q: %d are open", last, open)
		}
	}
}

func TestABar(t *testing.T) {
	t.Parallel()
	j := redisx.Job{ID: "j1", State: redisx.Running}
	j.Command.Name = "gold"
	for range 10 {
		j.Partitions = append(j.Partitions, redisx.Partition{Total: 1000, Rows: 250, Matched: 50})
	}
	got := barLines([]redisx.Job{j}, console.Screen{Width: 120, Height: 24})
	want := []string{
		"█████░░░░░░░░░░░░░░░ gold          25 %  500 matched, ≈ 2,000 ± 160 of 10,000",
		"1 of 1 jobs open, 2,500 of 10,000 rows seen",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}
