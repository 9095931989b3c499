package check

import "github.com/segq/segq/lang/ast"

// Node is a typed expression. The set of implementations is closed. A typed
// tree is immutable, and means the same to every engine: it holds no column, no
// clock and no data.
//
// Names are gone: what binds a value (a filter, a lambda, a declaration, a let)
// owns a slot, and a [Slot] node reads it. Slot 0 is the profile. Carets and
// explicit parameters are resolved to slots, coercions have become conversions,
// and the any-element reading of a running dot has become an [Iterate] Exists.
//
// Nulls: a node may be null unless its comment, or that of its Op, says that it
// never is. Boolean positions (operands of And, Or, Not, conditions) hold only
// nodes of type Bool that are never null; the checker wraps others in Truth.
type Node interface {
	Type() *Type
	Span() ast.Span
	node()
}

// Info is the part that all nodes share.
type Info struct {
	T  *Type
	At ast.Span
}

// Type returns the type of the node's value.
func (n *Info) Type() *Type { return n.T }

// Span returns the place of the node in the query text.
func (n *Info) Span() ast.Span { return n.At }

func (*Info) node() {}

type (
	// Const is a value known when the query is checked. V is nil (null), a
	// bool, int64, float64, string, or, by T, an int64 of milliseconds for a
	// Timestamp; a List is a []any of these.
	Const struct {
		Info
		V any
	}

	// Slot reads a bound value. Name is what the author called it, for
	// explanations only.
	Slot struct {
		Info
		N    int
		Name string
	}

	// Member is a field of the Object X; null when X is.
	Member struct {
		Info
		X Node
		F *Field
	}

	// Gather is the running dot: X is a List of Objects, and the value is the
	// list of the non-null values of field F over its elements, depth first: a
	// field that is a list itself is spliced in. Null when X is.
	Gather struct {
		Info
		X Node
		F *Field
	}

	// Call applies Op to Args. Fold asks a string operation to ignore case, by
	// Unicode simple folding.
	Call struct {
		Info
		Op   Op
		Fold bool
		Args []Node
	}

	// MakeList is a list literal with an element that is no constant.
	MakeList struct {
		Info
		Items []Node
	}

	// MakeObject is an object literal; Items run along T.Fields.
	MakeObject struct {
		Info
		Items []Node
	}

	// Let binds the value of Value to Slot inside Body.
	Let struct {
		Info
		Slot  int
		Value Node
		Body  Node
	}

	// Iterate runs Body for each element of the List (or Map) X, bound to Slot,
	// and folds the outcomes as Op says. Over a Map the key is bound to KeySlot.
	// N is the count of TopN and BottomN, else nil.
	Iterate struct {
		Info
		Op      Fold
		X       Node
		Slot    int
		KeySlot int
		Body    Node
		N       Node
	}

	// Comprehend runs over the bindings of Decls, from left to right, and folds
	// them as Op says: Select (a list of the one variable's values, or of
	// Objects with a field a variable), Exists, ForAll (every element of every
	// declaration meets its condition), or Sum, Average, Min, Max of Yield.
	Comprehend struct {
		Info
		Op    Fold
		Decls []Decl
		Yield Node
	}

	// Chain says whether the elements of the List X hold the steps in order.
	// Each element is bound to Slot for Order (a Timestamp) and the conditions;
	// elements whose Order is null are left out, ties keep their order.
	// Never null.
	Chain struct {
		Info
		X     Node
		Slot  int
		Order Node
		Steps []Step
	}

	// Occurs says whether the Timestamp X lies in Window. Never null: false
	// where an operand is null.
	Occurs struct {
		Info
		X      Node
		Window Window
	}

	// Calendar is this, last or next (Offset 0, -1, 1) Unit around now, an
	// Interval. today, yesterday and tomorrow are days of this kind. Never null.
	Calendar struct {
		Info
		Offset int
		Unit   ast.Unit
	}

	// Segment says whether the profile is in a saved segment; Query is its
	// definition. Never null.
	Segment struct {
		Info
		ID    string
		Query *Query
	}
)

// Decl is one declaration of a [Comprehend]. Where is nil for "all". A List
// From gives its elements, null gives none.
type Decl struct {
	Slot  int
	Name  string
	From  Node
	Where Node
}

// Step is one step of a [Chain]: at least Count elements, later than those of
// the step before, for which Cond (never null) holds.
type Step struct {
	Label string
	Cond  Node
	Count int64
}

// Window is the stretch of time of an [Occurs], as in [ast.Window]. Ref and To
// are Timestamps or Intervals.
type Window struct {
	Op   string
	N    int64
	Unit ast.Unit
	Dir  string
	Ref  Node
	To   Node
}

// Query is a checked query.
type Query struct {
	// Root is the expression as written, of any type.
	Root Node
	// Cond is Root as a condition: Bool, never null. It is Root itself where
	// that is so already.
	Cond Node
	// Slots is the number of slots, the profile's included.
	Slots int
	// Canonical is the canonical text: equal texts over one catalog and one
	// set of parameters are equal queries.
	Canonical string
	// Warnings are the diagnostics that did not stop the query.
	Warnings ast.Diagnostics
	// depth is how deep nodes lie inside each other, those of segments included, and
	// segments how many of these do.
	depth, segments int
}
