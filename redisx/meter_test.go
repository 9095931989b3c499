package redisx

import (
	"maps"
	"net/url"
	"testing"
)

// What is written last of each field is read, goes by itself, and those who write hear when nobody waits any more.
func TestMeter(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		m := meterOf(t, c, "m")
		write := func(field, text string, want bool) {
			t.Helper()
			if over, err := m.Write(t.Context(), field, text); over != want || err != nil {
				t.Errorf("%s: over is %t: %v", field, over, err)
			}
		}
		read := func(want map[string]string) {
			t.Helper()
			if got, err := m.Read(t.Context()); !maps.Equal(got, want) || err != nil {
				t.Errorf("%v, and not %v: %v", got, want, err)
			}
		}
		read(map[string]string{})
		write("", "", false)
		write("0:a", "1", false)
		write("0:b", "2", false)
		write("0:a", "3", false)
		read(map[string]string{"0:a": "3", "0:b": "2"})
		audit(t, c) // nothing stays
		if err := m.End(t.Context(), false); err != nil {
			t.Error(err)
		}
		read(map[string]string{})
		write("0:b", "4", false) // it was late
		if err := m.End(t.Context(), true); err != nil {
			t.Error(err)
		}
		write("0:b", "5", true)
		write("", "", true)
		if over, err := meterOf(t, c, "other").Write(t.Context(), "0:a", ""); over || err != nil {
			t.Errorf("another is over: %v", err)
		}
		audit(t, c)
	})
	if _, err := (&Client{}).Meter("a:b"); err == nil {
		t.Error("a name may reach other keys")
	}
}

func meterOf(t *testing.T, c *Client, id string) *Meter {
	t.Helper()
	m, err := c.Meter(id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Executors of a cluster may tell how far they are, and nothing else.
func TestTheRightsOfExecutors(t *testing.T) {
	t.Parallel()
	address, _ := startServer(t)
	admin := openReal(t, address, "ns")
	grant(t, admin, "s3cret")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("executor", "s3cret")
	c := openReal(t, u.String(), "ns")
	if over, err := meterOf(t, c, "m").Write(t.Context(), "0:a", "1"); over || err != nil {
		t.Error(over, err)
	}
	if err := meterOf(t, admin, "m").End(t.Context(), true); err != nil {
		t.Error(err)
	}
	if over, err := meterOf(t, c, "m").Write(t.Context(), "0:a", "1"); !over || err != nil {
		t.Error(over, err)
	}
	for _, forbidden := range [][]any{{"HGETALL", "segq:{ns}:meter:m"}, {"HSET", "segq:{ns}:job:j", "state", "done"}, {"LPUSH", "segq:{ns}:in", "{}"}, {"KEYS", "*"}} {
		if err := c.control.Do(t.Context(), forbidden...).Err(); err == nil {
			t.Errorf("%v is allowed", forbidden)
		}
	}
}
