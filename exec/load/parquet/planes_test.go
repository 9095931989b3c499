package parquet

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

// runsOf writes levels as runs of one value and of bit-packed ones, by chance.
func runsOf(r *rand.Rand, levels []uint32, width uint) (src []byte) {
	for len(levels) > 0 {
		n := min(len(levels), 1+r.IntN(90))
		same := 1
		for same < n && levels[same] == levels[0] {
			same++
		}
		if r.IntN(2) == 0 || same > 8 {
			src = binary.AppendUvarint(src, uint64(same)<<1)
			for i := range (width + 7) / 8 {
				src = append(src, byte(levels[0]>>(8*i)))
			}
			levels = levels[same:]
			continue
		}
		n = min(len(levels), (n+7)/8*8)
		src = append(binary.AppendUvarint(src, uint64(n+7)/8<<1|1), packed(levels[:n], width)...)
		levels = levels[n:]
	}
	return src
}

// TestPlanes reads levels of all heights as planes, and each by itself; one that is too high is
// an error both ways.
func TestPlanes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		most := byte(1 + r.IntN(1<<(1+r.IntN(8))-1))
		values := make([]uint32, r.IntN(500))
		for i := range values {
			values[i] = uint32(r.IntN(int(most) + 1))
			if i > 0 && r.IntN(3) > 0 {
				values[i] = values[i-1]
			}
		}
		if bad := r.IntN(20) == 0; bad && len(values) > 0 && most < 255 {
			values[r.IntN(len(values))] = uint32(most) + 1
		}
		src := runsOf(r, values, widthOf(most))
		if r.IntN(20) == 0 {
			src = src[:r.IntN(len(src)+1)]
		}
		want, errWant := hybrid[byte](nil, len(values), src, widthOf(most), most)
		planes := make([][]uint64, Planes(most))
		for k := range planes {
			planes[k] = []uint64{r.Uint64(), r.Uint64()}
		}
		encoded := levels{src, RLE}
		err := encoded.planes(new([]byte), planes, len(values), most)
		if (err == nil) != (errWant == nil) {
			t.Fatalf("%d levels of at most %d: %v, not %v", len(values), most, err, errWant)
		}
		if err != nil {
			continue
		}
		least := byte(1 + r.IntN(int(most)))
		at := make([]uint64, (len(values)+63)/64)
		AtLeast(at, planes, least)
		for i := range 64 * len(at) {
			is := i < len(want) && want[i] >= least
			if at[i>>6]>>(i&63)&1 != 0 != is {
				t.Fatalf("level %d of %d: at least %d is %v", i, len(want), least, !is)
			}
		}
	}
}

func BenchmarkPlanes(b *testing.B) {
	for _, most := range []byte{3, 5, 9} {
		for _, run := range []int{8, 64, 1000} {
			b.Run(fmt.Sprintf("%d/%d", most, run), func(b *testing.B) {
				const n = 50_000
				r := rand.New(rand.NewPCG(3, 4))
				var src []byte
				for at := 0; at < n; at += run {
					levels := make([]uint32, run)
					for i := range levels {
						levels[i] = uint32(r.IntN(int(most) + 1))
					}
					src = append(binary.AppendUvarint(src, uint64(run/8)<<1|1), packed(levels, widthOf(most))...)
				}
				planes, buf, l := make([][]uint64, Planes(most)), []byte(nil), levels{src, RLE}
				b.SetBytes(n)
				for b.Loop() {
					if err := l.planes(&buf, planes, n, most); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
