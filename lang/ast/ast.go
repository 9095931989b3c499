// Package ast is the tree of a PQL query as it was written: names are not
// resolved, types are not known, every node carries the [Span] of its text.
//
// The tour of the language starts here. [lang/parse] makes this tree,
// [Format] prints it back in canonical form, [Walk] visits it, and
// [lang/check] turns it into the typed tree that the engine runs. Parentheses
// leave no node: the printer puts back those that are needed.
//
// A tree is immutable once parsed and may be shared between goroutines.
//
// [lang/parse]: https://pkg.go.dev/github.com/segq/segq/lang/parse
// [lang/check]: https://pkg.go.dev/github.com/segq/segq/lang/check
package ast

// Expr is any PQL expression. The set of implementations is closed; type
// switches list the cases in the order of this file.
type Expr interface {
	Span() Span
	expr()
}

// Ident is a name with its place. Quoted says that it was written in
// backquotes; the quotes are not part of Text.
type Ident struct {
	Text   string
	Quoted bool
	At     Span
}

// Literals.
type (
	// String is a string literal; Value has its escapes resolved.
	String struct {
		Value string
		At    Span
	}

	// Int is an integer literal, without its sign: -5 is Unary{"-", Int{5}}.
	// The one value that only exists negated, 1<<63, does not parse.
	Int struct {
		Value int64
		At    Span
	}

	// Float is a literal with a point or an exponent.
	Float struct {
		Value float64
		At    Span
	}

	// Bool is true or false.
	Bool struct {
		Value bool
		At    Span
	}

	// List is an array literal: ["US", "CA"].
	List struct {
		Items []Expr
		At    Span
	}

	// Object is an object literal: {"count": G.count()}.
	Object struct {
		Keys   []Ident
		Values []Expr
		At     Span
	}
)

// Names and paths.
type (
	// Name is a bare identifier: a field of the current scope, or a variable.
	Name struct {
		Ident
	}

	// Member is X.Name: a field of an object, an entry of a map, or, on an
	// array, the list of that field over its elements (the running dot).
	Member struct {
		X    Expr
		Name Ident
		At   Span
	}

	// Up is a name looked up Levels item scopes further out: ^^.person.
	Up struct {
		Levels int
		Name   Ident
		At     Span
	}

	// This is the current value inside an item scope.
	This struct {
		At Span
	}

	// Position is the explicit parameter $1, $2 …; $1 is the profile.
	Position struct {
		N  int
		At Span
	}

	// Param is @name, or, as a Context, @{name}: a value that is supplied when the query
	// runs. The name of a context is all that stands in its braces.
	Param struct {
		Name    Ident
		Context bool
		At      Span
	}
)

// Operators and calls.
type (
	// Unary is Op X; Op is "not" (also written !) or "-".
	Unary struct {
		Op string
		X  Expr
		At Span
	}

	// Binary is L Op R. Op is the canonical spelling: "and", "or", "=", "!=",
	// "<", "<=", ">", ">=", "like", "matches", "in", "notIn", "+", "-", "*",
	// "/", "%". OpAt is the place of the operator. At covers both operands; the
	// parser sets it so that the span of a long chain costs one look.
	Binary struct {
		Op   string
		L, R Expr
		OpAt Span
		At   Span
	}

	// Call is Name(Args) when Recv is nil, else Recv.Name(Args). The forms
	// with a syntax of their own have their own nodes.
	Call struct {
		Recv Expr
		Name Ident
		Args []Expr
		At   Span
	}

	// Filter is X[Cond]: the elements of X for which Cond holds in item scope.
	Filter struct {
		X, Cond Expr
		At      Span
	}

	// Lambda is (Params) => Body.
	Lambda struct {
		Params []Ident
		Body   Expr
		At     Span
	}
)

