package cluster

import (
	"context"
	"errors"
	"strings"
)

// Stamp names the state of a table, as far as Spark tells without reading it: which files it has, how long they are and when they were written; of what has no files, as a
// view, how many rows it has.
func Stamp(ctx context.Context, a Address, o Options) (string, error) {
	s, err := connect(ctx, a, o.Password, settings)
	if err != nil {
		return "", err
	}
	defer s.close()
	rows, err := s.query(ctx, "SELECT CAST(count(*) AS STRING), CAST(bit_xor(file) AS STRING) FROM (SELECT DISTINCT xxhash64(_metadata.file_path, _metadata.file_size, _metadata.file_modification_time) AS file FROM "+a.sql()+")")
	var failed *StatementError
	if errors.As(err, &failed) && strings.Contains(failed.Error(), "_metadata") {
		rows, err = s.query(ctx, "SELECT 'rows', CAST(count(*) AS STRING) FROM "+a.sql())
	}
	if err != nil {
		return "", err
	}
	if len(rows) != 1 {
		return "", errors.New("the cluster does not say which files the table has")
	}
	return a.String() + " " + rows[0].text(0) + " " + rows[0].text(1), nil
}
