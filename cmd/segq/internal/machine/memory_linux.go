package machine

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

// Memory returns the bytes that this process can have: those of the machine, of the
// control groups that it is in, or of its own limit, whichever are fewest.
func Memory() int64 {
	least := int64(math.MaxInt64)
	for _, n := range []int64{machineMemory(), groupMemory("/proc/self/cgroup", "/sys/fs/cgroup"), addressLimit()} {
		if n > 0 {
			least = min(least, n)
		}
	}
	if least == math.MaxInt64 {
		return 0
	}
	return least
}

// machineMemory is that of the machine, 0 where it is not known.
func machineMemory() int64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}

// addressLimit is what ulimit -v leaves, 0 for any amount. Of it goes what the process has taken already: the Go
// runtime reserves more than a gigabyte of addresses for its own tables before it has any memory.
func addressLimit() int64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return 0
	}
	return max(int64(limit.Cur)-addresses("/proc/self/statm"), leastMemory)
}

// leastMemory is what there is said to be where nothing is left.
const leastMemory = 1 << 20

// addresses returns how many bytes of addresses a process has, by its file in /proc; 0 where that is not known.
func addresses(statm string) int64 {
	data, err := os.ReadFile(statm)
	if err != nil {
		return 0
	}
	pages, _, _ := strings.Cut(string(data), " ")
	n, err := strconv.ParseInt(pages, 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}

// groupMemory returns the least limit of the control groups of a process, and of those
// above them; 0 for none. membership is its file in /proc, and root where the groups are
// mounted. Both versions of control groups are described in cgroups(7).
func groupMemory(membership, root string) int64 {
	data, err := os.ReadFile(membership)
	if err != nil {
		return 0
	}
	least := int64(0)
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		id, rest, _ := strings.Cut(lines.Text(), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		folder, file := root, "memory.max"
		if id != "0" || controllers != "" { // version 1
			if !hasController(controllers, "memory") {
				continue
			}
			folder, file = path.Join(root, "memory"), "memory.limit_in_bytes"
		}
		for ; ; group = path.Dir(group) {
			// In a container the path may be that of the host, and the limit at the root.
			if n := readLimit(path.Join(folder, group, file)); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if group == "/" || group == "." || group == "" {
				break
			}
		}
	}
	return least
}

func hasController(list, name string) bool {
	for _, c := range strings.Split(list, ",") {
		if c == name {
			return true
		}
	}
	return false
}

// readLimit reads a limit; 0 for none, and for a number that stands for none.
func readLimit(name string) int64 {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
	if err != nil || n >= math.MaxInt64>>1 {
		return 0
	}
	return n
}
