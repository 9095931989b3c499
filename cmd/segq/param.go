package main

import (
	"strconv"
	"time"

	"github.com/segq/segq/lang/check"
)

// paramValue reads the text of a parameter: true, false and numbers are what
// they look like, anything else is a string. A text in double quotes is a
// string whatever it looks like.
func paramValue(text string) any {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	switch text {
	case "true":
		return true
	case "false":
		return false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return text
}

// parseInstant reads an ISO-8601 date or time.
func parseInstant(text string) (time.Time, bool) {
	ms, ok := check.ParseTimestamp(text)
	return time.UnixMilli(ms).UTC(), ok
}
