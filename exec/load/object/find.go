package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// How much comes with the answer that tells of an object: of its beginning, or of its end where what
// says how to read it stands there.
const (
	head = 64 << 10
	tail = 256 << 10
)

// Find returns the object of an address. What does not exist is [fs.ErrNotExist]. Of those whose end
// says how they are read, that end is asked for.
func Find(ctx context.Context, name string, fromEnd bool) (*Object, error) {
	a, err := parse(name)
	if err != nil {
		return nil, err
	}
	s, err := newStore(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.title, err)
	}
	if a.bucket != "" && (a.key == "" || strings.HasSuffix(a.key, "/")) {
		return nil, fmt.Errorf("%s: this is a folder", a.title)
	}
	o := &Object{store: s, key: a.key, title: a.title}
	if err := o.look(ctx, fromEnd && s.suffixes()); err != nil {
		return nil, err
	}
	return o, nil
}

// look finds out what there is to know, with one request as a rule.
func (o *Object) look(ctx context.Context, fromEnd bool) error {
	bytes := fmt.Sprintf("0-%d", head-1)
	if fromEnd {
		bytes = fmt.Sprintf("-%d", tail)
	}
	answer, err := o.get(ctx, newClient(o.store.transport()), bytes)
	var no *refusal
	if errors.As(err, &no) {
		_, _, size, ok := contentRange(no.header)
		switch {
		case no.status == http.StatusRequestedRangeNotSatisfiable && ok && size == 0:
			o.version, o.ranged = o.store.versionOf(no.header), true
			return nil
		case no.status == http.StatusRequestedRangeNotSatisfiable && !fromEnd: // of nothing, there is no range
			answer, err = o.get(ctx, newClient(o.store.transport()), "")
		case fromEnd && no.status != http.StatusNotFound && no.status != http.StatusForbidden && no.status != http.StatusUnauthorized:
			return o.look(ctx, false) // it may know other ranges
		}
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	o.version = o.store.versionOf(answer.Header)
	first, last, size, ok := contentRange(answer.Header)
	if o.ranged = answer.StatusCode == http.StatusOK && answer.ContentLength == 0; o.ranged {
		return nil // it is empty
	}
	if answer.StatusCode != http.StatusPartialContent || !ok || size == Unknown {
		o.size = Unknown // there are no ranges: what comes is not waited for
		return nil
	}
	o.ranged, o.size = true, size
	b := make([]byte, last-first+1)
	if int64(len(b)) > max(head, tail) || last >= size {
		return fmt.Errorf("%s: the server answered with other bytes than those that it was asked for", o.title)
	}
	n, _ := io.ReadFull(answer.Body, b)
	if o.found.Store(&part{first, b[:n]}); ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil // what is missing is asked for again
}

// maxListed is how many objects a listing may have.
const maxListed = 1 << 20

// List returns the objects whose names begin with that of an address, in order. Where there is no
// listing, as of https, the error is [errors.ErrUnsupported].
func List(ctx context.Context, name string) ([]*Object, error) {
	a, err := parse(name)
	if err != nil {
		return nil, err
	}
	s, err := newStore(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.title, err)
	}
	var found []*Object
	err = s.list(ctx, newClient(s.transport()), a.key, func(e entry) error {
		if len(found) == maxListed {
			return fmt.Errorf("%s: there are more than %d files", a.title, maxListed)
		}
		if strings.HasSuffix(e.key, "/") {
			return nil // what the tools of stores write for a folder
		}
		title := a.scheme + "://" + a.bucket + "/" + e.key
		found = append(found, &Object{store: s, key: e.key, title: title, size: e.size, version: e.version, ranged: true})
		return nil
	})
	if err != nil {
		if errors.Is(err, errors.ErrUnsupported) {
			return nil, fmt.Errorf("%s: %w: a web server has no listing of its files: name each", a.title, err)
		}
		return nil, err
	}
	return found, nil
}
