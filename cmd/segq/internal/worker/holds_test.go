package worker_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
)

// TestHolds: an export names the personal fields whose values it gives away: those of its columns, and the ids where the asker
// has said so of them; what is published without ids has none.
func TestHolds(t *testing.T) {
	t.Parallel()
	c := exporting(t, t.TempDir())
	mine := []string{"_id"}
	all := map[string]struct {
		c    redisx.Command
		want string
	}{
		"ids":    {redisx.Command{To: "file", Name: "ids.csv"}, ""},
		"fields": {redisx.Command{To: "file", Name: "f.csv", Columns: redisx.Columns{Select: "loyalty.tier, person.name.lastName, homeAddress"}}, "homeAddress.postalCode person.name.lastName"},
		"mine":   {redisx.Command{To: "file", Name: "mine.csv", Personal: mine}, "_id"},
		"typed":  {redisx.Command{To: "file", Name: "mine.parquet", Personal: mine}, "_id"},
		"others": {redisx.Command{To: "file", Name: "o.parquet", Personal: mine, Columns: redisx.Columns{Select: "loyalty.tier"}}, ""},
		"set":    {redisx.Command{To: "set", Name: "s", Personal: mine}, "_id"},
		"bloom":  {redisx.Command{To: "bloom", Name: "b", Personal: mine}, ""},
		"rows":   {redisx.Command{Op: "rows", Personal: mine, Columns: redisx.Columns{IDs: true, Limit: 1}}, "_id"},
	}
	var commands []redisx.Command
	for id, one := range all {
		one.c.ID, one.c.Query = id, `loyalty.tier = "gold"`
		if one.c.Op == "" {
			one.c.Op = "export"
		}
		commands = append(commands, one.c)
	}
	for id, r := range workertest.Ends(t, c, commands...) {
		var got []string
		switch {
		case r.Rows != nil:
			got = r.Rows.Holds
		case r.Export != nil:
			got = r.Export.Holds
		default:
			t.Errorf("%s: %+v", id, r.Error)
		}
		if strings.Join(got, " ") != all[id].want {
			t.Errorf("%s: %v, want %q", id, got, all[id].want)
		}
	}
}
