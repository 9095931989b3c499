package worker

import (
	"testing"

	"github.com/segq/segq/redisx"
)

// The command line of an export asks for what the command does.
func TestExportOf(t *testing.T) {
	t.Parallel()
	begin := "segq submit --wait --op export --to file --name "
	for want, one := range map[string]struct {
		command   redisx.Command
		namespace string
	}{
		begin + "rows.csv --ids -c 'n > 1'": {redisx.Command{Query: "n > 1", Tenant: "default", Columns: redisx.Columns{IDs: true}}, "default"},
		begin + "gold.csv --select 'n, m' --limit 20000 --tenant acme -c 'true' --namespace 'other'": {
			redisx.Command{Name: "gold", Query: "true", Tenant: "acme", Columns: redisx.Columns{Select: "n, m", Limit: 20000}}, "other",
		},
		begin + "rows.csv --ids -c 'true'": {redisx.Command{Name: "Gold (EU)", Query: "true", Tenant: "default", Columns: redisx.Columns{IDs: true}}, "default"},
		begin + "gold_.csv --ids -c 'gold: n = 1' -c 'gold_: inSegment(gold)'": {
			redisx.Command{
				Name: "gold", Query: "inSegment(gold)", Tenant: "default", Columns: redisx.Columns{IDs: true},
				Segments: map[string]string{"gold": "n = 1"},
			}, "default",
		},
	} {
		if got := exportOf(&one.command, one.namespace); got != want {
			t.Errorf("%s\nand not\n%s", got, want)
		}
	}
}
