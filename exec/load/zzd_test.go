package load

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
)

func TestZZDump(t *testing.T) {
	list := os.Getenv("ZZLIST")
	if list == "" {
		t.Skip()
	}
	f, _ := os.Open(list)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		func() {
			defer func() {
				if p := recover(); p != nil {
					fmt.Println(sc.Text(), "PANIC", p)
				}
			}()
			s, r, err := Open(context.Background(), []string{sc.Text()}, Options{Threads: 2})
			if err != nil {
				fmt.Println(sc.Text(), "ERR", err)
				return
			}
			var hints []string
			for _, m := range s.Mixtures {
				hints = append(hints, m.Hint+m.False+m.Path)
			}
			slices.Sort(hints)
			var mis []string
			for _, m := range r.Misfits {
				mis = append(mis, m.String())
			}
			if os.Getenv("ZZSORT") != "" {
				slices.Sort(mis)
			}
			fmt.Println(sc.Text(), s.Fingerprint, s.Rows(), r.Rejected, r.Rejects, mis, r.Notes, hints)
		}()
	}
}
