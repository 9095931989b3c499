package check

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/segq/segq/lang/spelling"
)

// adobeNames are names of old examples and how the standard schema spells them
// now.
var adobeNames = map[string]string{
	"countryISO":       "countryCode",
	"stateProvinceISO": "stateProvince",
	"purchaseId":       "purchaseID",
	"birthMonth":       "birthDayAndMonth",
	"birthDay":         "birthDayAndMonth",
	"type":             "eventType",
}

// foreignFunctions are functions of other languages, in small letters, and what to write in their place.
var foreignFunctions = map[string]string{
	"size": "x.count()", "length": "x.count() for a list", "len": "x.count() for a list",
	"any": "x.exists(…)", "some": "x.exists(…)", "anymatch": "x.exists(…)", "every": "x.forall(…)", "allmatch": "x.forall(…)",
	"cnt": "x.count() for a list", "year": "x.getYear() for a time", "month": "x.getMonth() for a time", "day": "x.getDayOfMonth() for a time",
	"where": "x.filter(…) or x[…]", "avg": "x.average(…)", "mean": "x.average(…)", "first": "x.head()",
	"lower": caseless, "upper": caseless, "tolower": caseless, "toupper": caseless, "lowercase": caseless, "uppercase": caseless, "ilike": caseless,
	"regexp": `x matches "…"`, "regex": `x matches "…"`, "rlike": `x matches "…"`,
	"isempty": "x.isNull(), or x.count() = 0 for a list", "coalesce": "if (x.isNull(), a, x)", "ifnull": "if (x.isNull(), a, x)",
}

// caseless is how texts are compared without regard to case.
const caseless = `x.equals("…", false), which does not regard case; so do startsWith, endsWith and contains`

// fieldHint tells what the author may have meant by a field called name that t
// lacks, and what to write instead, where that is one thing.
func (c *checker) fieldHint(name string, t *Type) (hint, instead string) {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	if modern := adobeNames[name]; modern != "" && t.Kind == Object && t.Field(modern) != nil {
		return "the current schema calls it " + modern, fieldName(modern)
	}
	for _, n := range names {
		if strings.HasPrefix(n, name+"-") {
			return "a name with a hyphen goes in backquotes: `" + n + "`", ""
		}
	}
	if hint, instead := elsewhereHint(name, t, ""); hint != "" && c.toProfile() != "" {
		return hint, instead
	}
	if hint, instead := elsewhereHint(name, c.cat.Profile(), c.toProfile()); hint != "" {
		return hint, instead
	}
	if near := spelling.Nearest(name, names); near != "" {
		return "did you mean " + fieldName(near) + "?", fieldName(near)
	}
	if near := containing(name, names); near != nil {
		return "did you mean " + strings.Join(near, " or ") + "?", only(near)
	}
	if hint, instead := elsewhereHint(spelling.Nearest(name, namesBelow(c.cat.Profile())), c.cat.Profile(), c.toProfile()); hint != "" {
		return hint, instead
	}
	switch {
	case len(names) == 0 && t == c.cat.Profile():
		return "the data has no fields at all: it may hold no profiles", ""
	case len(names) == 0:
		return "", ""
	case len(names) <= 8:
		for i, n := range names {
			names[i] = fieldName(n)
		}
		return "the fields here are " + strings.Join(names, ", "), ""
	}
	return "fields are listed by segq schema", ""
}

// only returns the one of some names, "" where there are several.
func only(names []string) string {
	if len(names) != 1 {
		return ""
	}
	return names[0]
}

// elsewhereHint says where below an object, to which the carets lead, there is a field called name, and how
// it is written where it has one value.
func elsewhereHint(name string, of *Type, carets string) (hint, instead string) {
	switch path, list := elsewhere(name, of); {
	case path == "":
		return "", ""
	case list == "":
		instead = carets + fieldPath(path)
		all := instead
		for _, also := range alsoCalled(path, of) {
			all += " or " + carets + fieldPath(also)
		}
		return "did you mean " + all + "?", instead
	default:
		own := fieldPath(strings.TrimPrefix(path, list+"."))
		path, list = fieldPath(path), fieldPath(list)
		return fmt.Sprintf("did you mean %s%s? It has a value for each of %s: write %s%s.exists(%s …)", carets, path, list, carets, list, own), ""
	}
}

// alsoCalled returns the paths of the fields beside one whose names begin with that one's as a word, such as countryCode
// beside country: a few at most.
func alsoCalled(path string, of *Type) (also []string) {
	const most = 2
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		f := of.Field(name)
		if f == nil || f.Type.Kind != Object {
			return nil
		}
		of = f.Type
	}
	own := names[len(names)-1]
	for _, f := range of.Fields {
		rest, ok := strings.CutPrefix(f.Name, own)
		if ok && rest != "" && !unicode.IsLower(rune(rest[0])) && f.Type.scalar() && len(also) < most {
			also = append(also, strings.Join(append(names[:len(names)-1:len(names)-1], f.Name), "."))
		}
	}
	return also
}

// toProfile returns the carets, and the dot after them, that lead from here to the
// profile; "" where its names are in scope.
func (c *checker) toProfile() string {
	carets := -1
	for s := c.scope; s != nil; s = s.outer {
		if s.item {
			carets++
		}
	}
	if carets < 1 {
		return ""
	}
	return strings.Repeat("^", carets) + "."
}

// elsewhere finds a field called name anywhere below an object, and gives its path, the shortest and
// then the first, and the path of the list of which it is in the elements, "" for none. One outside of
// lists goes before others. It looks at most at some thousand fields.
func elsewhere(name string, of *Type) (path, list string) {
	type place struct {
		path, list string
		t          *Type
	}
	queue, seen := []place{{t: of}}, 0
	for len(queue) > 0 && seen < mostNames {
		p := queue[0]
		queue = queue[1:]
		for _, f := range p.t.Fields {
			seen++
			own := p.path + f.Name
			switch {
			case f.Type.Kind == Object: // it has no value of its own
			case p.path != "" && f.Name == name && p.list == "":
				return own, ""
			case p.path != "" && f.Name == name && path == "":
				path, list = own, p.list
			}
			switch {
			case f.Type.Kind == Object:
				queue = append(queue, place{own + ".", p.list, f.Type})
			case f.Type.Kind == List && f.Type.Elem.Kind == Object && p.list == "":
				queue = append(queue, place{own + ".", own, f.Type.Elem})
			}
		}
	}
	return path, list
}

// mostNames is how many names of fields are looked through.
const mostNames = 20_000

// namesBelow returns the names of the fields in the objects of t, and in the elements of its lists.
func namesBelow(t *Type) []string {
	var names []string
	queue := []*Type{t}
	for len(queue) > 0 && len(names) < mostNames {
		of := queue[0]
		queue = queue[1:]
		for _, f := range of.Fields {
			names = append(names, f.Name)
			below := f.Type
			if below.Kind == List {
				below = below.Elem
			}
			if below.Kind == Object {
				queue = append(queue, below)
			}
		}
	}
	return names
}

// containing returns the names, a few at most, of which one word is name, or much like it: email is
// in personalEmail.
func containing(name string, names []string) (found []string) {
	const least, most = 4, 3
	for _, n := range names {
		if len(name) >= least && len(found) < most && spelling.Nearest(name, strings.FieldsFunc(capital.ReplaceAllString(n, " $0"), func(r rune) bool { return r == ' ' || r == '_' || r == '-' })) != "" {
			found = append(found, fieldName(n))
		}
	}
	return found
}

// capital begins another word in a name.
var capital = regexp.MustCompile(`[A-Z][a-z]`)

func functionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	return names
}
