package load

import "unsafe"

// hugePage is the size of the pages that are asked for.
const hugePage = 2 << 20

// makeRoom makes a slice that will be filled. Of a large one, the memory comes in few
// large pages rather than many small ones: to get them is most of what a load costs.
func makeRoom[T any](n int) []T {
	s := make([]T, n)
	size := uintptr(n) * unsafe.Sizeof(*new(T))
	if size < 2*hugePage {
		return s
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), size)
	from := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) % hugePage
	adviseHuge(b[from : from+(size-from)/hugePage*hugePage])
	return s
}
