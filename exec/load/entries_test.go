package load_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/load"
)

// TestOrderOfEntries loads the same maps with their entries in two orders: the
// values go with their keys, and the tables have one name.
func TestOrderOfEntries(t *testing.T) {
	one := `{"identityMap":{"B":[{"id":"b1","n":1},{"id":"b2"}],"A":[],"C":[{"id":"c","n":3}]},"optInOut":{"y":"in","x":"out"}}
{"identityMap":null}
{"identityMap":{"A":[{"id":"a"}]},"segmentMembership":{"ups":{"s2":{"at":2.5,"ok":true},"s1":null},"aam":{"s3":{"on":"2024-01-02"}}}}
`
	two := `{"optInOut":{"x":"out","y":"in"},"identityMap":{"C":[{"id":"c","n":3}],"A":[],"B":[{"n":1,"id":"b1"},{"id":"b2"}]}}
{"identityMap":null}
{"segmentMembership":{"aam":{"s3":{"on":"2024-01-02"}},"ups":{"s1":null,"s2":{"ok":true,"at":2.5}}},"identityMap":{"A":[{"id":"a"}]}}
`
	a, _ := mustRead(t, []byte(one), "ndjson", load.Options{})
	b, _ := mustRead(t, []byte(two), "ndjson", load.Options{})
	if a.Fingerprint != b.Fingerprint {
		t.Errorf("fingerprints %s and %s", a.Fingerprint, b.Fingerprint)
	}
	for i := range a.Rows() {
		if diff := cmp.Diff(decoded(t, a, i), decoded(t, b, i)); diff != "" {
			t.Errorf("row %d: %s", i, diff)
		}
	}
	other := `{"identityMap":{"B":[],"A":[{"id":"b1","n":1},{"id":"b2"}],"C":[{"id":"c","n":3}]}}`
	if c, _ := mustRead(t, []byte(other), "ndjson", load.Options{}); c.Fingerprint == a.Fingerprint {
		t.Error("other data has the same fingerprint")
	}
}
