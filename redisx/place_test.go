package redisx

import (
	"fmt"
	"testing"
)

// TestPlace: who waits is told at which place, urgent commands first, and of who follows another that of the other.
// What is not in a queue has none.
func TestPlace(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		for i, id := range []string{"a", "b", "c"} {
			one := query(id)
			one.Query = fmt.Sprintf("x = %d", i)
			submit(t, c, one)
		}
		urgent := query("urgent")
		urgent.Query, urgent.Priority = "x = 8", -1
		submit(t, c, urgent)
		same := query("same")
		same.Query = "x = 1"
		submit(t, c, same)
		for id, want := range map[string]int{"urgent": 1, "a": 2, "b": 3, "same": 3, "c": 4} {
			if j := status(t, c, id); j.Place != want || j.State != Queued {
				t.Errorf("%s is %s at %d, want %d", id, j.State, j.Place, want)
			}
		}
		work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			if task.Command.ID == "a" {
				task.Load(Load{Done: 5, Total: 10, Columns: 3})
				<-task.Context().Done()
			}
			task.Finish([]byte("7"))
		}))
		eventually(t, "a loads 3 columns", func() bool {
			j := status(t, c, "a")
			return j.Loading() && j.Load == Load{5, 10, 3} && j.Place == 0
		})
		if _, err := c.Cancel(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "all have ended", func() bool { return status(t, c, "c").State == Done && status(t, c, "a").State.Final() })
	})
}

// TestLoadOfBefore: workers of versions before this one do not say how many columns they load.
func TestLoadOfBefore(t *testing.T) {
	t.Parallel()
	if l := parseLoad("5:10"); l != (Load{Done: 5, Total: 10}) {
		t.Errorf("%+v", l)
	}
	if l := parseLoad((Load{5, 10, 3}).String()); l != (Load{5, 10, 3}) {
		t.Errorf("%+v", l)
	}
}
