package backend

import (
	"context"
	"encoding/json"
	"errors"
)

// errOther says that the workers have other data than the session knows: the queue has moved since.
var errOther = errors.New("the workers have other data than the session knows")

// ask asks a worker. The answer of one that has other data than is known says but what it has, and what
// the workers say of their data is read anew. Those of older versions do not look whose question it is, and
// may not say.
func (a *announcement) ask(ctx context.Context, op string, body []byte) ([]byte, error) {
	known := a.snapshot()
	answer, err := a.request(ctx, op, body)
	if err != nil {
		return nil, err
	}
	var of struct {
		Snapshot string `json:"snapshot"`
	}
	if err := json.Unmarshal(answer, &of); err != nil {
		return nil, err
	}
	if of.Snapshot == "" || known == "" || of.Snapshot == known {
		return answer, nil
	}
	a.renewSoon()
	return nil, errOther
}

// snapshot is that of the data that is known, "" for none.
func (a *announcement) snapshot() string {
	if p := a.latest(); p != nil {
		return p.Snapshot
	}
	return ""
}
