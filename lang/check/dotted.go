package check

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// dotted mends the hint of the last of the diagnostics from the one numbered first on,
// where x was written for a field whose name has dots.
func (c *checker) dotted(x *ast.Member, first int) {
	if first == len(c.ds) {
		return
	}
	d := &c.ds[len(c.ds)-1]
	if d.Code != "unknown-field" && d.Code != "no-fields" {
		return
	}
	names := memberNames(x)
	if path := dottedPath(c.itemType(), names); path != "" {
		d.Hint, d.Instead, d.At = "a name with a dot goes in backquotes: write "+path, path, x.Span()
	} else if path := nearPath(c.itemType(), names); path != "" {
		d.Hint, d.Instead, d.At = "did you mean "+path+"?", path, x.Span()
	}
}

// itemType is the type of the item whose fields are names here.
func (c *checker) itemType() *Type {
	for s := c.scope; s != nil; s = s.outer {
		if s.item {
			return s.t
		}
	}
	return c.cat.Profile()
}

// memberNames returns the names of a.b.c, nil for what does not begin with a name.
func memberNames(x *ast.Member) []string {
	names := []string{x.Name.Text}
	for {
		switch base := x.X.(type) {
		case *ast.Member:
			x = base
			names = append(names, base.Name.Text)
			continue
		case *ast.Name:
			names = append(names, base.Text)
			slices.Reverse(names)
			return names
		}
		return nil
	}
}

// dottedPath finds the path of fields from t on that names are, some of them joined with
// dots to the longest name of a field; "" where it takes none.
func dottedPath(t *Type, names []string) string {
	for i := range names {
		for t.Kind == List {
			t = t.Elem
		}
		if t.Kind != Object {
			return ""
		}
		for end := len(names); end > i+1; end-- {
			name := strings.Join(names[i:end], ".")
			if f := t.Field(name); f != nil && (end == len(names) || !f.Type.scalar()) {
				return strings.Join(append(slices.Clone(names[:i]), "`"+name+"`"), ".") + dotted(names[end:])
			}
		}
		f := t.Field(names[i])
		if f == nil {
			return ""
		}
		t = f.Type
	}
	return ""
}

func dotted(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "." + strings.Join(names, ".")
}
