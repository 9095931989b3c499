package pack

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/segq/segq/exec/load"
)

// mapping is a file in the address space. Somebody else may cut it short or write to it all
// the same: then its pages are gone, which the system tells by a signal, or have other bytes.
// So the file stays open, and is looked at after its bytes were used.
type mapping struct {
	data     []byte
	file     *os.File
	name     string
	size     int64
	modified time.Time
	// changed is when anything of the file was changed, which nobody can set: its contents, or its
	// name, its owner, its rights. intact, which may be nil, says whether the bytes that were read are
	// the same after that.
	changed atomic.Int64
	intact  func() error
	mu      sync.Mutex // held by who looks
}

// newMapping maps an open file. It closes it, should that fail.
func newMapping(file *os.File, name string) (*mapping, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	m := &mapping{file: file, name: name, size: info.Size(), modified: info.ModTime()}
	m.changed.Store(load.ChangedAt(info))
	m.data, err = mapFile(file, int(m.size))
	return m, err
}

// settled is how long ago a file was changed that is not changed again at the same time, as the system tells it.
const settled = 100 * time.Millisecond

// stamp names the file as it was when it was opened.
func (m *mapping) stamp() string {
	changed := m.changed.Load()
	if changed == 0 || time.Since(time.Unix(0, changed)) < settled {
		return ""
	}
	info, err := m.file.Stat()
	if err != nil || load.ChangedAt(info) != changed {
		return ""
	}
	return fmt.Sprintf("%s %d", load.StampOf(info), load.NumberOf(info))
}

// lost returns an error when the bytes are not what they were when the file was opened, nil
// when they are. fault is what reading them has panicked with, nil for nothing: where the
// bytes could not be read, that is an error too.
func (m *mapping) lost(fault any) error {
	info, err := m.file.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("the file %s is not readable any more: %w", m.name, err)
	case info.Size() < m.size:
		return fmt.Errorf("the file %s was cut short while it was open, from %d to %d bytes: open it again when it is whole", m.name, m.size, info.Size())
	case info.Size() != m.size || !info.ModTime().Equal(m.modified):
		return fmt.Errorf("the file %s was written to while it was open: open it again; segq pack and mv put another file in its place, which does no harm", m.name)
	}
	if err := m.touched(load.ChangedAt(info)); err != nil {
		return err
	}
	if at, ok := fault.(interface{ Addr() uintptr }); ok && m.holds(at.Addr()) {
		return fmt.Errorf("the file %s is not readable any more: the system cannot give its byte %d", m.name, at.Addr()-m.first())
	}
	return nil
}

// touched returns an error when the file, whose size and time are as they were, has other bytes all the
// same: somebody has set the time.
func (m *mapping) touched(at int64) error {
	if at == m.changed.Load() || m.intact == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if at == m.changed.Load() {
		return nil
	}
	if err := m.intact(); err != nil {
		return fmt.Errorf("the file %s was written to while it was open, and its time was set back: open it again (%w)", m.name, err)
	}
	m.changed.Store(at)
	return nil
}

// holds says whether an address is that of a byte of the file.
func (m *mapping) holds(at uintptr) bool {
	return at >= m.first() && at-m.first() < uintptr(len(m.data))
}

func (m *mapping) first() uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(m.data))) }

// close gives the addresses back: nobody may read the bytes any more.
func (m *mapping) close() error {
	err := unmap(m.data)
	m.data = nil
	if closed := m.file.Close(); err == nil {
		err = closed
	}
	return err
}
