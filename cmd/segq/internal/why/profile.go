package why

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx/record"
)

// find returns the first row whose profile is known by an id, and how many are.
func find(s *column.Snapshot, id string) (row, profiles int) {
	found := func(i int) {
		if profiles++; profiles == 1 {
			row = i
		}
	}
	same := sameAs(s, id)
	for i := range s.Rows() {
		if same(i) {
			found(i)
		}
	}
	return row, profiles
}

// sameAs returns what says whether a profile is known by an id. A profile without one is known by the number of its row.
func sameAs(s *column.Snapshot, id string) func(row int) bool {
	number, err := strconv.Atoi(id)
	if err != nil || strconv.Itoa(number) != id {
		number = -1
	}
	if s.ID == nil {
		return func(row int) bool { return row == number }
	}
	col := s.Root.Fields[s.ID.Index]
	if c, ok := col.(*column.Strings); ok {
		code, known := c.Dict.Find(id)
		return func(row int) bool {
			if c.Null(row) {
				return row == number
			}
			return known && c.Codes.At(row) == code
		}
	}
	return func(row int) bool {
		if col.Null(row) {
			return row == number
		}
		stored, at := column.At(col, row)
		switch c := stored.(type) {
		case *column.Texts:
			return c.At(at) == id
		case *column.Strings:
			return c.At(at) == id
		case *column.Ints:
			return number >= 0 && c.At(at) == int64(number) || number < 0 && strconv.FormatInt(c.At(at), 10) == id
		}
		return resident.ProfileID(s, row) == id
	}
}

// mostNear is how many ids are named in place of one that there is not.
const mostNear = 3

// unknown is the error of an id that no profile has. It names those that are like it, unless they are hidden.
func unknown(s *column.Snapshot, id string, hidden bool) error {
	e := record.Error{Code: NoProfile, Message: fmt.Sprintf("no profile has the id %s", id)}
	near := nearIDs(s, id)
	name, _ := resident.IDColumn(s)
	switch {
	case s.ID == nil:
		e.Hint = fmt.Sprintf("the profiles have no id: their rows are numbered from 0 to %d; --id FIELD names the field that identifies them", s.Rows()-1)
	case len(near) == 0:
		e.Hint = fmt.Sprintf("ids are those of %s; --id FIELD names another field", name)
	case hidden:
		e.Hint = fmt.Sprintf("some ids of %s are like it, which are told to nobody who does not know them: capitals, blanks and zeros count", name)
	default:
		e.Hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return &UnknownError{e}
}

// nearIDs returns the ids that are most like one that there is not.
func nearIDs(s *column.Snapshot, id string) []string {
	type near struct {
		id   string
		away int
	}
	if s.ID == nil || len(id) > 200 {
		return nil
	}
	most := min(max(len(id)/4, 1), 3)
	plain := bare(id)
	var best []near
	for row := range s.Rows() {
		other := resident.ProfileID(s, row)
		if len(other)-len(id) > 4*most || len(id)-len(other) > 4*most {
			continue
		}
		away := spelling.Distance(plain, bare(other), most)
		if away > most || slices.ContainsFunc(best, func(n near) bool { return n.id == other }) {
			continue
		}
		at := len(best)
		for at > 0 && best[at-1].away > away {
			at--
		}
		best = slices.Insert(best, at, near{strings.Clone(other), away})
		if best = best[:min(len(best), mostNear)]; len(best) == mostNear && best[mostNear-1].away == 0 {
			break
		}
	}
	var ids []string
	for _, n := range best {
		if best[0].away == 0 && n.away > 0 {
			break // the same but for capitals, blanks or zeros
		}
		ids = append(ids, n.id)
	}
	return ids
}

// bare returns an id without what is easily left out or added: blanks, capitals, and zeros at its start.
func bare(id string) string {
	return strings.TrimLeft(strings.ToLower(strings.TrimSpace(id)), "0")
}
