package machine

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// DieWithParent has the system end this process when that ends which has started it. It stays true as long as
// the calling goroutine lives.
func DieWithParent() {
	runtime.LockOSThread() // the wish is the thread's
	_ = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
}

// Widen lets a pipe hold more, so that its writer waits less often.
func Widen(pipe *os.File) {
	const most = 1 << 20 // of who may not have more
	raw, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, most) }) // else it takes longer
}

// Unread says whether nobody will ever read what is written to a pipe, so that its reader has ended.
func Unread(pipe *os.File) bool {
	all := []unix.PollFd{{Fd: int32(pipe.Fd())}}
	n, err := unix.Poll(all, 0)
	return err == nil && n > 0 && all[0].Revents&unix.POLLERR != 0
}
