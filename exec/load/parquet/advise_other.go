//go:build !linux

package parquet

import "io"

func adviseWillNeed(io.ReaderAt, int64, int64) {}
