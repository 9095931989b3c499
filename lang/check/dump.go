package check

import (
	"strconv"
	"strings"
)

// Dump returns n as one line of text with its types, for people and tests. Slots show by
// number, so that equal expressions in different places of a query may differ in them: what
// expressions share is their identity ([Identities]).
func Dump(n Node) string {
	var d dumper
	d.node(n)
	return d.String()
}

type dumper struct{ strings.Builder }

func (d *dumper) node(n Node) {
	switch n := n.(type) {
	case *Const:
		d.value(n.V)
	case *Slot:
		d.slot(n.N)
		return
	case *Member:
		d.node(n.X)
		d.WriteString("." + n.F.Name)
	case *Gather:
		d.node(n.X)
		d.WriteString(".*" + n.F.Name)
	case *Call:
		d.call(n)
	case *MakeList:
		d.group("list", n.Items)
	case *MakeObject:
		d.WriteString("(object")
		for i, item := range n.Items {
			d.WriteString(" " + strconv.Quote(n.T.Fields[i].Name) + " ")
			d.node(item)
		}
		d.WriteByte(')')
	default:
		d.binding(n)
	}
	d.WriteString(":" + n.Type().String())
}

func (d *dumper) binding(n Node) {
	switch n := n.(type) {
	case *Let:
		d.WriteString("(let ")
		d.slot(n.Slot)
		d.rest(n.Value, n.Body)
	case *Iterate:
		d.WriteString("(" + n.Op.String() + " ")
		if n.KeySlot != 0 {
			d.slot(n.KeySlot)
			d.WriteByte(' ')
		}
		d.slot(n.Slot)
		d.rest(n.X, n.Body)
		if n.N != nil {
			d.rest(n.N)
		}
	case *Comprehend:
		d.WriteString("(" + n.Op.String())
		for _, decl := range n.Decls {
			d.WriteString(" (")
			d.slot(decl.Slot)
			d.rest(decl.From)
			if decl.Where != nil {
				d.rest(decl.Where)
			}
			d.WriteByte(')')
		}
		if n.Yield != nil {
			d.rest(n.Yield)
		}
	case *Chain:
		d.WriteString("(chain ")
		d.slot(n.Slot)
		d.rest(n.X, n.Order)
		for _, s := range n.Steps {
			d.WriteString(" (" + strconv.FormatInt(s.Count, 10))
			d.rest(s.Cond)
			d.WriteByte(')')
		}
	case *Occurs:
		d.WriteString("(occurs")
		d.rest(n.X)
		d.window(&n.Window)
	case *Calendar:
		d.WriteString("(calendar " + strconv.Itoa(n.Offset) + " " + n.Unit.String())
	case *Segment:
		d.WriteString("(inSegment " + strconv.Quote(n.ID))
	}
	d.WriteByte(')')
}

func (d *dumper) window(w *Window) {
	if w.Op != "" {
		d.WriteString(" " + w.Op + " " + strconv.FormatInt(w.N, 10) + " " + w.Unit.String())
	}
	if w.Dir != "" {
		d.WriteString(" " + w.Dir)
	}
	d.rest(w.Ref)
	if w.To != nil {
		d.WriteString(" and")
		d.rest(w.To)
	}
}

func (d *dumper) call(n *Call) {
	name := n.Op.String()
	if n.Fold {
		name += "/i"
	}
	d.group(name, n.Args)
}

func (d *dumper) group(name string, items []Node) {
	d.WriteString("(" + name)
	d.rest(items...)
	d.WriteByte(')')
}

func (d *dumper) rest(items ...Node) {
	for _, item := range items {
		d.WriteByte(' ')
		d.node(item)
	}
}

func (d *dumper) slot(n int) { d.WriteString("$" + strconv.Itoa(n)) }

func (d *dumper) value(v any) {
	switch v := v.(type) {
	case nil:
		d.WriteString("null")
	case bool:
		d.WriteString(strconv.FormatBool(v))
	case int64:
		d.WriteString(strconv.FormatInt(v, 10))
	case float64:
		d.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	case string:
		d.WriteString(strconv.Quote(v))
	case []any:
		d.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				d.WriteByte(' ')
			}
			d.value(item)
		}
		d.WriteByte(']')
	}
}
