package machine

import (
	"unsafe"

	win "golang.org/x/sys/windows"
)

// ProcessPeak is not known here.
func ProcessPeak() int64 { return 0 }

// Memory returns the bytes of the machine, 0 where they are not known.
func Memory() int64 {
	// MEMORYSTATUSEX, see GlobalMemoryStatusEx in the documentation of Windows.
	var status struct {
		length, load                                                       uint32
		total, free, totalPage, freePage, totalVirtual, freeVirtual, extra uint64
	}
	status.length = uint32(unsafe.Sizeof(status))
	call := win.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")
	if ok, _, _ := call.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return 0
	}
	return int64(status.total)
}
