package plan

import (
	"github.com/segq/segq/lang/check"
)

// constantValue returns the value of an expression that is the same for every
// profile, in the representation of [check.Const]. Now is one of them: a plan is
// made for one moment.
func (c *compiler) constantValue(n check.Node) (v any, ok bool) {
	switch n := n.(type) {
	case *check.Const:
		if x, ok := n.V.(float64); ok && x-x != 0 {
			return nil, true // what is no finite number is null
		}
		return n.V, true
	case *check.Call:
		if c.single && n.Op.Group() == check.Clock {
			return nil, false
		}
		switch n.Op {
		case check.Now:
			return c.now.UnixMilli(), true
		case check.CurrentYear:
			return int64(c.now.UTC().Year()), true
		case check.CurrentMonth:
			return int64(c.now.UTC().Month()), true
		case check.CurrentDayOfMonth:
			return int64(c.now.UTC().Day()), true
		case check.IntToFloat, check.IntToTimestamp, check.Neg:
			return c.constantCall(n)
		}
	}
	return nil, false
}

// constantCall applies a conversion, or a sign, to a constant.
func (c *compiler) constantCall(n *check.Call) (any, bool) {
	v, ok := c.constantValue(n.Args[0])
	if !ok || v == nil {
		return nil, ok
	}
	switch x := v.(type) {
	case int64:
		switch {
		case n.Op == check.IntToFloat:
			return float64(x), true
		case n.Op == check.IntToTimestamp:
			return x, true
		case x != -x:
			return -x, true
		}
	case float64:
		if n.Op == check.Neg {
			return -x, true
		}
	}
	return nil, false
}
