package executor

import (
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/wire"
)

// Split is a part of a table.
type Split struct {
	V    string `json:"v"`
	Part int    `json:"part"`
	// Pieces are Parquet files, or shares of them; Cached names rows that [Pack] has left in the cache instead.
	Pieces []Piece `json:"pieces,omitempty"`
	Cached string  `json:"cached,omitempty"`
}

// Piece is a file, as it was when the split was made, or shares of its row groups: those from From on before To, of Of; all
// where that is 0.
type Piece struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	// Modified is in milliseconds since 1970.
	Modified int64 `json:"mtime"`
	From     int   `json:"from,omitempty"`
	To       int   `json:"to,omitempty"`
	Of       int   `json:"of,omitempty"`
	// Keys are what the table says of all rows of the file: its partition.
	Keys []load.Key `json:"keys,omitempty"`
}

// Batch is what all splits of a table are asked together.
type Batch struct {
	V string `json:"v"`
	// Schema is the type of a profile, as load.WriteSchema writes it; ID and Events name the fields in these
	// roles, "" for none.
	Schema string `json:"schema"`
	ID     string `json:"id,omitempty"`
	Events string `json:"events,omitempty"`
	// Fields are what the table says of the fields that files have; nil for rows that were packed. Look asks what the files have, and for no queries.
	Fields []Field `json:"fields,omitempty"`
	Look   bool    `json:"look,omitempty"`
	// Now is what now means.
	Now time.Time `json:"now"`
	// Queries are conditions that were checked against the schema, as package wire writes them, and Asks what
	// is asked of each of them beside its count: as many, or none.
	Queries []byte `json:"queries"`
	Asks    []Ask  `json:"asks,omitempty"`
	// Take asks for profiles instead.
	Take *Take `json:"take,omitempty"`
	// Within is how long an executor may work on it, and Until, in milliseconds since 1970, when it is over, however often it was tried; 0 for
	// any time.
	Within time.Duration `json:"within,omitempty"`
	Until  int64         `json:"until,omitempty"`
}

// Ask is what is asked of a query beside its count, as in exec.Query.
type Ask struct {
	Sample int      `json:"sample,omitempty"`
	Seed   uint64   `json:"seed,omitempty"`
	By     []string `json:"by,omitempty"`
	ByMost int      `json:"most,omitempty"`
	// Matches asks which rows match.
	Matches bool `json:"matches,omitempty"`
}

// NewBatch returns a batch of the queries of another one, which were checked against a schema.
func NewBatch(b exec.Batch, schema *check.Type) (*Batch, error) {
	var text strings.Builder
	if err := load.WriteSchema(&text, schema); err != nil {
		return nil, err
	}
	own := &Batch{Schema: text.String(), Now: b.Now}
	queries := make([]*check.Query, len(b.Queries))
	some := false
	for i, q := range b.Queries {
		// What is counted is the condition: what else the query is does not travel.
		queries[i] = &check.Query{Root: q.Typed.Cond, Cond: q.Typed.Cond, Slots: q.Typed.Slots}
		own.Asks = append(own.Asks, Ask{q.Sample, q.Seed, q.By, q.ByMost, q.Matches != nil})
		some = some || q.Sample > 0 || q.By != nil || q.Matches != nil
	}
	if !some {
		own.Asks = nil
	}
	var err error
	own.Queries, err = wire.Encode(queries, schema)
	return own, err
}

// Encode returns the form in which a batch travels, whose characters are safe in any text, and a digest of it.
func (b *Batch) Encode() (text, digest string, err error) {
	b.V = version
	text, err = encode(b)
	return text, digestOf(text), err
}

// Encode returns the form in which a split travels.
func (s *Split) Encode() (string, error) {
	s.V = version
	return encode(s)
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// encode packs JSON into characters that no shell, query or line minds.
func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return pressed(text, gzip.DefaultCompression), nil
}

// decode reads what encode has made, with the checksum that is in it.
func decode(text string, v any) error {
	plain, err := unpressed(text)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}

// attempt names this process.
var attempt = rand.Text()[:12]

// newTask reads the line of a split and a batch.
func newTask(line string) (*task, error) {
	fields := strings.Split(line, "\t")
	if len(fields) < 2 {
		return nil, wrong("a split and a batch are expected on standard input, with a tab between them; the line has %d characters and no tab", len(line))
	}
	t := &task{split: &Split{}, batch: &Batch{}, digest: digestOf(fields[1])}
	if err := decode(fields[0], t.split); err != nil {
		return nil, wrong("the split cannot be read: %w", err)
	}
	if err := decode(fields[1], t.batch); err != nil {
		return nil, wrong("the batch cannot be read: %w", err)
	}
	for _, v := range []string{t.split.V, t.batch.V} {
		if v != version {
			return nil, wrong("the program on the executors is another segq than the one that asks (version %s, and not %s): give the cluster the same, under a name of its own", version, v)
		}
	}
	return t, nil
}

func (b *Batch) schema() (*check.Type, error) {
	t, err := load.ReadSchema(strings.NewReader(b.Schema))
	if err != nil {
		return nil, wrong("the schema cannot be read: %w", err)
	}
	return t, nil
}

// ask returns the batch for an engine. Each part has seeds of its own: rows of equal number in two of them are to
// be sampled independently.
func (b *Batch) ask(queries []*check.Query, part int) (*exec.Batch, error) {
	if len(b.Asks) > 0 && len(b.Asks) != len(queries) {
		return nil, wrong("%d queries are asked for %d things", len(queries), len(b.Asks))
	}
	own := &exec.Batch{Now: b.Now}
	for i, q := range queries {
		one := exec.Query{ID: strconv.Itoa(i), Typed: q}
		if len(b.Asks) > 0 {
			a := b.Asks[i]
			one.Sample, one.Seed, one.By, one.ByMost = a.Sample, partSeed(a.Seed, part), a.By, a.ByMost
		}
		own.Queries = append(own.Queries, one)
	}
	return own, nil
}
