package replica

import (
	"context"
	"errors"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// partBytes is what the columns of a part of a table hold that is written to Redis.
const partBytes = 32 << 20

// everything is all of a row.
var everything = &check.Reads{All: true}

// fill hands over the rows of the table: a part after another where its files have parts, of which nothing is
// kept, and else all.
func (s *source) fill(ctx context.Context, add func(key, row []byte) error) error {
	files, ok := s.of.Table.(*load.Table)
	if !ok {
		return s.fillWhole(ctx, add)
	}
	parts, err := files.Parts(everything, partBytes)
	if err != nil {
		return err
	}
	if parts == nil {
		return s.fillWhole(ctx, add)
	}
	reader := parts.Readers(1)[0]
	defer func() { _ = reader.Close() }()
	for {
		ok, err := reader.Next(ctx)
		if errors.Is(err, load.ErrNotInParts) {
			return errors.New("what a column of it is depends on all of its values, and it is too large to be read as a whole: say what its fields are with --type")
		}
		if err != nil || !ok {
			return err
		}
		if err := s.fillRows(ctx, reader.Snapshot(), add); err != nil {
			return err
		}
	}
}

// fillWhole hands over a table that is in memory as a whole while it does.
func (s *source) fillWhole(ctx context.Context, add func(key, row []byte) error) error {
	snapshot, release, err := s.of.Table.Load(ctx, everything, nil)
	if err != nil {
		return err
	}
	defer release()
	return s.fillRows(ctx, snapshot, add)
}

// looked is after how many rows it is found out whether anybody waits for them.
const looked = 1 << 12

// fillRows hands over rows.
func (s *source) fillRows(ctx context.Context, snapshot *column.Snapshot, add func(key, row []byte) error) error {
	key, err := keyEncoder(snapshot.Root.Fields[snapshot.Schema.Field(s.of.Key).Index])
	if err != nil {
		return err
	}
	var fields []encoder
	for _, f := range s.Schema().Fields {
		at := snapshot.Schema.Field(f.Name)
		encode, err := encoderOf(snapshot.Root.Fields[at.Index], at.Type)
		if err != nil {
			return err
		}
		fields = append(fields, encode)
	}
	var k, row []byte
	for i := range snapshot.Rows() {
		if i%looked == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		row = row[:0]
		for _, encode := range fields {
			row = encode(row, i)
		}
		if len(fields) == 0 {
			row = append(row, 0)
		}
		if k = key(k[:0], i); len(k) == 0 {
			k = nil
		}
		if err := add(k, row); err != nil {
			return err
		}
	}
	if snapshot.Lost != nil {
		return snapshot.Lost(nil)
	}
	return nil
}
