// Package check gives a parsed query its meaning: it resolves names against a
// dataset's [Catalog], finds the type of every expression, makes coercions and
// the rules for null explicit, and returns a different tree, made of
// [Node]s, that the engine runs. What has not been checked cannot be run.
package check
