package object

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// refusal is an answer that is none.
type refusal struct {
	title   string
	status  int
	code    string // of the store, such as NoSuchKey
	message string // of the store, in a line
	region  string // where a request should have gone, if it says so
	header  http.Header
	wait    time.Duration // before the next try, as it asks
	advice  string
}

// refusalOf reads what an answer refuses, and closes it.
func refusalOf(answer *http.Response, title string) *refusal {
	defer answer.Body.Close()
	r := &refusal{title: title, status: answer.StatusCode, header: answer.Header}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 16<<10)) // it is an error in any case
	var x struct {
		Code    string `xml:"Code"`
		Message string `xml:"Message"`
		Region  string `xml:"Region"`
	}
	var j struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	switch {
	case xml.Unmarshal(text, &x) == nil:
		r.code, r.message, r.region = line(x.Code), line(x.Message), line(x.Region)
	case json.Unmarshal(text, &j) == nil:
		r.message = line(j.Error.Message)
	}
	if region := answer.Header.Get("X-Amz-Bucket-Region"); region != "" {
		r.region = line(region)
	}
	if code := answer.Header.Get("X-Ms-Error-Code"); r.code == "" && code != "" {
		r.code = line(code)
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		r.wait = time.Duration(seconds) * time.Second
	}
	return r
}

// line returns a text of a server as a short line.
func line(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s)
	if s = strings.TrimSpace(s); len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

// passing says whether the same request may succeed later.
func (r *refusal) passing() bool {
	switch r.status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return r.code == "SlowDown" || r.code == "RequestTimeout"
}

// Is says that what was not found is not there.
func (r *refusal) Is(target error) bool {
	return target == fs.ErrNotExist && r.status == http.StatusNotFound
}

// plainCodes are those of which all is said.
var plainCodes = map[string]bool{"": true, "NoSuchKey": true, "NoSuchBucket": true, "BlobNotFound": true, "ContainerNotFound": true}

// Error says what was refused, by whom it was asked, and what to do.
func (r *refusal) Error() string {
	what := ""
	switch {
	case r.status == http.StatusNotFound && r.code == "NoSuchBucket":
		what = "there is no such bucket"
	case r.status == http.StatusNotFound:
		what = "there is no such file"
	case r.status == http.StatusForbidden, r.status == http.StatusUnauthorized:
		what = "access is denied"
	default:
		what = "the server answers"
	}
	text := fmt.Sprintf("%s: %s (%d", r.title, what, r.status)
	if r.code != "" {
		text += " " + r.code
	} else if words := http.StatusText(r.status); words != "" {
		text += " " + words
	}
	text += ")"
	if r.message != "" && (what == "the server answers" || r.advice == "" && !plainCodes[r.code]) {
		text += ": " + r.message
	}
	if r.advice != "" {
		text += ": " + r.advice
	}
	return text
}
