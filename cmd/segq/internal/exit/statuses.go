package exit

import "fmt"

// Meaning is what one or several statuses tell the caller.
type Meaning struct {
	Status []int
	Text   string
}

// Code returns the statuses as they are written in tables: "3", or "129, 130, 143".
func (m Meaning) Code() string {
	text := ""
	for i, s := range m.Status {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(s)
	}
	return text
}

// Statuses returns all statuses with which segq ends, in their order. the manual (cmd/segq/README.md) and the help show this table.
func Statuses() []Meaning {
	return []Meaning{
		{[]int{OK}, "success, whether or not anything matched"},
		{[]int{WrongQuery}, "a query is wrong, or a job has failed, was cancelled or is unknown; what a command asks is answered with no (segments test)"},
		{[]int{WrongUsage}, "the command line, the environment or a configuration file is wrong"},
		{[]int{Unreachable}, "data or Redis cannot be reached, a worker was lost, or data does not fit into memory; `segq doctor` has found a fault"},
		{[]int{TimedOut}, "the time given by `--timeout` ran out"},
		{[]int{Partial}, "some of several queries failed"},
		{[]int{Unwritten}, "output cannot be written; a reader that went away (`| head`) is not an error"},
		{[]int{Internal}, "a bug in segq, in any of the queries; please report it"},
		{[]int{HungUp, Interrupted, Terminated}, "ended by SIGHUP (which a worker takes for a reload), by SIGINT, by SIGTERM"},
	}
}
