package vector

import "github.com/segq/segq/lang/check"

// binding is the value of a slot over a frame.
type binding struct {
	v *vector
	f *frame
}

// bind gives a slot its value, for the body of who owns it.
func (e *Evaluator) bind(slot int, v *vector, f *frame) { e.slots[slot] = binding{v, f} }

// home returns the innermost frame that n mentions, f or one around it.
func (e *Evaluator) home(n check.Node, f *frame) *frame {
	var home *frame
	for _, s := range e.p.free[n] {
		if b := e.slots[s].f; home == nil || b.depth > home.depth {
			home = b
		}
	}
	if home == nil {
		for home = f; home.outer != nil; {
			home = home.outer
		}
	}
	return home
}
