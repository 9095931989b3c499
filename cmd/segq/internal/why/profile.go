package why

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx/record"
)

// find returns the first row whose profile is known by an id, and how many are. numbered says that rows have the numbers
// by which profiles without an id are known.
func find(s *column.Snapshot, id string, numbered bool) (row, profiles int) {
	found := func(i int) {
		if profiles++; profiles == 1 {
			row = i
		}
	}
	number, err := strconv.Atoi(id)
	if err != nil || strconv.Itoa(number) != id || !numbered {
		number = -1
	}
	same := sameAs(s, id, number)
	for i := range s.Rows() {
		if same(i) {
			found(i)
		}
	}
	return row, profiles
}

// onlyID is what the one profile of a table is called.
func onlyID(s *column.Snapshot) string {
	if s.ID == nil || s.Root.Fields[s.ID.Index].Null(0) {
		return "the profile"
	}
	return resident.ProfileID(s, 0)
}

// sameAs returns what says whether a profile is known by an id, or without one by the number of its row.
func sameAs(s *column.Snapshot, id string, number int) func(row int) bool {
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
	wanted, err := strconv.ParseInt(id, 10, 64)
	whole := err == nil && strconv.FormatInt(wanted, 10) == id
	float, err := strconv.ParseFloat(id, 64)
	decimal := err == nil && !strings.ContainsAny(id, "xXpPiInN_") || identity.SameNumber("Infinity", id) || identity.SameNumber("-Infinity", id)
	instant, dated := identity.Instant(id)
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
			return whole && c.At(at) == wanted
		case *column.Floats: // however it is written: 1e21 and 1e+21, 0 and -0
			return decimal && c.V[at] == float
		case *column.Timestamps: // a date is the beginning of its day
			return dated && c.V[at] == instant
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
		e.Hint = fmt.Sprintf("some ids of %s are like it, which are told to nobody who does not know them: each letter counts, as capitals, blanks and zeros do", name)
	default:
		e.Hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return &UnknownError{e}
}

// nearIDs returns the ids that are most like one that there is not.
func nearIDs(s *column.Snapshot, id string) (ids []string) {
	if s.ID == nil || len(id) > maxNearID {
		return nil
	}
	l := &likeness{plain: bare(id), most: min(max(len(id)/4, 1), 3)}
	l.pieces = piecesOf(l.plain, l.most+1)
	for row := range s.Rows() {
		if l.most < 0 {
			break
		}
		l.look(resident.ProfileID(s, row))
	}
	for _, n := range l.best {
		if l.best[0].away == 0 && n.away > 0 {
			break // the same but for capitals, blanks or zeros
		}
		ids = append(ids, n.id)
	}
	return ids
}

// maxNearID is the length of an id from which on nobody has mistyped it.
const maxNearID = 200

// likeness looks for the ids that are most like one.
type likeness struct {
	plain string
	// pieces are what plain is made of: one more than the changes that there may be, so that one of them is whole.
	pieces []string
	// most is how many changes there may be.
	most int
	best []nearID
}

// nearID is an id and by how many changes it differs.
type nearID struct {
	id   string
	away int
}

// look takes an id into account. When there are enough, only better ones count.
func (l *likeness) look(id string) {
	other := bare(id)
	if l.most == 0 && other != l.plain || !slices.ContainsFunc(l.pieces, func(p string) bool { return strings.Contains(other, p) }) {
		return
	}
	away := spelling.Distance(l.plain, other, l.most)
	if away > l.most || slices.ContainsFunc(l.best, func(n nearID) bool { return n.id == id }) {
		return
	}
	at := len(l.best)
	for at > 0 && l.best[at-1].away > away {
		at--
	}
	l.best = slices.Insert(l.best, at, nearID{strings.Clone(id), away})
	if len(l.best) >= mostNear {
		l.best = l.best[:mostNear]
		l.most = l.best[mostNear-1].away - 1
	}
}

// piecesOf cuts a text into n pieces.
func piecesOf(text string, n int) []string {
	if len(text) < n {
		return []string{""}
	}
	pieces := make([]string, n)
	for i := range n {
		pieces[i] = text[i*len(text)/n : (i+1)*len(text)/n]
	}
	return pieces
}

// bare returns an id without what is easily left out or added: blanks, capitals, and zeros at its start.
func bare(id string) string {
	return strings.TrimLeft(strings.ToLower(strings.TrimSpace(id)), "0")
}
