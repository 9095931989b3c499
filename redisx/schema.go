package redisx

import (
	"bytes"
	"context"
	"time"
)

// announced is how long what workers say of their data stays after their last beat.
const announced = time.Minute

// Schema returns what a worker has published of its data (WorkerOptions.Schema), in one
// read and without a job; nil where no worker has in the last minute.
func (c *Client) Schema(ctx context.Context) ([]byte, error) {
	data, err := c.control.Get(ctx, c.keys.schema()).Bytes()
	if isNil(err) {
		return nil, nil
	}
	return data, err
}

// Announce changes what the worker says of its data. What another worker has said since stays, and so
// does what is there while the queue has other data than the worker.
func (w *Worker) Announce(ctx context.Context, schema []byte) error {
	before := *w.schema.Swap(&schema)
	if w.differs() {
		return nil // it is said when the queue has this worker's data
	}
	there, err := w.client.Schema(ctx)
	if err != nil || there != nil && !bytes.Equal(there, before) {
		return err
	}
	return w.client.control.Set(ctx, w.client.keys.schema(), schema, announced).Err()
}

// publishSchema publishes what the worker says of its data: at its start, in the place
// of what was there, and later where Redis has lost it. Otherwise it only keeps it.
func (w *Worker) publishSchema(ctx context.Context, start bool) {
	schema := *w.schema.Load()
	if len(schema) == 0 || w.differs() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, w.options.Lease/5)
	defer cancel()
	key := w.client.keys.schema()
	kept := false
	var err error
	if !start {
		kept, err = w.client.control.PExpire(limited, key, announced).Result()
	}
	if err == nil && !kept {
		err = w.client.control.Set(limited, key, schema, announced).Err()
	}
	if err != nil && ctx.Err() == nil {
		w.trouble("cannot publish the schema", err)
	}
}
