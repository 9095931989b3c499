// Package object reads files that lie elsewhere: behind http(s)://, and in the buckets of s3://,
// gs:// and az://.
//
// All of them are HTTP, so that there is one way to read: requests for ranges of bytes, several at
// a time, each tried again when it fails, and each only of the version that was found first
// ([ErrChanged]). What differs is how an object is addressed, how a request is signed and how a
// bucket is listed (store). Libraries are asked for credentials and signatures only.
//
// Credentials are in no name and no error: an address is shown without its user and its query.
//
// The tour: address.go takes names apart; find.go finds objects; request.go asks, and asks again;
// reader.go reads at offsets, of what ahead.go fetches before it is needed; stream.go reads from
// servers that know no ranges; refusal.go has the words for what a server refuses.
package object

import (
	"context"
	"io"
	"sync/atomic"
)

// Object is a file that lies elsewhere, as it was when it was found.
type Object struct {
	store store
	key   string
	title string

	size    int64
	version version
	ranged  bool                 // its server knows ranges
	found   atomic.Pointer[part] // what came with the answer that told of it, or all of a small one

	counted         atomic.Bool
	requests, bytes atomic.Int64
	latency         atomic.Int64 // of the last answer, in nanoseconds
}

// version is what tells one state of an object from another, as its server says.
type version struct {
	tag      string // of its contents
	modified string
}

// part is some bytes of an object.
type part struct {
	at    int64
	bytes []byte
}

// Unknown is the size of an object whose server does not tell it, or does not know ranges: it comes
// once, from its first byte to its last.
const Unknown = -1

// Name is what the object is called: its address without secrets.
func (o *Object) Name() string { return o.title }

// Key is the path of the object in its bucket.
func (o *Object) Key() string { return o.key }

// Size is the number of its bytes, or [Unknown].
func (o *Object) Size() int64 {
	if !o.ranged {
		return Unknown
	}
	return o.size
}

// Version names the contents as long as they stay the same, "" where the server does not say.
func (o *Object) Version() string {
	if o.version.tag != "" {
		return o.version.tag
	}
	return o.version.modified
}

// Address is where the object is, with secrets if it has any: for comparing only.
func (o *Object) Address() string { return o.store.url(o.key).String() }

// Open returns the bytes from the first on. What is not needed any more is to be closed.
func (o *Object) Open(ctx context.Context) (io.ReadCloser, error) {
	if !o.ranged {
		o.count()
		return newStream(ctx, o)
	}
	r := newReader(ctx, o, streamAhead)
	r.WillNeed([]Range{{0, o.size}})
	return &section{io.NewSectionReader(r, 0, o.size), r}, nil
}

// section is all of an object, one byte after another.
type section struct {
	*io.SectionReader
	r *Reader
}

// Close gives up what was read ahead.
func (s *section) Close() error { return s.r.Close() }

// Traffic is what was asked of servers since the process began.
type Traffic struct {
	// Requests is how many were made, for listings and again among them, and Bytes how many bytes of
	// objects came.
	Requests, Bytes int64
	// Objects and Size are the objects that were opened, and what they hold; the Size is [Unknown] where
	// that of any is.
	Objects, Size int64
}

var traffic struct{ requests, bytes, objects, size, unsized atomic.Int64 }

// Total returns the traffic until now.
func Total() Traffic {
	t := &traffic
	all := Traffic{t.requests.Load(), t.bytes.Load(), t.objects.Load(), t.size.Load()}
	if t.unsized.Load() > 0 {
		all.Size = Unknown
	}
	return all
}

// count counts an object that is read, once.
func (o *Object) count() {
	if !o.counted.Swap(true) {
		traffic.objects.Add(1)
		if o.size < 0 {
			traffic.unsized.Add(1)
			return
		}
		traffic.size.Add(o.size)
	}
}
