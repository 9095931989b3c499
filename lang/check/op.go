package check

// Op is what a [Call] does. Unless its comment says otherwise an operation is
// null when an operand is null.
type Op uint8

// The operations. Those marked "test" are never null: they are false when an
// operand is null.
const (
	NoOp Op = iota

	// Boolean. Operands are conditions: never null.
	And // any number of operands
	Or  // any number of operands
	Not
	Truth // any value to a condition: a Bool is its value (null: false); others are true when present, a List when not empty
	If    // condition, then, else: the value of the branch taken

	// Comparison: tests. Operands have one type, but that Int and Float mix.
	Eq
	Ne
	Lt // numbers and timestamps, as the three below
	Le
	Gt
	Ge
	IsNull    // test of null itself
	IsNotNull // test of null itself

	// Arithmetic on Int and Float; see the checker for the result types.
	Neg
	Add // Int overflow is null
	Sub
	Mul
	Div // always Float; by zero: null
	Mod // the sign of the dividend; by zero: null

	// Strings: tests, under Fold without regard to case.
	StartsWith
	NotStartsWith
	EndsWith
	NotEndsWith
	Contains
	NotContains
	Equals    // operand 0 equals any of the others
	NotEquals // operand 0 equals none of the others
	Like      // operand 1 a Const pattern: % any, _ one, \ escapes
	Matches   // operand 1 a Const RE2 pattern, found anywhere
	// RegexGroup (string, Const pattern, Const Int n) is the n-th group of the first match, or null.
	RegexGroup

	// Lists and sets. Elements are compared as Eq does.
	In           // test: operand 0 is an element of the List operand 1
	NotIn        // test: both present, and it is not
	Intersects   // test
	SubsetOf     // test
	SupersetOf   // test
	Intersection // common elements in the order of operand 0, each once; null when there are none
	Distinct     // each element once, first occurrences
	Count        // Int: elements of a List, entries of a Map
	Head         // the first element, or null

	// Maps.
	Get    // the value of a key, or null
	Keys   // List of String
	Values // List

	// Time. Parts are in UTC.
	Now // Timestamp; never null
	CurrentYear
	CurrentMonth
	CurrentDayOfMonth
	GetYear
	GetMonth
	GetDayOfMonth
	Date // (year, month, day), an Interval; null when there is no such day

	// Conversions that the checker puts in.
	IntToFloat
	IntToTimestamp // milliseconds since 1970 UTC
)

// Fold is how an [Iterate] or a [Comprehend] joins the outcomes of its bodies.
// The aggregates skip null outcomes.
type Fold uint8

// The folds. Those marked "test" are never null.
const (
	NoFold  Fold = iota
	Filter       // List of the elements whose Body (a condition) holds; null when X is
	Exists       // test: Body (a condition) holds for some element
	ForAll       // test: for all; true of none. A null X has no elements
	Select       // Comprehend only
	MapEach      // List of the outcomes over a List; over a Map, a Map of the outcomes by key
	Sum          // 0 of nothing
	Average      // Float; null of nothing
	Min          // null of nothing
	Max          // null of nothing
	TopN         // the N elements with the largest Body, descending, ties in order, null keys left out
	BottomN      // the N elements with the smallest Body, ascending, likewise
	GroupBy      // Map from Body, as text, to the List of its elements, first occurrences first
)
