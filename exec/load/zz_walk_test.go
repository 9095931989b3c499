package load

import (
	"bytes"
	"context"
	"os"
	"testing"
)

func benchWalk(b *testing.B, data []byte) {
	l, _ := newLoader(Options{})
	b.SetBytes(int64(len(data)))
	var last *chunk
	for b.Loop() {
		if last != nil {
			l.like.Store(last.root)
		}
		last = l.parse(context.Background(), &block{data: data})
		last.root.seal(last.rows)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(last.rows)/82, "ns/key")
}

func BenchmarkWalk(b *testing.B) {
	f, _ := os.Open("/tmp/bench/gen-300000.ndjson")
	buf := make([]byte, 4<<20)
	f.ReadAt(buf, 200<<20)
	buf = buf[bytes.IndexByte(buf, '\n')+1:]
	buf = buf[:bytes.LastIndexByte(buf, '\n')+1]
	b.Run("block", func(b *testing.B) { benchWalk(b, buf) })
	b.Run("quarter", func(b *testing.B) { q := buf[:1<<20]; benchWalk(b, q[:bytes.LastIndexByte(q, '\n')+1]) })
	rows := bytes.SplitAfter(buf, []byte{'\n'})
	b.Run("one", func(b *testing.B) {
		var one []byte
		for _, r := range rows {
			if len(r) > 1600 && len(r) < 1750 {
				one = r
				break
			}
		}
		benchWalk(b, bytes.Repeat(one, len(buf)/len(one)))
	})
	b.Run("ten", func(b *testing.B) {
		benchWalk(b, bytes.Repeat(bytes.Join(rows[:10], nil), len(buf)/len(bytes.Join(rows[:10], nil))))
	})
}