// Forms that bind variables.
type (
	// Decl is one declaration of a [Select], [Quantified] or [Aggregate]:
	// Name from From where Where. Where is nil when it was left out.
	Decl struct {
		Name  Ident
		From  Expr
		Where Expr
	}

	// Select is select V from A where C, W from B where D.
	Select struct {
		Decls []Decl
		At    Span
	}

	// Quantified is exists or forall with its declarations.
	Quantified struct {
		ForAll bool
		Decls  []Decl
		At     Span
	}

	// Aggregate is the prefix form: sum X over V from A where C. Fn is "sum",
	// "average", "min" or "max". In the short form, sum X from A where C, X is
	// the variable itself.
	Aggregate struct {
		Fn    string
		X     Expr
		Decls []Decl
		At    Span
	}

	// Let is let Name = Value in Body.
	Let struct {
		Name        Ident
		Value, Body Expr
		At          Span
	}

	// Chain is chain(X, Order, [steps]): a pattern of events in time order.
	Chain struct {
		X, Order Expr
		Steps    []Step
		At       Span
	}

	// Step is one event of a [Chain]: Label: WHAT(What) WHEN(When) COUNT(Count)
	// WHERE(Where); all but What may be nil.
	Step struct {
		Label Ident
		What  Expr
		When  *Window
		Count Expr
		Where Expr
	}
)

// Time.
type (
	// Occurs is X occurs Window.
	Occurs struct {
		X      Expr
		Window Window
		At     Span
	}

	// Window is the tail of an occurs. Its four forms:
	//
	//	Op N Unit Dir Ref   <= 3 days before now
	//	Dir Ref             before today
	//	On Ref              last month, on date(2017, 10, 1)
	//	Ref and To          between date(2017, 10, 1) and date(2017, 12, 31)
	//
	// Op is "", or one of the six comparisons; Dir is "", "before", "after" or
	// "from"; To is nil but for between.
	Window struct {
		Op   string
		N    int64
		Unit Unit
		Dir  string
		On   bool
		Ref  Expr
		To   Expr
		At   Span
	}

	// TimeWord is now, today, yesterday or tomorrow.
	TimeWord struct {
		Word string
		At   Span
	}

	// Calendar is Which Unit: this, last or next and a calendar unit.
	Calendar struct {
		Which string
		Unit  Unit
		At    Span
	}
)

func (e *String) Span() Span     { return e.At }
func (e *Int) Span() Span        { return e.At }
func (e *Float) Span() Span      { return e.At }
func (e *Bool) Span() Span       { return e.At }
func (e *List) Span() Span       { return e.At }
func (e *Object) Span() Span     { return e.At }
func (e *Name) Span() Span       { return e.At }
func (e *Member) Span() Span     { return e.At.or(e.X, e.Name.At) }
func (e *Up) Span() Span         { return e.At }
func (e *This) Span() Span       { return e.At }
func (e *Position) Span() Span   { return e.At }
func (e *Param) Span() Span      { return e.At }
func (e *Unary) Span() Span      { return e.At }
func (e *Binary) Span() Span     { return e.At.or(e.L, e.R.Span()) }
func (e *Call) Span() Span       { return e.At }
func (e *Filter) Span() Span     { return e.At }
func (e *Lambda) Span() Span     { return e.At }
func (e *Select) Span() Span     { return e.At }
func (e *Quantified) Span() Span { return e.At }
func (e *Aggregate) Span() Span  { return e.At }
func (e *Let) Span() Span        { return e.At }
func (e *Chain) Span() Span      { return e.At }
func (e *Occurs) Span() Span     { return e.At }
func (e *TimeWord) Span() Span   { return e.At }
func (e *Calendar) Span() Span   { return e.At }

func (*String) expr()     {}
func (*Int) expr()        {}
func (*Float) expr()      {}
func (*Bool) expr()       {}
func (*List) expr()       {}
func (*Object) expr()     {}
func (*Name) expr()       {}
func (*Member) expr()     {}
func (*Up) expr()         {}
func (*This) expr()       {}
func (*Position) expr()   {}
func (*Param) expr()      {}
func (*Unary) expr()      {}
func (*Binary) expr()     {}
func (*Call) expr()       {}
func (*Filter) expr()     {}
func (*Lambda) expr()     {}
func (*Select) expr()     {}
func (*Quantified) expr() {}
func (*Aggregate) expr()  {}
func (*Let) expr()        {}
func (*Chain) expr()      {}
func (*Occurs) expr()     {}
func (*TimeWord) expr()   {}
func (*Calendar) expr()   {}
