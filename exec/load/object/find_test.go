package object

import (
	"bytes"
	"net/http"
	"testing"
)

// TestWhole reads objects of several sizes from their first byte to their last.
func TestWhole(t *testing.T) {
	for _, n := range []int{0, 1, head - 1, head, head + 1, tail, 3*pieceSize + 17} {
		for _, ranged := range []bool{true, false} {
			for _, fromEnd := range []bool{true, false} {
				s := serve(t, random(n))
				s.noRanges = !ranged
				o := find(t, s.URL+"/x.bin", fromEnd)
				if known := ranged || n == 0; known && o.Size() != int64(n) || !known && o.Size() != Unknown {
					t.Errorf("%d bytes, ranges %v: the size is %d", n, ranged, o.Size())
				}
				if got := all(t, o); !bytes.Equal(got, s.contents) {
					t.Errorf("%d bytes, ranges %v, from the end %v: got %d others", n, ranged, fromEnd, len(got))
				}
			}
		}
	}
}

// TestEndInOneRequest looks for the end of an object, which comes with the answer that tells its size.
func TestEndInOneRequest(t *testing.T) {
	s := serve(t, random(5<<20))
	o := find(t, s.URL+"/x.bin", true)
	r := o.OpenAt(t.Context(), pieceSize)
	defer r.Close()
	b := make([]byte, tail/2)
	if _, err := r.ReadAt(b, o.Size()-tail/2); err != nil || !bytes.Equal(b, s.contents[len(s.contents)-tail/2:]) {
		t.Fatal("the end is not what it is", err)
	}
	if s.requests != 1 {
		t.Errorf("%d requests, not 1", s.requests)
	}
}

// TestEmptyRefused finds an object without bytes in a store that refuses all ranges of it, and says no size.
func TestEmptyRefused(t *testing.T) {
	for _, fromEnd := range []bool{true, false} {
		s := serve(t, nil)
		s.spoil = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") != "" {
				w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
				return true
			}
			w.Header().Set("Content-Length", "0")
			return true
		}
		o := find(t, s.URL+"/x.bin", fromEnd)
		if b := all(t, o); o.Size() != 0 || len(b) != 0 {
			t.Errorf("the size is %d, and there are %d bytes", o.Size(), len(b))
		}
	}
}

// TestTrafficUnsized reads an object whose size is not known: that of all is not, then.
func TestTrafficUnsized(t *testing.T) {
	s := serve(t, random(100))
	s.noRanges = true
	all(t, find(t, s.URL+"/x.bin", false))
	if total := Total(); total.Size != Unknown {
		t.Errorf("the size of all is %d", total.Size)
	}
}
