package history

import (
	"fmt"
	"path/filepath"
	"testing"
)

// BenchmarkSync reads a full history, and writes and reads one input of it.
func BenchmarkSync(b *testing.B) {
	file := filepath.Join(b.TempDir(), "history.ndjson")
	s := Open(file)
	s.limit = 1 << 30
	for i := range Limit {
		for range 2 {
			id := s.Add(query(fmt.Sprintf("homeAddress.city = %q and person.birthYear > %d and loyalty.tier in [\"gold\", \"platinum\"]", fmt.Sprint("city", i), i)))
			s.End(id, "", Outcome{Done, int64(i), 10_000_000, true, 0})
		}
		if i%500 == 0 {
			if err := s.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := s.Sync(); err != nil {
		b.Fatal(err)
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			all := Open(file)
			if err := all.Sync(); err != nil || len(all.Entries()) < Limit-10 {
				b.Fatal(len(all.Entries()), err)
			}
		}
	})
	b.Run("one", func(b *testing.B) {
		one := Open(file)
		if err := one.Sync(); err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			one.Add(query(fmt.Sprintf("homeAddress.city = %q", fmt.Sprint("one", i%100))))
			if err := one.Sync(); err != nil || len(one.Entries()) < Limit-10 {
				b.Fatal(err)
			}
		}
	})
}
