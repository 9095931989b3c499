package load

// Texts most of which differ are a column in the order of the rows, [column.Texts]: to sort
// them would be the largest cost of a load. The first texts tell whether they do, which are
// the same whatever the format and the chunks that it was read in.

// leastTexts is the number of slots from which on texts they are worth to be kept in the order of the
// rows. Fewer are sorted at once.
var leastTexts = 1 << 16

// sampledTexts is how many texts tell what the others are like.
const sampledTexts = 4096

// textSample is some texts, and how often each is there.
type textSample struct {
	seen   *dict
	counts []int
	n      int
}

func newTextSample() *textSample { return &textSample{seen: newDict()} }

// add adds a text, and says whether there are enough.
func (s *textSample) add(text []byte) (enough bool) {
	code := s.seen.add(text)
	if int(code) == len(s.counts) {
		s.counts = append(s.counts, 0)
	}
	s.counts[code]++
	s.n++
	return s.n >= sampledTexts
}

// mostDiffer says whether more than half of the texts of the sample are different ones, and,
// as it seems, of those in total slots that it was taken from. How many there are at least that were
// not seen follows from those that were seen once and twice: A. Chao, Nonparametric
// estimation of the number of classes in a population, 1984. A text that is there all the
// time does not count for much.
func (s *textSample) mostDiffer(total int) bool {
	once, twice := 0, 0
	for _, n := range s.counts {
		switch n {
		case 1:
			once++
		case 2:
			twice++
		}
	}
	different := len(s.counts)
	if 2*different <= s.n {
		return false
	}
	return s.n >= total || 2*different*twice+once*once > total*twice
}
