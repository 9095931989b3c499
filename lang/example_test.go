package lang_test

import (
	"fmt"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// profiles is a catalog of two fields. A loaded table is one too.
type profiles struct{}

func (profiles) Profile() *check.Type {
	return check.ObjectOf(
		&check.Field{Name: "tier", Type: check.StringType},
		&check.Field{Name: "points", Type: check.IntType, Index: 1},
	)
}

func (profiles) Events() string                      { return "" }
func (profiles) Segment(string) (*check.Query, bool) { return nil, false }
func (profiles) Segments() []string                  { return nil }

func ExampleCompile() {
	q, _ := lang.Compile(`tier = "gold" and points * 2 > 100`, profiles{}, check.Options{})
	fmt.Println(q.Root.Type())
	// Output: bool
}

func ExampleRender() {
	text := `teir = "gold"`
	_, problems := lang.Compile(text, profiles{}, check.Options{})
	for _, d := range problems {
		fmt.Print(lang.Render(d, "rules.pql", text))
	}
	// Output:
	// rules.pql:1:1: error: there is no field teir
	//   teir = "gold"
	//   ^~~~
	//   hint: did you mean tier?
}

func ExampleFormat() {
	text, _ := lang.Format(`gold: tier="gold" AND points>100`)
	fmt.Print(text)
	// Output: gold: tier = "gold" and points > 100
}

func ExampleComplete() {
	fmt.Println(lang.Complete(`tier = "gold"`), lang.Complete(`tier = "gold" and`))
	// Output: true false
}
