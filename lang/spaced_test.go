package lang_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// films is a dataset of fields with spaces in their names.
type films struct{ catalog }

func (films) Profile() *check.Type {
	crew := check.ObjectOf(&check.Field{Name: "Lead Actor", Type: check.StringType})
	return check.ObjectOf(
		&check.Field{Name: "Major Genre", Type: check.StringType}, &check.Field{Name: "Level 2 Score", Type: check.IntType},
		&check.Field{Name: "crew", Type: crew}, &check.Field{Name: "age", Type: check.IntType},
	)
}

func TestSpaced(t *testing.T) {
	for text, name := range map[string]string{
		`Major Genre = "a"`:                "`Major Genre`",
		`age > 1 and major genre = "a"`:    "`Major Genre`",
		`(Majr Genre = "a")`:               "`Major Genre`",
		`Level 2 Score > 1`:                "`Level 2 Score`",
		`crew.Lead Actor = "a"`:            "`Lead Actor`",
		"Major // a comment\n Genre = 'a'": "",
		`age 5`:                            "",
		`age > 1 age > 2`:                  "",
	} {
		_, ds := lang.Compile(text, films{}, check.Options{})
		if len(ds) != 1 || name != "" && !strings.HasSuffix(ds[0].Hint, "write "+name) || name == "" && strings.Contains(ds[0].Hint, "`") {
			t.Errorf("%s: %+v", text, ds)
		}
	}
}
