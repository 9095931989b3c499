package backend

import (
	"context"
	"encoding/json"
	"errors"
)

// otherTries is how many workers are asked for one that has the data that the session knows.
const otherTries = 4

// errOther says that none has answered that has.
var errOther = errors.New("the workers have other data than the session knows")

// differ is what a session says of workers that have different data.
const differ = "the workers have different data"

// ask asks workers until one answers that has the data that is known: others say but what data they have.
// Those of older versions do not look whose question it is, and may not say.
func (a *announcement) ask(ctx context.Context, op string, body []byte) ([]byte, error) {
	known, others := a.snapshot(), false
	for range otherTries {
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
			if others {
				a.differ.Store(true)
			}
			return answer, nil
		}
		others = true
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
