package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/redisx"
)

// shared is a store in Redis, of one tenant.
type shared struct {
	client *redisx.Client
	tenant string
	closes bool
}

// Shared returns the store of a tenant in the namespace of a client, which stays the caller's.
func Shared(c *redisx.Client, tenant string) Store { return &shared{client: c, tenant: tenant} }

// Owned is Shared for a client that is closed with the store.
func Owned(c *redisx.Client, tenant string) Store { return &shared{c, tenant, true} }

// InRedis says whether a store is where workers elsewhere find what it has.
func InRedis(s Store) bool { _, ok := s.(*shared); return ok }

// asKept returns an entry in the terms of Redis, and entryOf the other way round.
func asKept(e Entry) redisx.Kept {
	if k, ok := e.place.(redisx.Kept); ok {
		return k
	}
	return redisx.Kept{Kind: e.Kind, Name: e.Name, Digest: e.Digest, About: string(e.About)}
}

func entryOf(k redisx.Kept) Entry {
	return Entry{Kind: k.Kind, Name: k.Name, Version: k.Version, Digest: k.Digest, About: []byte(k.About), Chunks: k.Chunks, At: k.At, place: k}
}

func entriesOf(kept []redisx.Kept, err error) ([]Entry, error) {
	all := make([]Entry, len(kept))
	for i, k := range kept {
		all[i] = entryOf(k)
	}
	return all, err
}

// none makes what Redis says of what is not there [ErrNone].
func none(err error) error {
	if errors.Is(err, redisx.ErrNotKept) {
		return ErrNone
	}
	return err
}

// Put keeps a body as the newest version.
func (s *shared) Put(ctx context.Context, e Entry, body [][]byte) (Entry, bool, error) {
	e.place = nil
	k, fresh, err := s.client.Keep(ctx, s.tenant, asKept(e), body, stays(e.Kind))
	return entryOf(k), fresh, err
}

// Get returns a version.
func (s *shared) Get(ctx context.Context, kind, name string, version int) (Entry, error) {
	k, err := s.client.Kept(ctx, s.tenant, kind, name, version)
	return entryOf(k), none(err)
}

// List returns the latest versions of a kind.
func (s *shared) List(ctx context.Context, kind string) ([]Entry, error) {
	return entriesOf(s.client.KeptOf(ctx, s.tenant, kind))
}

// Versions returns the versions of a name.
func (s *shared) Versions(ctx context.Context, kind, name string) ([]Entry, error) {
	return entriesOf(s.client.KeptVersions(ctx, s.tenant, kind, name))
}

// Chunks returns chunks of a body.
func (s *shared) Chunks(ctx context.Context, e Entry, from, n int) ([][]byte, error) {
	chunks, err := s.client.KeptChunks(ctx, s.tenant, asKept(e), from, n)
	return chunks, none(err)
}

// Replace puts a chunk in the place of another.
func (s *shared) Replace(ctx context.Context, e Entry, chunk int, before, after []byte) (bool, error) {
	return s.client.Rekeep(ctx, s.tenant, asKept(e), chunk, before, after)
}

// DropVersions drops versions of a name.
func (s *shared) DropVersions(ctx context.Context, kind, name string, versions []int) error {
	err := s.client.UnkeepVersions(ctx, s.tenant, kind, name, versions)
	if errors.Is(err, redisx.ErrNotKept) {
		return nil
	}
	return err
}

// Drop drops all versions of a name.
func (s *shared) Drop(ctx context.Context, kind, name string) error {
	return none(s.client.Unkeep(ctx, s.tenant, kind, name))
}

// Place says where the store is.
func (s *shared) Place() string {
	if s.tenant == "default" {
		return fmt.Sprintf("Redis (namespace %s)", s.client.Namespace())
	}
	return fmt.Sprintf("Redis (namespace %s, tenant %s)", s.client.Namespace(), s.tenant)
}

// Close closes the client of a store that owns it.
func (s *shared) Close() error {
	if s.closes {
		return s.client.Close()
	}
	return nil
}
