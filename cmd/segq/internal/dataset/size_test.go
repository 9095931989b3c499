package dataset

import "testing"

func TestSize(t *testing.T) {
	for text, want := range map[string]struct {
		bytes int64
		shown string
	}{
		"512": {512, "512B"}, "1kb": {1 << 10, "1KB"}, "1.5 GB": {3 << 29, "1536MB"}, "2GB": {2 << 30, "2GB"}, "8GiB": {8 << 30, "8GB"}, "3 kib": {3 << 10, "3KB"}, "64 MB": {64 << 20, "64MB"}, "8G": {8 << 30, "8GB"}, "8 g": {8 << 30, "8GB"}, "3k": {3 << 10, "3KB"}, "1.5M": {3 << 19, "1536KB"},
	} {
		var s Size
		if err := s.Set(text); err != nil || int64(s) != want.bytes || s.String() != want.shown {
			t.Errorf("%q is %d, %q: %v", text, int64(s), s.String(), err)
		}
	}
	for _, text := range []string{"", "much", "-1", "0", "1TBB", "1e60"} {
		if err := new(Size).Set(text); err == nil {
			t.Errorf("%q is a size", text)
		}
	}
}
