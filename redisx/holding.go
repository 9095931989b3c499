package redisx

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Holding is what of its data a worker has in memory.
type Holding struct {
	// Columns is how many columns its data has, of which Loaded are in memory and hold so
	// many Bytes.
	Columns, Loaded, Bytes int64
	// Loads counts the columns that were read, Evictions those that were given up since.
	Loads, Evictions int64
	// Reloads counts how often newer data was loaded, Failed how often it could not be.
	Reloads, Failed int64
	// Since is when the data was loaded, in the time of the worker; zero if it does not say. Of several
	// workers it is that of the oldest data.
	Since time.Time
	// Full says that there are columns for which there is no room.
	Full bool
	// Dataset is a short name for the data, and Rows how many it has; "" and 0 if the worker does not say.
	Dataset string
	Rows    int64
	// Trouble is what an operator should know of the data, such as that newer data could not be
	// loaded; "" for nothing. What is too long of it is left out.
	Trouble string
}

// maxTrouble is how much of it is told, in bytes.
const maxTrouble = 500

// add adds what another worker has.
func (h *Holding) add(other Holding) {
	h.Columns, h.Loaded, h.Bytes = h.Columns+other.Columns, h.Loaded+other.Loaded, h.Bytes+other.Bytes
	h.Loads, h.Evictions = h.Loads+other.Loads, h.Evictions+other.Evictions
	h.Reloads, h.Failed, h.Full = h.Reloads+other.Reloads, h.Failed+other.Failed, h.Full || other.Full
	if h.Since.IsZero() || !other.Since.IsZero() && other.Since.Before(h.Since) {
		h.Since = other.Since
	}
}

// age returns what is told of the age of the data, under a name of its own: earlier versions know nothing of it.
func (h *Holding) age() string {
	at := int64(0)
	if !h.Since.IsZero() {
		at = h.Since.UnixMilli()
	}
	return fmt.Sprintf("%d:%d:%d:%t", h.Reloads, h.Failed, at, h.Full)
}

// readAge reads what age returned.
func (h *Holding) readAge(text string) {
	var at int64
	if _, err := fmt.Sscanf(text, "%d:%d:%d:%t", &h.Reloads, &h.Failed, &at, &h.Full); err == nil && at > 0 {
		h.Since = time.UnixMilli(at)
	}
}

// maxDataset is how much is told of the name of the data, in bytes.
const maxDataset = 200

// told returns what is told of the data itself, under a name of its own.
func (h *Holding) told() string {
	return fmt.Sprintf("%d:%s", h.Rows, strings.ToValidUTF8(h.Dataset[:min(len(h.Dataset), maxDataset)], ""))
}

// readData reads what told returned.
func (h *Holding) readData(text string) {
	rows, name, ok := strings.Cut(text, ":")
	if n, err := strconv.ParseInt(rows, 10, 64); ok && err == nil {
		h.Rows, h.Dataset = n, name
	}
}

// dataOf is the name under which a worker tells of its data.
func dataOf(worker string) string { return worker + " data" }

// ageOf is the name under which a worker tells of the age of its data; names of workers have no space.
func ageOf(worker string) string { return worker + " age" }

// publishHolding tells what the worker has in memory.
func (w *Worker) publishHolding(ctx context.Context) {
	if w.options.Holds == nil {
		return
	}
	h := w.options.Holds()
	limited, cancel := context.WithTimeout(ctx, w.options.Lease/5)
	defer cancel()
	key := w.client.keys.holdings()
	text := fmt.Sprintf("%d:%d:%d:%d:%d", h.Columns, h.Loaded, h.Bytes, h.Loads, h.Evictions)
	if t := h.Trouble; t != "" {
		text += ":" + strings.ToValidUTF8(t[:min(len(t), maxTrouble)], "")
	}
	p := w.client.control.Pipeline()
	p.HSet(limited, key, w.options.Name, text, ageOf(w.options.Name), h.age(), dataOf(w.options.Name), h.told())
	p.PExpire(limited, key, announced)
	if _, err := p.Exec(limited); err != nil && ctx.Err() == nil {
		w.trouble("cannot tell what is in memory", err)
	} else if err == nil {
		w.roomy()
	}
}

// held returns what workers have in memory together, and what troubles them, by their names.
func (c *Client) held(ctx context.Context, workers []string) (all Holding, troubles map[string]string, err error) {
	if len(workers) == 0 {
		return all, nil, nil
	}
	fields := slices.Clone(workers)
	for _, w := range workers {
		fields = append(fields, ageOf(w))
	}
	texts, err := c.control.HMGet(ctx, c.keys.holdings(), fields...).Result()
	if len(texts) != len(fields) {
		return all, nil, err
	}
	for i := range workers {
		s, ok := texts[i].(string)
		if !ok {
			continue
		}
		age, _ := texts[len(workers)+i].(string)
		h, ok := readHolding(s, age)
		if ok {
			all.add(h)
		}
		if h.Trouble != "" {
			if troubles == nil {
				troubles = map[string]string{}
			}
			troubles[workers[i]] = h.Trouble
		}
	}
	return all, troubles, err
}

// readHolding reads what a worker tells of its memory and of the age of its data; ok says that the first can be read.
func readHolding(text, age string) (h Holding, ok bool) {
	if _, err := fmt.Sscanf(text, "%d:%d:%d:%d:%d", &h.Columns, &h.Loaded, &h.Bytes, &h.Loads, &h.Evictions); err == nil {
		h.readAge(age)
		ok = true
	}
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 {
		h.Trouble = parts[5]
	}
	return h, ok
}

// forgetHolding takes away what a worker has told, when it leaves.
func (w *Worker) forgetHolding(ctx context.Context) {
	if w.options.Holds == nil {
		return
	}
	_ = w.client.control.HDel(ctx, w.client.keys.holdings(), w.options.Name, ageOf(w.options.Name), dataOf(w.options.Name)).Err() // else it ends with its time
}
