package cluster

import (
	"regexp"
	"strings"
)

// StatementError is the error of a statement on the cluster: what a person wants of it, without the stack of Java.
type StatementError struct {
	Message string
	text    string // all that the server has said
}

// Error returns the message.
func (e *StatementError) Error() string { return e.Message }

var (
	// exited is how Spark tells that a process of TRANSFORM has failed, and saidByTask what that has said.
	exited     = regexp.MustCompile(`Subprocess exited with status (\d+)`)
	saidByTask = regexp.MustCompile(`(?m)segq: (.*)$`)
	// classes are the names of Java that stand before what they say.
	classes = regexp.MustCompile(`^(?:[\w.$]+(?:Exception|Error)(?::\s*|$))+`)
	codes   = regexp.MustCompile(`^\[[A-Z0-9_.]+\]\s*`)
	states  = regexp.MustCompile(`\s*SQLSTATE: \w+.*$`)
)

// firstLine is what the first line of an error says that has a stack behind it.
func firstLine(text string) string {
	if at := exited.FindStringIndex(text); at != nil {
		if said := saidByTask.FindStringSubmatch(text[at[0]:]); said != nil {
			return "on an executor: " + strings.TrimSpace(said[1])
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for before := ""; before != line; {
			before = line
			line = strings.TrimSpace(classes.ReplaceAllString(strings.TrimPrefix(line, "*"), ""))
			line = strings.TrimPrefix(line, "Error running query: ")
			line = codes.ReplaceAllString(line, "")
		}
		if line = strings.TrimSpace(states.ReplaceAllString(line, "")); line != "" && !strings.HasPrefix(line, "at ") {
			return line
		}
	}
	return "the cluster does not say what is wrong"
}

// taskStatus is the status with which a task has ended by which a statement has failed; 0 where that is not why.
func (e *StatementError) taskStatus() string {
	if m := exited.FindStringSubmatch(e.text); m != nil {
		return m[1]
	}
	return ""
}

// forgotten says whether the server knows nothing of the session, or of the statement, any more: it has ended it by itself, or is another one.
func (e *StatementError) forgotten() bool {
	return strings.Contains(e.text, "Invalid SessionHandle") || strings.Contains(e.text, "Invalid OperationHandle")
}
