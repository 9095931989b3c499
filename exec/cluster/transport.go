package cluster

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

// transport is a connection to a HiveServer2 as thrift has it: frames behind a handshake of SASL, mechanism PLAIN (RFC
// 4616), in which the server believes a name, or checks a password.
type transport struct {
	conn  net.Conn
	in    *bufio.Reader
	frame int // what is left of the frame that is read
	out   bytes.Buffer
}

// mostFrame is how long a frame may be: rows come in some thousands at a time.
const mostFrame = 1 << 30

// The states of the handshake, by their numbers in it.
const (
	saslStart    = 1
	saslOK       = 2
	saslComplete = 5
)

// handshake says who we are.
func handshake(conn net.Conn, user, password string) (*transport, error) {
	t := &transport{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
	hello := append(message(saslStart, "PLAIN"), message(saslOK, "\x00"+user+"\x00"+password)...)
	if _, err := conn.Write(hello); err != nil {
		return nil, err
	}
	head := make([]byte, 5)
	if _, err := io.ReadFull(t.in, head); err != nil {
		return nil, fmt.Errorf("this is no Thrift server of Spark, or one with another kind of login: %w", err)
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > 1<<16 {
		return nil, errors.New("this is no Thrift server of Spark, or one with another kind of login: its answer makes no sense")
	}
	said := make([]byte, size)
	if _, err := io.ReadFull(t.in, said); err != nil {
		return nil, err
	}
	if head[0] != saslComplete && head[0] != saslOK {
		return nil, errors.New("the server does not let this user in: " + firstLine(string(said)))
	}
	return t, nil
}

func message(state byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{state}, uint32(len(text))), text...)
}

// during gives up what is under way on the connection when it takes too long, or when ctx is done, but for a moment in which
// the server may still answer; the connection is of no use then.
func (t *transport) during(ctx context.Context, within time.Duration) (end func()) {
	_ = t.conn.SetDeadline(time.Now().Add(within))
	stop := context.AfterFunc(ctx, func() { _ = t.conn.SetDeadline(time.Now().Add(graceWithin)) })
	return func() { _ = stop() }
}

var _ thrift.TTransport = (*transport)(nil)

// Open does nothing: the transport is open.
func (t *transport) Open() error { return nil }

// IsOpen says that it is.
func (t *transport) IsOpen() bool { return true }

// Close ends the connection.
func (t *transport) Close() error { return t.conn.Close() }

// RemainingBytes bounds what can be read, as thrift asks before it takes memory.
func (t *transport) RemainingBytes() uint64 { return mostFrame }

// Read reads of the frame that comes.
func (t *transport) Read(b []byte) (int, error) {
	for t.frame == 0 {
		var head [4]byte
		if _, err := io.ReadFull(t.in, head[:]); err != nil {
			return 0, thrift.NewTTransportExceptionFromError(err)
		}
		size := binary.BigEndian.Uint32(head[:])
		if size > mostFrame {
			return 0, thrift.NewTTransportException(thrift.INVALID_DATA, fmt.Sprintf("the server sends %d bytes at once", size))
		}
		t.frame = int(size)
	}
	n, err := t.in.Read(b[:min(len(b), t.frame)])
	t.frame -= n
	return n, thrift.NewTTransportExceptionFromError(err)
}

// Write keeps what is to be sent.
func (t *transport) Write(b []byte) (int, error) { return t.out.Write(b) }

// Flush sends it as a frame.
func (t *transport) Flush(context.Context) error {
	frame := append(binary.BigEndian.AppendUint32(nil, uint32(t.out.Len())), t.out.Bytes()...)
	t.out.Reset()
	_, err := t.conn.Write(frame)
	return thrift.NewTTransportExceptionFromError(err)
}
