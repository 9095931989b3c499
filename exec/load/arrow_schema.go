package load

import (
	"fmt"

	"github.com/segq/segq/exec/load/arrow"
)

// arrowField is a field of an Arrow file that is read.
type arrowField struct {
	*arrow.Field
	place  int           // among those of its parent
	fields []*arrowField // what is read below it; of a union, nil where a type is not read
}

// readableArrow returns the fields of a file without those that cannot be read, which note hears
// of. A file is never refused for a field.
func readableArrow(fields []*arrow.Field, note func(string, ...any)) []*arrowField {
	r := &readableFields{note}
	return r.fields(fields, "", 0)
}

type readableFields struct{ note func(string, ...any) }

// fields returns what can be read of fields that stand beside each other.
func (r *readableFields) fields(fields []*arrow.Field, above string, depth int) []*arrowField {
	var kept []*arrowField
	names := map[string]bool{}
	for i, f := range fields {
		name := f.Name
		if above != "" {
			name = above + "." + name
		}
		if names[f.Name] {
			r.note("%s is there twice: the second one "+isLeftOut, name)
			continue
		}
		if k := r.field(f, name, depth+1); k != nil {
			names[f.Name] = true
			k.place = i
			kept = append(kept, k)
		}
	}
	return kept
}

// field returns what can be read of a field; nil for nothing.
func (r *readableFields) field(f *arrow.Field, name string, depth int) *arrowField {
	k := &arrowField{Field: f}
	why := unreadableArrow(f, depth)
	if why == "" {
		switch f.Type.Kind {
		case arrow.Struct:
			k.fields = r.fields(f.Children, name, depth)
		case arrow.List, arrow.LargeList, arrow.FixedSizeList, arrow.ListView, arrow.LargeListView:
			k.fields = []*arrowField{r.field(f.Children[0], name+"[]", depth+1)}
		case arrow.RunEndEncoded:
			k.fields = []*arrowField{r.field(f.Children[1], name, depth+1)}
		case arrow.Map:
			k.fields = r.entries(f.Children[0].Children, name, depth)
		case arrow.Union:
			k.fields = r.choices(f.Children, name, depth)
		default:
			return k
		}
		for _, c := range k.fields {
			if c != nil {
				return k
			}
		}
		return nil // and it was said why
	}
	r.note("%s "+isLeftOut+": %s", name, why)
	return nil
}

// entries returns the key and the value of a map; nil if either cannot be read.
func (r *readableFields) entries(fields []*arrow.Field, name string, depth int) []*arrowField {
	key, value := fields[0], fields[1]
	if key.Type.Kind == arrow.Union || key.Type.Kind == arrow.RunEndEncoded || key.Type.Kind == arrow.Null || len(key.Children) > 0 {
		r.note("%s "+isLeftOut+": the keys of the map are not single values", name)
		return nil
	}
	k, v := r.field(key, name+"{key}", depth+1), r.field(value, name+"{}", depth+1)
	if k == nil || v == nil {
		return nil
	}
	return []*arrowField{k, v}
}

func (r *readableFields) choices(fields []*arrow.Field, name string, depth int) []*arrowField {
	var all []*arrowField
	for _, f := range fields {
		if f.Type.Kind == arrow.Null { // which is no reason to say anything
			all = append(all, &arrowField{Field: f})
			continue
		}
		all = append(all, r.field(f, name, depth+1))
	}
	return all
}

// unreadableArrow says why a field cannot be read, "" if it may.
func unreadableArrow(f *arrow.Field, depth int) string {
	switch t := f.Type; {
	case depth > maxDepth:
		return fmt.Sprintf("it has more than %d levels", maxDepth)
	case t.Kind == arrow.Struct && len(f.Children) == 0:
		return "it is an object without fields"
	case f.Extension == "arrow.parquet.variant" || f.Extension == "parquet.variant":
		return "the type VARIANT is not read"
	case t.Kind == arrow.Int && t.Bits == arrow.Int128:
		return "integers of 128 bits are not read: write them as Int64 or as a decimal"
	case t.Kind == arrow.Decimal && (t.Scale < 0 || t.Scale > maxDigits):
		return fmt.Sprintf("decimals of %d digits after the point are not read", t.Scale)
	case t.Kind == arrow.FixedSizeBinary && t.Size == 0:
		return "values of 0 bytes are not read"
	case t.Kind == arrow.Union && len(f.Children) == 0:
		return "it is a union of nothing"
	}
	return ""
}
