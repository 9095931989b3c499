package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Members are the ids of profiles that were in a segment when it was saved, by hash: the body of the entry is a chunk for
// each of so many buckets, in which they are in order.
type Members struct {
	store Store
	entry Entry
	// Count is how many there were, and Snapshot the data.
	Count    int
	Snapshot string
	MemberID
}

// MemberID says which field of the data members are the values of, and of which kind these are; "" for what an older version,
// which has kept them, did not note.
type MemberID struct {
	Field string `json:"field,omitempty"`
	Kind  string `json:"ids,omitempty"`
}

// aboutMembers is what is known of members.
type aboutMembers struct {
	Count    int    `json:"count"`
	Snapshot string `json:"snapshot"`
	MemberID
}

const (
	// bucketIDs is about how many ids are in a bucket, and mostBuckets how many buckets there are at most.
	bucketIDs   = 8 << 10
	mostBuckets = 4 << 10
)

// Buckets returns how many buckets there are for so many ids: a power of two.
func Buckets(ids int) int {
	n := 1
	for n < mostBuckets && n*bucketIDs < ids {
		n *= 2
	}
	return n
}

// BucketOf returns the bucket of an id, of n. It is FNV-1a with the finish of MurmurHash3, which is the same everywhere.
func BucketOf(id string, n int) int {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	return int((h ^ h>>33) & uint64(n-1))
}

