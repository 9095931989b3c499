package repl

import (
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Ids that are masked are no list of people to send something to.
func TestMaskedIdsAreNotCopied(t *testing.T) {
	t.Parallel()
	o := &output{job: Job{Answer: &record.Record{Sample: []string{show.Masked, "p-1", show.Masked}, Masked: []string{"_id"}}}}
	if text, err := o.copied(copyIDs, nil); err == nil || !strings.Contains(err.Error(), "2 of the ids are masked: .set personal shown") {
		t.Errorf("copied %q, %v", text, err)
	}
	if fields := o.maskedIn("tsv"); len(fields) != 1 || fields[0] != "_id" {
		t.Errorf("masked in tsv: %q", fields)
	}
	if fields := o.maskedIn(copyCount); fields != nil {
		t.Errorf("masked in a count: %q", fields)
	}
}
