package redisx

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/redistest"
)

// keeper is a server with an append-only file and an ACL file, which is started again.
type keeper struct {
	t          *testing.T
	addr, port string
	dir        string
	stop       func()
}

// keepServer starts a server with the users of the ACL file, and another user default if one is given.
func keepServer(t *testing.T, defaultUser string) *keeper {
	t.Helper()
	addr, port, err := redistest.Free()
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{t: t, addr: addr, port: port, dir: t.TempDir()}
	k.users(defaultUser)
	k.start()
	return k
}

// users writes the ACL file.
func (k *keeper) users(defaultUser string) {
	k.t.Helper()
	lines := strings.SplitAfter(strings.ReplaceAll(ACL(), "PASSWORD", "s3cret"), "\n")
	if defaultUser != "" {
		lines[0] = defaultUser + "\n"
	}
	if err := os.WriteFile(filepath.Join(k.dir, "users.acl"), []byte(strings.Join(lines, "")), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

func (k *keeper) start() {
	k.t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		redistest.Need(k.t, redistest.ErrNone)
	}
	stop, err := redistest.Launch(program, "--port", k.port, "--bind", "127.0.0.1", "--save", "", "--dir", k.dir,
		"--appendonly", "yes", "--aclfile", filepath.Join(k.dir, "users.acl"))
	if err != nil {
		k.t.Fatal(err)
	}
	k.stop = stop
	k.t.Cleanup(stop)
}

// open connects as a user, "" for none.
func (k *keeper) open(user string) *Client {
	k.t.Helper()
	u := url.URL{Scheme: "redis", Host: k.addr}
	if user != "" {
		u.User = url.UserPassword(user, "s3cret")
	}
	return openReal(k.t, u.String(), "kept")
}

// TestTheUsersLoseNoJobs: a server with the users of the ACL file and an append-only file has all jobs
// after a restart, and lets nobody in without a password.
func TestTheUsersLoseNoJobs(t *testing.T) {
	t.Parallel()
	k := keepServer(t, "")
	c := k.open("segq")
	ids := []string{"a", "b", "c"}
	for _, id := range ids {
		submit(t, c, query(id))
	}
	k.stop()
	k.start()
	c = k.open("segq")
	for _, id := range ids {
		if s := status(t, c, id); s.State != Queued {
			t.Errorf("job %s is %q after a restart", id, s.State)
		}
	}
	if _, err := Open(t.Context(), Options{URL: "redis://" + k.addr}); err == nil || !strings.Contains(err.Error(), "NOAUTH") {
		t.Errorf("without a password: %v", err)
	}
}

// TestWhoLosesJobs: a server that would lose jobs when it starts again is a fault, and where this cannot be
// told it is said what to look at.
func TestWhoLosesJobs(t *testing.T) {
	t.Parallel()
	k := keepServer(t, "user default on nopass ~* &* +@all")
	admin, c := k.open(""), k.open("segq")
	for _, test := range []struct {
		change []any
		as     *Client
		want   Level
		found  string
	}{
		{[]any{"default", "on"}, c, Good, "file on"},
		{[]any{"default", "on"}, admin, Good, "file on"},
		{[]any{"default", "-@all", "+@read", "+acl|setuser"}, c, Fault, "may do nothing"},
		{[]any{"default", "+@all", "-zpopmin"}, c, Fault, "may not zpopmin"},
		{[]any{"default", "+@all", "resetkeys", "~other:*"}, c, Fault, "may do nothing"},
		{[]any{"segq", "-acl|dryrun"}, c, Works, "not known"},
		{[]any{"default", "allkeys"}, admin, Good, "file on"},
	} {
		if err := admin.control.Do(t.Context(), append([]any{"ACL", "SETUSER"}, test.change...)...).Err(); err != nil {
			t.Fatal(err)
		}
		findings, err := test.as.Examine(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if f := finding(t, findings, "persistence"); f.Level != test.want || !strings.Contains(f.Found, test.found) {
			t.Errorf("%v: %+v", test.change, f)
		}
	}
}
