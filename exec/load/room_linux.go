package load

import "golang.org/x/sys/unix"

// adviseHuge asks for large pages, before the memory is touched. It is advice: what comes
// of it does not matter.
func adviseHuge(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
