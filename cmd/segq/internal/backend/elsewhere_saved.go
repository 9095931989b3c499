package backend

import (
	"context"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/lang/ast"
)

// savedHere says of segments that a query asks about and that there are none of, where the workers keep theirs: in the file of the user on
// this machine there may be one of that name, as sessions without workers save them.
func (b *backend) savedHere(found ast.Diagnostics) ast.Diagnostics {
	own := store.DefaultFile()
	if b.elsewhere == nil || own == "" || !slices.ContainsFunc(found, unknownSegment) {
		return found
	}
	ctx, cancel := context.WithTimeout(context.Background(), savedWithin)
	defer cancel()
	saved, err := store.ListSaved(ctx, store.File(own))
	if err != nil {
		return found // nobody has asked for that file
	}
	for i, d := range found {
		at := slices.IndexFunc(saved, func(s *store.Segment) bool {
			return unknownSegment(d) && d.Message == `there is no segment "`+s.Name+`"`
		})
		if at < 0 {
			continue
		}
		name := saved[at].Name
		found[i].Instead = ""
		found[i].Hint = "one of that name is in " + own + " on this machine, and those that workers use are in Redis: enter it as " + name + ": QUERY and .save " + name +
			" keeps it there too (segq saved show " + name + " prints the query); segq --attach --store " + own + " asks with those of the file"
	}
	return found
}

func unknownSegment(d ast.Diagnostic) bool { return d.Code == "unknown-segment" }
