package history

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// asWriter in the environment makes this test binary a session that writes.
const asWriter = "HISTORY_TEST_WRITER"

func TestMain(m *testing.M) {
	switch name := os.Getenv(asWriter); name {
	case "":
	case "endless":
		writeEndlessly(os.Args[1])
	default:
		writeAs(name, os.Args[1], os.Args[2])
		return
	}
	os.Exit(m.Run())
}

// inputs is how many inputs a writer has; all of them together overflow the file several times, but not the limit.
const (
	inputs  = 60
	writers = 4
)

// writeAs writes inputs and their counts to a file, as a session does.
func writeAs(name, file, limit string) {
	s := Open(file)
	s.limit, _ = strconv.Atoi(limit)
	for i := range inputs {
		id := s.Add(query(fmt.Sprintf("%s = %d\n", name, i)))
		if err := s.Sync(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		for range 4 { // lines that a compaction drops
			s.End(id, "", Outcome{Done, int64(i), inputs, true, 0})
		}
		if err := s.Sync(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// writeEndlessly writes inputs to a file and makes it smaller all the time, until it is killed.
func writeEndlessly(file string) {
	s := Open(file)
	s.limit = 20
	for i := 0; ; i++ {
		s.Add(query(fmt.Sprintf("w = %d", i)))
		if err := s.Sync(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// TestKilled kills a process that writes, wherever it is: others go on at once, with at most its last line torn and
// the newest inputs that it has written.
func TestKilled(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "history.ndjson")
	for round := range 6 {
		c := exec.Command(os.Args[0], file)
		c.Env = append(os.Environ(), asWriter+"=endless")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		reader := Open(file)
		number := func() (n int) {
			synced(t, reader)
			if all := reader.Entries(); len(all) > 0 {
				_, _ = fmt.Sscanf(all[len(all)-1].Text, "w = %d", &n)
			}
			return n
		}
		for end := time.Now().Add(time.Minute); number() < 100+17*round; { // some time later in each round
			if time.Now().After(end) {
				t.Fatal("the writer does not write")
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // it was killed
		last := number()
		next := Open(file)
		next.limit = 20
		next.Add(query("next = 1"))
		synced(t, next, reader)
		all := texts(reader.Entries())
		if n := len(all); n < 20 || all[n-1] != "next = 1" || all[n-2] != fmt.Sprintf("w = %d", last) {
			t.Errorf("round %d, after %d: %q", round, last, all)
		}
		if _, err := Clear(file, func(*Entry) bool { return true }); err != nil {
			t.Error(err)
		}
	}
}

// TestTogether has several processes write to a file, and make it smaller meanwhile: nothing is lost, nothing torn.
func TestTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "history.ndjson")
	limit := strconv.Itoa(inputs * writers) // compacted at 720 lines of 1200
	var all []*exec.Cmd
	for w := range writers {
		c := exec.Command(os.Args[0], file, limit)
		c.Env = append(os.Environ(), asWriter+"=w"+strconv.Itoa(w))
		var out strings.Builder
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(out.String())
			}
		})
		all = append(all, c)
	}
	// One that only reads sees whole inputs, and ever more of them.
	reader, had := Open(file), 0
	for range 50 {
		synced(t, reader)
		if n := len(reader.Entries()); n < had {
			t.Errorf("%d inputs became %d", had, n)
		} else {
			had = n
		}
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for _, l := range lines {
		if parse([]byte(l)) == nil {
			t.Errorf("torn: %q", l)
		}
	}
	if len(lines) >= inputs*writers*5 {
		t.Errorf("never made smaller: %d lines", len(lines))
	}
	fresh := Open(file)
	synced(t, reader, fresh)
	for _, s := range []*Store{reader, fresh} {
		found := map[string]int64{}
		for _, e := range s.Entries() {
			found[strings.TrimSpace(e.Text)] = e.Count
		}
		for w := range writers {
			for i := range inputs {
				if n, ok := found[fmt.Sprintf("w%d = %d", w, i)]; !ok || n != int64(i) {
					t.Errorf("w%d = %d is there: %v, with %d", w, i, ok, n)
				}
			}
		}
	}
}

// TestFoundAtAnyTime: an input of the session is found while the file is read from its beginning, as it is after
// the first write.
func TestFoundAtAnyTime(t *testing.T) {
	for range 50 {
		s := Open(filepath.Join(t.TempDir(), "history.ndjson"))
		s.Add(query("a = 1"))
		if err := s.Sync(); err != nil {
			t.Fatal(err)
		}
		read := make(chan error)
		go func() { read <- s.Sync() }()
		for reading := true; reading; {
			select {
			case err := <-read:
				if err != nil {
					t.Fatal(err)
				}
				reading = false
			default:
			}
			if s.Find(Query, KeyOf(Query, "a = 1")) == "" {
				t.Fatal("it is not there while the file is read")
			}
		}
	}
}
