package redisx

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
)

// grant gives a server the users of the ACL file, each with this password.
func grant(t *testing.T, c *Client, password string) {
	t.Helper()
	text, err := os.ReadFile("acl/segq.acl")
	if err != nil {
		t.Fatal(err)
	}
	users := 1
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.ReplaceAll(line, "PASSWORD", password))
		if fields[1] == "default" {
			continue // the test itself
		}
		args := []any{"ACL", "SETUSER"}
		for _, f := range fields[1:] {
			args = append(args, f)
		}
		if err := c.control.Do(t.Context(), args...).Err(); err != nil {
			t.Fatalf("%s: %v", fields[1], err)
		}
		users++
	}
	if users != 5 {
		t.Fatalf("the file has %d users", users)
	}
}

// TestTheRightsAreEnough runs jobs to all kinds of ends with the rights that the ACL
// file gives, and tries what they should not allow.
func TestTheRightsAreEnough(t *testing.T) {
	t.Parallel()
	address, _ := startServer(t)
	grant(t, openReal(t, address, "admin"), "s3cret")
	as := func(user string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(user, "s3cret")
		return u.String()
	}
	c := openReal(t, as("segq"), "rights")
	w, _ := working(t, c, WorkerOptions{Lease: 400 * time.Millisecond, Backoff: time.Millisecond, Answer: echo, Snapshot: "one"}, handlerFunc(func(task *Task) {
		task.Start([]int{1})
		switch task.Command.ID {
		case "retried":
			task.Retry(fmt.Errorf("again"))
		case "cancelled":
			<-task.Context().Done()
			task.Fail(task.Context().Err())
		default:
			task.Finish([]byte("r"))
		}
	}))
	producer := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(address, "redis://"), Username: "producer", Password: "s3cret"})
	t.Cleanup(func() { producer.Close() })
	if err := producer.LPush(t.Context(), c.keys.ingress(), `{"id":"pushed","op":"query","query":"q"}`, "nonsense").Err(); err != nil {
		t.Error(err)
	}
	eventually(t, "the queue has moved", func() bool { return w.Move(t.Context(), "two", "", []byte("2")) == nil })
	submit(t, c, query("retried"))
	submit(t, c, query("cancelled"))
	eventually(t, "one runs", func() bool { return status(t, c, "cancelled").State == Running })
	if _, err := c.Cancel(t.Context(), "cancelled"); err != nil {
		t.Error(err)
	}
	for id, want := range map[string]State{"pushed": Done, "retried": Dead, "cancelled": Cancelled} {
		eventually(t, id+" is "+string(want), func() bool { return status(t, c, id).State == want })
	}
	if _, err := c.Result(t.Context(), status(t, c, "pushed")); err != nil {
		t.Error(err)
	}
	if _, err := c.Requeue(t.Context(), "retried"); err != nil {
		t.Error(err)
	}
	if _, err := answered(t, c, "any", "{}"); err != nil {
		t.Error(err)
	}
	if _, err := c.Workers(t.Context()); err != nil {
		t.Error(err)
	}
	if recent, err := c.RecentOf(t.Context(), "default", 10); err != nil || len(recent) != 3 {
		t.Errorf("%d recent jobs: %v", len(recent), err)
	}
	eventually(t, "the dead job dies again", func() bool { return status(t, c, "retried").State == Dead })
	if _, err := c.Traces(t.Context(), "default", func(one *Trace) error {
		_, err := c.Erase(t.Context(), one)
		return err
	}); err != nil {
		t.Error(err)
	}
	audit(t, c)
	findings, err := c.Examine(t.Context())
	for _, f := range findings {
		if f.Check == "rights" && !f.OK || strings.Contains(f.Found, "not known") || strings.Contains(f.Found, "NOPERM") {
			t.Errorf("examined with these rights: %+v", f)
		}
	}
	if err != nil {
		t.Error(err)
	}
	for _, forbidden := range [][]any{{"FLUSHALL"}, {"CONFIG", "GET", "*"}, {"KEYS", "*"}, {"GET", "other"}, {"EVAL", "return redis.call('GET', 'other')", "0"}} {
		if err := c.control.Do(t.Context(), forbidden...).Err(); err == nil {
			t.Errorf("%v is allowed", forbidden)
		}
	}
	publish(t, attempt(t, openReal(t, as("segq"), "seg"), "j", time.Minute), SegmentOptions{Kind: "bloom", Name: "gold"}, []string{"p"})
	seg := openReal(t, as("segq"), "seg")
	publish(t, attempt(t, seg, "j2", time.Minute), SegmentOptions{Kind: "stream", Name: "all"}, []string{"p", "q"})
	for id, want := range map[string]bool{"q": true, "x": false} {
		if in, err := seg.Streamed(t.Context(), "a", "all", id); in != want || err != nil {
			t.Errorf("%s in a stream: %t %v", id, in, err)
		}
	}
	reader := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(address, "redis://"), Username: "reader", Password: "s3cret"})
	t.Cleanup(func() { reader.Close() })
	if in, err := scriptMember().Run(t.Context(), reader, []string{keysOf("seg").segment("a", "gold")}, "p").Int64Slice(); err != nil || in[0] != 1 {
		t.Errorf("a reader asks for a member: %v, %v", in, err)
	}
	if err := reader.HGetAll(t.Context(), "segq:{seg}:job:j").Err(); err == nil {
		t.Error("a reader can read jobs")
	}
	if err := producer.LRange(t.Context(), c.keys.ingress(), 0, -1).Err(); err == nil {
		t.Error("a producer can read what others ask")
	}
}