// putMembers keeps members, which bucket gives in any order and some of them twice, as the newest version of a segment's. It returns
// the version, and how many there are. Nobody reads them until a version of the segment names them, and those of before stay
// until then: trimMembers is what takes these away.
func putMembers(ctx context.Context, s Store, name, snapshot string, id MemberID, buckets int, bucket func(int) ([]string, error)) (version, count int, err error) {
	body := make([][]byte, buckets)
	for i := range body {
		if ctx.Err() != nil {
			return 0, 0, context.Cause(ctx)
		}
		ids, err := bucket(i)
		if err != nil {
			return 0, 0, err
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		count += len(ids)
		if body[i], err = packIDs(ids); err != nil {
			return 0, 0, err
		}
	}
	about, err := json.Marshal(aboutMembers{count, snapshot, id})
	if err != nil {
		return 0, 0, err
	}
	kept, _, err := s.Put(ctx, Entry{Kind: kindMembers, Name: name, About: about}, body)
	return kept.Version, count, err
}

// named returns which versions of its members the versions of a segment name.
func named(ctx context.Context, s Store, name string) (map[int]bool, error) {
	all, err := readAll(segmentOf)(s.Versions(ctx, kindSegment, name))
	out := map[int]bool{}
	for _, one := range all {
		if one.Members > 0 {
			out[one.Members] = true
		}
	}
	return out, err
}

// trimMembers drops the older members of a segment when those of a new version are named: the newest few stay of them and
// of those that were named before, and what somebody else has just put and not named yet.
func trimMembers(ctx context.Context, s Store, name string, before map[int]bool, own int) error {
	all, err := s.Versions(ctx, kindMembers, name)
	if err != nil {
		return err
	}
	var gone []int
	stay := 0
	for _, e := range slices.Backward(all) {
		switch {
		case e.Version > own:
		case before[e.Version] || e.Version == own:
			if stay++; stay > memberVersions {
				gone = append(gone, e.Version)
			}
		case time.Since(e.At) > leftFor:
			gone = append(gone, e.Version)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return s.DropVersions(ctx, kindMembers, name, gone)
}

// packIDs packs ids in order: of each how much it shares with the one before, and the rest. The checksum
// of gzip tells when a bit has changed.
func packIDs(ids []string) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	before := ""
	var piece []byte
	for _, id := range ids {
		shared := 0
		for shared < min(len(id), len(before)) && id[shared] == before[shared] {
			shared++
		}
		piece = binary.AppendUvarint(piece[:0], uint64(shared))
		piece = binary.AppendUvarint(piece, uint64(len(id)-shared))
		if _, err := z.Write(append(piece, id[shared:]...)); err != nil {
			return nil, err
		}
		before = id
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// DamagedError is the error of members that are not as they were kept, which does not pass by itself.
type DamagedError string

// Error says what is wrong.
func (e DamagedError) Error() string { return string(e) }

const errDamaged = DamagedError("the members are damaged: save them again")

// unpackIDs reads what packIDs has written.
func unpackIDs(chunk []byte) (ids []string, err error) {
	z, err := gzip.NewReader(bytes.NewReader(chunk))
	if err != nil {
		return nil, errDamaged
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, errDamaged
	}
	before := ""
	for len(text) > 0 {
		shared, n := binary.Uvarint(text)
		rest, m := binary.Uvarint(text[max(n, 0):])
		if n <= 0 || m <= 0 || shared > uint64(len(before)) || rest > uint64(len(text)-n-m) {
			return nil, errDamaged
		}
		before = before[:shared] + string(text[n+m:n+m+int(rest)])
		ids, text = append(ids, before), text[n+m+int(rest):]
	}
	return ids, nil
}

// MembersOf returns the members of a segment, which has to have some kept.
func MembersOf(ctx context.Context, s Store, segment *Segment) (*Members, error) {
	e, err := s.Get(ctx, kindMembers, segment.Name, segment.Members)
	if errors.Is(err, ErrNone) {
		return nil, noneError(fmt.Sprintf("the members of %s, version %d, are not kept any more: those of the last %d times are", segment.Name, segment.Version, memberVersions))
	}
	if err != nil {
		return nil, err
	}
	var about aboutMembers
	if err := json.Unmarshal(e.About, &about); err != nil {
		return nil, fmt.Errorf("the members of %s cannot be read: %w", segment.Name, err)
	}
	return &Members{s, e, about.Count, about.Snapshot, about.MemberID}, nil
}

// Buckets is how many buckets they are in.
func (m *Members) Buckets() int { return m.entry.Chunks }

// Bucket returns the ids of a bucket, in order.
func (m *Members) Bucket(ctx context.Context, i int) ([]string, error) {
	chunks, err := m.store.Chunks(ctx, m.entry, i, 1)
	if errors.Is(err, ErrNone) {
		return nil, goneMembers(m.store, m.entry)
	}
	if err != nil {
		return nil, err
	}
	ids, err := unpackIDs(chunks[0])
	if err != nil {
		return nil, DamagedError(fmt.Sprintf("%s: %v", m.entry.Name, err))
	}
	return ids, nil
}

// Side returns the ids of members by so many buckets, 0 for their own number, which it returns, and spelled by respell, nil for
// as they are. What ends it is to be called.
func (m *Members) Side(ctx context.Context, buckets int, respell func(string) (string, error)) (side func(int) ([]string, error), n int, end func(), err error) {
	own := func(i int) ([]string, error) { return m.Bucket(ctx, i) }
	if buckets == 0 {
		buckets = m.Buckets()
	}
	if respell == nil && buckets == m.Buckets() {
		return own, buckets, func() {}, nil
	}
	ids := NewIDs(buckets)
	end = func() { _ = ids.Close() } // they were for now
	for i := range m.Buckets() {
		some, err := own(i)
		for k := 0; k < len(some) && respell != nil && err == nil; k++ {
			some[k], err = respell(some[k])
		}
		if err == nil {
			err = ids.Add(some)
		}
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			end()
			return nil, 0, nil, err
		}
	}
	return ids.Bucket, buckets, end, nil
}

// At is when they were kept.
func (m *Members) At() time.Time { return m.entry.At }

// goneMembers is the error of members of which the store has the entry alone.
func goneMembers(s Store, e Entry) error {
	return DamagedError(fmt.Sprintf("the members of %s are gone from %s, which still names them: save them again", e.Name, s.Place()))
}

// Kept is a version of members that has an id, or had it.
type Kept struct {
	Segment string
	Version int
}

// Find returns the versions of members that have an id, and removes it from them if that is asked for.
func Find(ctx context.Context, s Store, id string, remove bool) (found []Kept, err error) {
	var errs []error // one that is damaged does not hold up the others
	segments, err := s.List(ctx, kindMembers)
	if err != nil {
		return nil, err
	}
	for _, latest := range segments {
		all, err := s.Versions(ctx, kindMembers, latest.Name)
		errs = append(errs, err)
		for _, e := range all {
			has, err := inChunk(ctx, s, e, id, remove)
			errs = append(errs, err)
			if has {
				found = append(found, Kept{e.Name, e.Version})
			}
		}
	}
	return found, errors.Join(errs...)
}

// inChunk says whether members have an id, and takes it out if that is asked for. Who changes them meanwhile is waited for.
func inChunk(ctx context.Context, s Store, e Entry, id string, remove bool) (bool, error) {
	if e.Chunks == 0 {
		return false, nil
	}
	at := BucketOf(id, e.Chunks)
	for {
		chunks, err := s.Chunks(ctx, e, at, 1)
		if errors.Is(err, ErrNone) {
			if _, err := s.Get(ctx, e.Kind, e.Name, e.Version); errors.Is(err, ErrNone) {
				return false, nil // it was dropped
			}
			return false, goneMembers(s, e)
		}
		if err != nil {
			return false, err
		}
		ids, err := unpackIDs(chunks[0])
		if err != nil {
			return false, fmt.Errorf("%s: %w", e.Name, err)
		}
		i, has := slices.BinarySearch(ids, id)
		if !has || !remove {
			return has, nil
		}
		packed, err := packIDs(slices.Delete(ids, i, i+1))
		if err != nil {
			return false, err
		}
		done, err := s.Replace(ctx, e, at, chunks[0], packed)
		if err != nil || done {
			return true, err
		}
	}
}
