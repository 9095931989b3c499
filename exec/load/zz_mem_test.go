package load

import (
	"fmt"
	"os"
	"testing"
	"unsafe"
)

func TestZZMem(t *testing.T) {
	l, _ := newLoader(Options{})
	ins, _ := find([]string{os.Getenv("SEGQ_LOAD")})
	if err := l.openAll(t.Context(), ins); err != nil {
		t.Fatal(err)
	}
	m := map[string]int{}
	var f func(n *node)
	lan := func(k string, s, v int, sz int) { m[k+".slots"] += 4 * s; m[k+".values"] += sz * v }
	f = func(n *node) {
		if n == nil {
			return
		}
		m["node"] += int(unsafe.Sizeof(*n))
		m["nodes"]++
		lan("bools", cap(n.bools.slots), cap(n.bools.values), 1)
		lan("ints", cap(n.ints.slots), cap(n.ints.values), 8)
		lan("floats", cap(n.floats.slots), cap(n.floats.values), 8)
		lan("isos", cap(n.isos.slots), cap(n.isos.values), 8)
		lan("texts", cap(n.texts.slots), cap(n.texts.values), 4)
		lan("present", cap(n.present.slots), cap(n.present.values), 4)
		m["forms"] += 2 * cap(n.isos.forms)
		m["digits"] += cap(n.digits)
		if d := n.dict; d != nil {
			m["dict.bytes"] += cap(d.bytes)
			m["dict.ends"] += 4 * cap(d.ends)
			m["dict.table"] += 24 * cap(d.table)
			m["dict.iso"] += 8 * cap(d.iso)
			m["dict.marks"] += 8 * cap(d.marks)
		}
		for _, c := range n.children {
			f(c)
		}
		for _, c := range n.others {
			f(c)
		}
		f(n.spill)
		f(n.elem)
		f(n.keys)
	}
	for _, c := range l.chunks {
		f(c.root)
	}
	all := 0
	for k, v := range m {
		if k != "nodes" {
			all += v
		}
		fmt.Printf("%-16s %.1f MB\n", k, float64(v)/(1<<20))
	}
	fmt.Println("all", all>>20, "chunks", len(l.chunks), "node", unsafe.Sizeof(node{}))
}
