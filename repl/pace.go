package repl

import (
	"fmt"
	"math"
	"time"
)

// pace is how fast a query goes on.
type pace struct {
	rate float64 // rows a second, smoothed; 0 while it is not known
	rows int64
	at   time.Time // when it was last asked for
	// began is from when on the rate is known, counted when there were last more rows, and moved when there was last any
	// news, of rows or of bytes.
	began, counted, moved time.Time
	bytes                 int64
}

const (
	// memory is how long an interval weighs in the rate.
	memory = 2 * time.Second
	// sure is after what time, and what part of the whole, the rate tells how long it still takes.
	sure     = time.Second
	sureEach = 50
	// stalled is after what time without more rows nobody can tell how long it still takes, and silence after what time without
	// news that is said.
	stalled = 1500 * time.Millisecond
	silence = 3 * time.Second
	// far is from when on nobody wants to know how long it still takes.
	far = 24 * time.Hour
)

// add takes the rows that were seen until now, and the bytes that were read for them. A new attempt begins anew, and so does one
// that has stood still: what it does in that time is no measure of what it will do.
func (p *pace) add(rows, bytes int64, now time.Time) {
	if rows != p.rows || bytes != p.bytes || p.moved.IsZero() {
		p.moved = now
	}
	stood := rows > p.rows && now.Sub(p.counted) > stalled
	if rows < p.rows || p.began.IsZero() || rows > 0 && p.rows == 0 || stood {
		p.began, p.counted, p.rate = now, now, 0
	} else if dt := now.Sub(p.counted); rows > p.rows && dt > 0 {
		r := float64(rows-p.rows) / dt.Seconds()
		weight := 1 - math.Exp(-float64(dt)/float64(memory))
		if p.rate == 0 {
			weight = 1
		}
		p.rate += weight * (r - p.rate)
		p.counted = now
	}
	p.rows, p.bytes, p.at = rows, bytes, now
}

// left says how long it still takes to see all rows, "" where that is not known or nobody wants to know.
func (p *pace) left(total int64) string {
	if p.rate <= 0 || p.at.Sub(p.began) < sure || p.at.Sub(p.counted) > stalled || p.rows*sureEach < total || p.rows >= total {
		return ""
	}
	d := time.Duration(float64(total-p.rows) / p.rate * float64(time.Second))
	switch s := int(math.Ceil(d.Seconds())); {
	case d >= far || d < 0:
		return ""
	case s < 60:
		return fmt.Sprintf("%d s left", s)
	case s < 3600:
		return fmt.Sprintf("%d m left", (s+59)/60)
	default:
		return fmt.Sprintf("%d h left", (s+3599)/3600)
	}
}

// silent says for how long there has been no news, "" where there is some.
func (p *pace) silent() string {
	if d := p.at.Sub(p.moved); d >= silence {
		return fmt.Sprintf("no news %d s", int(d.Seconds()))
	}
	return ""
}
