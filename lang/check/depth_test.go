package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// chained is a dataset of no fields whose segments are those that were checked.
type chained map[string]*check.Query

func (chained) Profile() *check.Type {
	return check.ObjectOf(&check.Field{Name: "n", Type: check.IntType})
}
func (chained) Events() string { return "" }
func (c chained) Segment(id string) (*check.Query, bool) {
	q, ok := c[id]
	return q, ok
}
func (chained) Segments() []string { return nil }

// A row of segments, each of which asks about the one before, is refused before it is too
// deep for the stack.
func TestSegmentsInARow(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		most int
	}{
		"short": {`inSegment("%d") or n > 1`, 200},
		"long":  {`if(inSegment("%d"), 1, 0)` + strings.Repeat(" + n", 16_000) + " > 3", 15},
	} {
		t.Run(name, func(t *testing.T) {
			cat := chained{}
			for i := range 300 {
				text := "n > 0"
				if i > 0 {
					text = fmt.Sprintf(c.text, i-1)
				}
				x, ds := parse.Query(text)
				if ds.Failed() {
					t.Fatal(ds)
				}
				q, ds := check.Check(x, cat, check.Options{})
				if ds.Failed() {
					if i != c.most+1 || ds[0].Code != "too-deep" {
						t.Errorf("segment %d: %v", i, ds)
					}
					return
				}
				cat[fmt.Sprint(i)] = q
			}
			t.Error("none was refused")
		})
	}
}
