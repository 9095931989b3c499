package exec

// Sink hears of the progress of a batch. Its methods are called from many
// goroutines, and must neither block nor fail: a sink that is behind forgets.
// What is reported is absolute, so that only the last report of a partition
// counts.
type Sink interface {
	// Start tells the number of rows of each partition, once for each query,
	// before the first Progress.
	Start(query string, partitions []int)
	// Load tells how far the loading of the columns is that a query reads, while it waits
	// for them; it need not have heard of the partitions by then.
	Load(query string, l Loading)
	// Progress tells how far a query is in one partition.
	Progress(query string, partition int, p Progress)
}

// Loading is how far columns are loaded: bytes of the files that were read, of how many, and how many columns
// these are, 0 where that is not known.
type Loading struct {
	Done, Total int64
	Columns     int
}

// Progress is how far a query is in one partition: rows seen, rows matched, and
// whether the partition is finished.
type Progress struct {
	Rows, Matched int
	Done          bool
}
