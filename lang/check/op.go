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

	// Statistics of a list of numbers: Float. Null elements are left out; null of none.
	Percentile // operand 1 the percentage, from 0 to 100; else null
	Median

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

// Group is the family of operations that are evaluated alike.
type Group uint8

// The groups.
const (
	// Logic is what has null rules of its own: connectives, If, and tests of null.
	Logic Group = iota
	Comparison
	Arithmetic
	Text
	Sets       // of the elements of lists
	Statistics // of the numbers of a list, in package exec/statistic
	Maps
	Clock     // now, and parts of it
	TimeParts // of a timestamp, and a day made of parts
	Conversion
)

// opInfo is all that is known of an operation but how it is evaluated.
type opInfo struct {
	// name is that in the language, or one like it.
	name  string
	group Group
	// test says that the outcome is never null: it is false when an operand is null.
	// Of Logic it says only that the outcome is never null.
	test bool
}

// ops is what an operation is. The order of the constants bears no meaning.
var ops = [...]opInfo{
	NoOp: {name: "none"},

	And: {"and", Logic, true}, Or: {"or", Logic, true}, Not: {"not", Logic, true}, Truth: {"truth", Logic, true},
	If: {"if", Logic, false}, IsNull: {"isNull", Logic, true}, IsNotNull: {"isNotNull", Logic, true},

	Eq: {"=", Comparison, true}, Ne: {"!=", Comparison, true}, Lt: {"<", Comparison, true},
	Le: {"<=", Comparison, true}, Gt: {">", Comparison, true}, Ge: {">=", Comparison, true},

	Neg: {"neg", Arithmetic, false}, Add: {"+", Arithmetic, false}, Sub: {"-", Arithmetic, false},
	Mul: {"*", Arithmetic, false}, Div: {"/", Arithmetic, false}, Mod: {"%", Arithmetic, false},

	StartsWith: {"startsWith", Text, true}, NotStartsWith: {"doesNotStartWith", Text, true},
	EndsWith: {"endsWith", Text, true}, NotEndsWith: {"doesNotEndWith", Text, true},
	Contains: {"contains", Text, true}, NotContains: {"doesNotContain", Text, true},
	Equals: {"equals", Text, true}, NotEquals: {"notEqualTo", Text, true},
	Like: {"like", Text, true}, Matches: {"matches", Text, true}, RegexGroup: {"regexGroup", Text, false},

	In: {"in", Sets, true}, NotIn: {"notIn", Sets, true}, Intersects: {"intersects", Sets, true},
	SubsetOf: {"subsetOf", Sets, true}, SupersetOf: {"supersetOf", Sets, true},
	Intersection: {"intersection", Sets, false}, Distinct: {"distinct", Sets, false},
	Count: {"count", Sets, false}, Head: {"head", Sets, false},

	Percentile: {"percentile", Statistics, false}, Median: {"median", Statistics, false},

	Get: {"get", Maps, false}, Keys: {"keys", Maps, false}, Values: {"values", Maps, false},

	Now: {"now", Clock, false}, CurrentYear: {"currentYear", Clock, false},
	CurrentMonth: {"currentMonth", Clock, false}, CurrentDayOfMonth: {"currentDayOfMonth", Clock, false},

	GetYear: {"getYear", TimeParts, false}, GetMonth: {"getMonth", TimeParts, false},
	GetDayOfMonth: {"getDayOfMonth", TimeParts, false}, Date: {"date", TimeParts, false},

	IntToFloat: {"intToFloat", Conversion, false}, IntToTimestamp: {"intToTimestamp", Conversion, false},
}

// String returns the operation's name in the language, or one like it.
func (op Op) String() string { return ops[op].name }

// Group returns the family of the operation.
func (op Op) Group() Group { return ops[op].group }

// Test says that the outcome is true or false, and false when an operand is null; of
// [Logic], that it is never null.
func (op Op) Test() bool { return ops[op].test }

// Ops returns all operations.
func Ops() []Op {
	all := make([]Op, 0, len(ops)-1)
	for op := range ops {
		if Op(op) != NoOp {
			all = append(all, Op(op))
		}
	}
	return all
}

// foldInfo is all that is known of a fold but how it is evaluated: its name in the
// language, and whether its outcome is never null.
type foldInfo struct {
	name string
	test bool
}

// folds is what a fold is. The order of the constants bears no meaning.
var folds = [...]foldInfo{
	NoFold: {name: "none"}, Filter: {name: "filter"}, Exists: {"exists", true}, ForAll: {"forall", true}, Select: {name: "select"},
	MapEach: {name: "map"}, Sum: {name: "sum"}, Average: {name: "average"}, Min: {name: "min"}, Max: {name: "max"},
	TopN: {name: "topN"}, BottomN: {name: "bottomN"}, GroupBy: {name: "groupBy"},
}

// String returns the fold's name in the language.
func (f Fold) String() string { return folds[f].name }

// Test says that the outcome is true or false, never null.
func (f Fold) Test() bool { return folds[f].test }

// Folds returns all folds.
func Folds() []Fold {
	all := make([]Fold, 0, len(folds)-1)
	for f := range folds {
		if Fold(f) != NoFold {
			all = append(all, Fold(f))
		}
	}
	return all
}
