package vector

import "github.com/segq/segq/lang/check"

// Unsupported is the error of an expression that has no form here: Reason says why.
type Unsupported struct{ Reason string }

// Error returns the reason.
func (u *Unsupported) Error() string { return u.Reason }

// supported says what has no form here: what makes more values than the data has,
// and values with parts where they would have to be compared.
func supported(n check.Node) error { return supportedIn(n, map[*check.Query]bool{}) }

// supportedIn looks at each definition of a segment once.
func supportedIn(n check.Node, seen map[*check.Query]bool) error {
	switch n := n.(type) {
	case *check.Comprehend:
		if len(n.Decls) > 1 {
			return &Unsupported{"it has several declarations, whose bindings multiply"}
		}
	case *check.MakeList, *check.MakeObject:
		return &Unsupported{"it makes lists or objects"}
	case *check.Call:
		if err := supportedCall(n); err != nil {
			return err
		}
	case *check.Iterate:
		if n.Op == check.GroupBy || n.Op == check.TopN || n.Op == check.BottomN || n.Op == check.Min || n.Op == check.Max {
			if !plain(n.Body.Type()) {
				return &Unsupported{"it orders values with parts"}
			}
		}
	case *check.Gather:
		if f := n.F.Type; f.Kind == check.List && f.Elem.Kind == check.List || n.X.Type().Elem.Kind == check.List {
			return &Unsupported{"it runs over lists of lists"}
		}
	case *check.Segment:
		if seen[n.Query] {
			return nil
		}
		seen[n.Query] = true
		return supportedIn(n.Query.Cond, seen)
	}
	if k := n.Type().Kind; k == check.Any {
		return &Unsupported{"its values have no type"}
	}
	for c := range check.Children(n) {
		if err := supportedIn(c, seen); err != nil {
			return err
		}
	}
	return nil
}

// supportedCall says what operations have no form for their operands.
func supportedCall(n *check.Call) error {
	switch n.Op {
	case check.Eq, check.Ne:
		if !plain(n.Args[0].Type()) && n.Args[0].Type().Kind != check.Interval || !plain(n.Args[1].Type()) && n.Args[1].Type().Kind != check.Interval {
			return &Unsupported{"it compares values with parts"}
		}
	case check.In, check.NotIn:
		if !plain(n.Args[0].Type()) {
			return &Unsupported{"it compares values with parts"}
		}
		return plainElements(n.Args[1])
	case check.Intersects, check.SubsetOf, check.SupersetOf, check.Intersection:
		if err := plainElements(n.Args[0]); err != nil {
			return err
		}
		return plainElements(n.Args[1])
	case check.Distinct:
		return plainElements(n.Args[0])
	case check.If:
		if t := n.T; !plain(t) && t.Kind != check.Interval {
			return &Unsupported{"it chooses between values with parts"}
		}
	}
	return nil
}

func plainElements(n check.Node) error {
	if t := n.Type(); t.Kind != check.List || !plain(t.Elem) {
		return &Unsupported{"it compares values with parts"}
	}
	return nil
}

// plain says whether values of t have no parts.
func plain(t *check.Type) bool {
	switch t.Kind {
	case check.Bool, check.Int, check.Float, check.String, check.Timestamp:
		return true
	}
	return false
}
