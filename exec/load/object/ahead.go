package object

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// Range is bytes of an object: so many from an offset on.
type Range struct{ At, N int64 }

const (
	// fewest and most are how many pieces are fetched at a time: as many as an answer takes milliseconds, so
	// that a distant server has 32 requests to answer, and one beside us no connections that bring nothing.
	fewest = 8
	most   = 32
	// pieceSize is how much is asked for at once, at most.
	pieceSize = 8 << 20
	// gap is how many bytes between two ranges may be fetched with them: about what comes in the time
	// that another request takes to be answered.
	gap = 256 << 10
	// Of what is wanted from a reader, an eighth may be fetched needlessly, or one gap if that is more.
	needless = 8
	// streamAhead is what is held of an object that is read from its first byte to its last.
	streamAhead = 4 * pieceSize
)

// piece is bytes of an object that are fetched before they are read.
type piece struct {
	at    int64
	n     int64
	left  int64 // how much of it will be read
	first int   // the first range in it, in the order that was asked for
	ctx   context.Context
	begun bool
	hold  func(bytes int64) // hears what is held, and what not any more

	done  chan struct{}
	bytes []byte // once done is closed
	err   error
}

func (q *piece) end() int64 { return q.at + q.n }

// WillNeed says which bytes will be read, in this order: they are fetched meanwhile, as much as may be
// held. Each is given up when it was read.
func (r *Reader) WillNeed(ranges []Range) { r.willNeed(r.ctx, ranges, r.Hold) }

func (r *Reader) willNeed(ctx context.Context, ranges []Range, hold func(bytes int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.joined(ctx, ranges)
	for _, q := range fresh {
		if q.hold = hold; hold == nil {
			q.hold = func(int64) {}
		}
	}
	slices.SortStableFunc(fresh, func(a, b *piece) int { return a.first - b.first })
	r.pieces = append(r.pieces, fresh...)
	r.queue = append(r.queue, fresh...)
	r.start()
}

// wanted is a range that was asked for in some order.
type wanted struct {
	Range
	order int
}

// missing returns what of ranges did not come with the first answer, by offset.
func (r *Reader) missing(ranges []Range) []wanted {
	var all []wanted
	f := r.o.known()
	for i, a := range ranges {
		end := min(a.At+a.N, r.o.size)
		if len(f.bytes) > 0 && f.at > 0 {
			end = min(end, f.at) // it is the end
		}
		at := a.At
		if f.at == 0 {
			at = max(at, int64(len(f.bytes)))
		}
		if a.At >= 0 && at < end {
			all = append(all, wanted{Range{at, end - at}, i})
		}
	}
	slices.SortFunc(all, func(a, b wanted) int { return cmp.Compare(a.At, b.At) })
	return all
}

// crossed says before which ranges, in the order of their offsets, the gap is fetched too: the smallest
// ones, as far as what is needless stays within its bound.
func (r *Reader) crossed(all []wanted) []bool {
	cross := make([]bool, len(all))
	gaps, by := make([]int64, len(all)), []int{}
	end := int64(math.MinInt64 / 2)
	for i, a := range all {
		if gaps[i] = a.At - end; gaps[i] <= gap {
			by = append(by, i)
		}
		r.wanted += a.At + a.N - min(max(end, a.At), a.At+a.N)
		end = max(end, a.At+a.N)
	}
	slices.SortStableFunc(by, func(i, j int) int { return cmp.Compare(gaps[i], gaps[j]) })
	for _, i := range by {
		more := max(gaps[i], 0)
		if !r.Between && r.needless+more > max(gap, r.wanted/needless) {
			break
		}
		r.needless += more
		cross[i] = true
	}
	return cross
}

// joined makes pieces of ranges that lie near each other.
func (r *Reader) joined(ctx context.Context, ranges []Range) []*piece {
	all := r.missing(ranges)
	cross := r.crossed(all)
	var pieces []*piece
	for i := 0; i < len(all); {
		at, end, first, from := all[i].At, all[i].At+all[i].N, all[i].order, i
		for i++; i < len(all) && cross[i]; i++ {
			// No piece becomes too large, so that those that are read first come first.
			if all[i].At > end && all[i].At+all[i].N-at > pieceSize {
				break
			}
			end, first = max(end, all[i].At+all[i].N), min(first, all[i].order)
		}
		for ; at < end; at += pieceSize {
			q := &piece{at: at, n: min(pieceSize, end-at), first: first, ctx: ctx, done: make(chan struct{})}
			for _, a := range all[from:i] {
				q.left += max(0, min(q.end(), a.At+a.N)-max(q.at, a.At))
			}
			if q.left > 0 && !r.overlaps(q) {
				pieces = append(pieces, q)
			}
		}
	}
	return pieces
}

// overlaps says whether something of a piece is fetched already: then the rest of it is read
// when it is asked for.
func (r *Reader) overlaps(q *piece) bool {
	return slices.ContainsFunc(r.pieces, func(p *piece) bool { return p.at < q.end() && q.at < p.end() })
}

// start fetches pieces of the queue as long as there is room. The mutex is held.
func (r *Reader) start() {
	for q := r.next(); q != nil; q = r.next() {
		r.begin(q)
	}
}

// next takes a piece from the queue, if there is room. The mutex is held.
func (r *Reader) next() *piece {
	if len(r.queue) == 0 || r.running >= r.o.parallel() {
		return nil
	}
	q := r.queue[0]
	if r.held > 0 && r.held+q.n > r.ahead {
		return nil
	}
	r.queue = r.queue[1:]
	return q
}

// parallel is how many requests are made at a time.
func (o *Object) parallel() int {
	return int(min(max(time.Duration(o.latency.Load())/time.Millisecond, fewest), most))
}

// need sees to a piece being fetched now. The mutex is held.
func (r *Reader) need(q *piece) {
	if q.begun {
		return
	}
	if i := slices.Index(r.queue, q); i >= 0 {
		r.queue = slices.Delete(r.queue, i, i+1)
	}
	r.begin(q)
}

// begin fetches a piece, and then others. The mutex is held.
func (r *Reader) begin(q *piece) {
	r.hold(q)
	go func() {
		for q != nil {
			q = r.fetch(q)
		}
	}()
}

func (r *Reader) hold(q *piece) {
	q.begun = true
	r.held += q.n
	q.hold(q.n)
	r.running++
}

// fetch fetches a piece, and returns the next one that it has room for: the stack that a request takes
// has grown already.
func (r *Reader) fetch(q *piece) (next *piece) {
	b := make([]byte, q.n)
	err := r.o.fetch(q.ctx, r.client, b, q.at)
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.bytes, q.err = b, err; err != nil {
		q.bytes = nil
	}
	r.running--
	close(q.done)
	if next = r.next(); next != nil {
		r.hold(next)
		r.start()
	}
	return next
}

// drop gives up a piece. The mutex is held.
func (r *Reader) drop(q *piece) {
	i := slices.Index(r.pieces, q)
	if i < 0 {
		return
	}
	r.pieces = slices.Delete(r.pieces, i, i+1)
	if q.begun {
		r.held -= q.n
		q.hold(-q.n)
	} else if i := slices.Index(r.queue, q); i >= 0 {
		r.queue = slices.Delete(r.queue, i, i+1)
	}
}

// forget gives up the pieces of a context that is done.
func (r *Reader) forget(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range slices.Clone(r.pieces) {
		if q.ctx == ctx {
			r.drop(q)
		}
	}
	r.start()
}

// Forget gives up all that was read ahead and that nobody has read.
func (r *Reader) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range slices.Clone(r.pieces) {
		r.drop(q)
	}
}