// TestTheRightsAreTheLeast: a worker may call what the scripts call and what this package
// calls by itself, and nothing else.
func TestTheRightsAreTheLeast(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("acl/segq.acl")
	if err != nil {
		t.Fatal(err)
	}
	granted := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); fields[1] == "segq" {
			for _, f := range fields {
				if name, ok := strings.CutPrefix(f, "+"); ok {
					granted[name] = true
				}
			}
		}
	}
	needed := map[string]bool{}
	// What is sent by itself, and what the manual tells people to send: XREAD to hear of
	// ends, LRANGE to read what was rejected.
	for _, name := range strings.Fields("hello auth client|setname ping script|load eval evalsha time info scan pttl " +
		"lindex blmove blpop subscribe mget setbit setrange pfadd xread lrange acl|dryrun") {
		needed[name] = true
	}
	scripts, err := filepath.Glob("scripts/*.lua")
	if err != nil || len(scripts) == 0 {
		t.Fatal("there are no scripts: ", err)
	}
	call := regexp.MustCompile(`redis\.call\('([A-Z]+)'`)
	for _, file := range scripts {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			needed[strings.ToLower(m[1])] = true
		}
	}
	if diff := cmp.Diff(needed, granted); diff != "" {
		t.Errorf("needed (-) and granted (+):\n%s", diff)
	}
}

func TestAdviceOnRedis(t *testing.T) {
	t.Parallel()
	info := "# Memory\r\nmaxmemory_policy:allkeys-lru\r\n# Persistence\r\naof_enabled:0\r\n"
	if got := adviceOn(info); len(got) != 2 || !strings.Contains(got[0], "allkeys-lru") || !strings.Contains(got[1], "appendonly") {
		t.Errorf("advice is %q", got)
	}
	if got := adviceOn(strings.NewReplacer("allkeys", "volatile", ":0", ":1").Replace(info)); len(got) != 0 {
		t.Errorf("there is advice on a good server: %q", got)
	}
	needReal(t)
	var log bytes.Buffer
	c := openReal(t, realURL, "advice")
	w := NewWorker(c, finishAll(), WorkerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
	w.advise(t.Context())
	if os.Getenv("SEGQ_TEST_REDIS") == "" && !strings.Contains(log.String(), "appendonly") {
		t.Errorf("a server without an append-only file: %s", &log)
	}
}

// TestRightsThatAreMissing: all that a user may not do is named.
func TestRightsThatAreMissing(t *testing.T) {
	t.Parallel()
	address, _ := startServer(t)
	admin := openReal(t, address, "admin")
	grant(t, admin, "s3cret")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("segq", "s3cret")
	c := openReal(t, u.String(), "rights")
	if f := c.rights(t.Context()); f.Level != Good {
		t.Errorf("with all rights: %+v", f)
	}
	for change, want := range map[string][]string{
		"-zpopmin -smembers -blmove -lmove resetchannels": {"zpopmin", "smembers", "blmove", "lmove", "publish"},
		"-pexpire -get -unlink":                           {"pexpire", "get", "unlink"},
	} {
		grant(t, admin, "s3cret")
		args := []any{"ACL", "SETUSER", "segq"}
		for _, f := range strings.Fields(change) {
			args = append(args, f)
		}
		if err := admin.control.Do(t.Context(), args...).Err(); err != nil {
			t.Fatal(err)
		}
		f := c.rights(t.Context())
		for _, name := range want {
			if f.Level != Fault || !strings.Contains(f.Found, name) {
				t.Errorf("%s: %s is not named: %+v", change, name, f)
			}
		}
	}
}
