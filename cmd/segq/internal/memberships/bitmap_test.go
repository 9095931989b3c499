package memberships

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// bitmapSets are the sets of testdata/roaring.py, as conditions on a number.
var bitmapSets = map[string]func(i int) bool{
	"none":    func(int) bool { return false },
	"one":     func(i int) bool { return i == 5 },
	"thirds":  func(i int) bool { return i < 200_000 && i%3 == 0 },
	"all":     func(i int) bool { return i < 200_000 },
	"squares": func(i int) bool { return i < 360_000 && square(i) },
	"runs":    func(i int) bool { return i < 400_000 && i%1000 < 100 },
	"mixed": func(i int) bool {
		most := 5
		if i < 131_072 {
			most = 800
		}
		return i < 500_000 && (i < 65_536 || i >= 262_144) && i*2654435761%1000 < most
	},
	"ends":  func(i int) bool { return i == 0 || i == 65_535 || i == 65_536 || i == 131_071 || i == 131_072 },
	"eight": func(i int) bool { return i/65_536%2 == 0 || i%64 == 63 },
}

func square(n int) bool {
	for i := 0; i*i <= n; i++ {
		if i*i == n {
			return true
		}
	}
	return false
}

// Bitmaps are byte by byte those that CRoaring writes.
func TestBitmaps(t *testing.T) {
	text, err := os.ReadFile("testdata/bitmaps.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		is, ok := bitmapSets[name]
		if !ok {
			t.Fatal(name)
		}
		var kept, out bytes.Buffer
		var containers []container
		for key := range 8 {
			var words [containerWords]uint64
			for i := range containerRows {
				if is(key*containerRows + i) {
					words[i>>6] |= 1 << (i & 63)
				}
			}
			c := container{key: key, at: int64(kept.Len())}
			var some []byte
			if some, c.count, c.runs = appendContainer(nil, &words); c.count > 0 {
				c.size = int64(len(some))
				kept.Write(some)
				containers = append(containers, c)
			}
		}
		if err := writeBitmap(&out, containers, bytes.NewReader(kept.Bytes())); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(out.Bytes())
		if got := base64.StdEncoding.EncodeToString(out.Bytes()); got != want && hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s: %.80s, not %.80s", name, got, want)
		}
		if int64(out.Len()) != bitmapSize(containers) {
			t.Errorf("%s: %d bytes, not %d", name, out.Len(), bitmapSize(containers))
		}
	}
}
