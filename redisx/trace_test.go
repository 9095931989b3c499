package redisx

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// tracesOf returns all traces of a tenant as kind, job and state.
func tracesOf(t *testing.T, c *Client, tenant string) (all []string, found []*Trace) {
	t.Helper()
	untraced, err := c.Traces(t.Context(), tenant, func(one *Trace) error {
		text := string(one.Text)
		all = append(all, strings.TrimSpace(fmt.Sprint(one.Kind, " ", one.Job, " ", one.State, " ", text[:min(len(text), 5)])))
		found = append(found, one)
		return nil
	})
	if err != nil || untraced != (Untraced{Others: 1}) {
		t.Fatal(untraced, err)
	}
	slices.Sort(all)
	return all, found
}

// TestTraces: all that was asked and answered is found, long answers whole, and not what is another tenant's; what has
// ended can be erased, and leaves nothing.
func TestTraces(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		ctx := t.Context()
		long := []byte(strings.Repeat("0123456789abcde\n", 3*frameSize/16+1))
		stop := work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) {
			task.Finish(long)
		}))
		submit(t, c, Command{ID: "mine", Op: "qualify", Tenant: "a", Queries: []string{"x = 1"}, Document: `{"_id":"p"}`})
		submit(t, c, Command{ID: "other", Op: "query", Query: "x = 2", Tenant: "b"})
		eventually(t, "both have ended", func() bool {
			return status(t, c, "mine").State == Done && status(t, c, "other").State == Done
		})
		stop()
		keep(t, c, []string{"k"}, []byte("[42]"))
		submit(t, c, Command{ID: "open", Op: "query", Query: "x = 3", Tenant: "a"})
		if err := c.control.LPush(ctx, c.keys.ingress(), "later").Err(); err != nil {
			t.Fatal(err)
		}
		if err := c.control.LPush(ctx, c.keys.rejected(), "wrong", "right").Err(); err != nil {
			t.Fatal(err)
		}
		all, found := tracesOf(t, c, "a")
		want := []string{"answer mine done 01234", "cached   [42]", `command mine done {"v":`, `command open queued {"v":`, "rejected   right", "rejected   wrong", "waiting   later"}
		if !slices.Equal(all, want) {
			t.Errorf("%q", all)
		}
		for _, one := range found {
			if one.Kind == TraceAnswer && string(one.Text) != string(long) {
				t.Errorf("an answer of %d bytes", len(one.Text))
			}
			if ended := one.State == Done || one.Kind == TraceCached; ended && (one.Goes <= time.Minute || one.Goes > 24*time.Hour) {
				t.Errorf("%s %s goes in %v", one.Kind, one.Job, one.Goes)
			}
			text := string(one.Text)
			one.Text = nil // who looks through many keeps none
			done, err := c.Erase(ctx, one)
			if want := one.Kind != TraceWaiting && one.Job != "open" && text != "right"; err != nil || done != want && text != "right" {
				t.Errorf("%s %s: %t %v", one.Kind, one.Job, done, err)
			}
		}
		if all, _ := tracesOf(t, c, "a"); !slices.Equal(all, []string{`command open queued {"v":`, "waiting   later"}) {
			t.Errorf("it has left %q", all)
		}
		if all, _ := tracesOf(t, c, "b"); !slices.Contains(all, "answer other done 01234") {
			t.Errorf("of another tenant there is %q", all)
		}
		if s := status(t, c, "mine").State; s != Lost {
			t.Error(s)
		}
		if left, err := c.Recent(ctx, 10); err != nil || slices.Contains(left, "mine") {
			t.Error(left, err)
		}
		audit(t, c)
	})
}
