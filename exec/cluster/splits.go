package cluster

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
)

// file is a file of a table, as the cluster says.
type file struct {
	path     string
	size     int64
	modified int64 // in milliseconds since 1970
	rows     int
	keys     []load.Key // its partition
}

// files asks of which files a table is made, and of which partitions these are.
func (s *session) files(ctx context.Context, a Address, partitions []string) ([]file, error) {
	keys := "''"
	if len(partitions) > 0 {
		keys = asJSON(quoted(partitions), false)
	}
	rows, err := s.query(ctx, "SELECT CAST(_metadata.file_path AS STRING), CAST(_metadata.file_size AS STRING), CAST(unix_millis(_metadata.file_modification_time) AS STRING), CAST(count(*) AS STRING), "+
		keys+" FROM "+a.sql()+" GROUP BY 1, 2, 3, 5")
	if err != nil {
		return nil, err
	}
	all := make([]file, 0, len(rows))
	for _, r := range rows {
		f := file{path: r.text(0)}
		var errs [4]error
		f.size, errs[0] = strconv.ParseInt(r.text(1), 10, 64)
		f.modified, errs[1] = strconv.ParseInt(r.text(2), 10, 64)
		f.rows, errs[2] = strconv.Atoi(r.text(3))
		f.keys, errs[3] = keysOf(r.text(4), partitions)
		if err := cmp.Or(errs[:]...); err != nil {
			return nil, fmt.Errorf("what the cluster says of a file cannot be read: %w", err)
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b file) int { return cmp.Compare(a.path, b.path) })
	return all, nil
}

// keysOf reads the partition of a file: an object of JSON, without the columns that have no value.
func keysOf(text string, partitions []string) (keys []load.Key, err error) {
	if len(partitions) == 0 {
		return nil, nil
	}
	of, values := json.NewDecoder(strings.NewReader(text)), map[string]any{}
	of.UseNumber() // their digits
	if err := of.Decode(&values); err != nil {
		return nil, err
	}
	for _, name := range partitions {
		v, there := values[name]
		k := load.Key{Name: name, Null: !there || v == nil}
		if !k.Null {
			k.Value = fmt.Sprint(v)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// twice returns a file that is there twice, as one of two partitions is; nil for none.
func twice(files []file) *file {
	for i := range files {
		if i > 0 && files[i].path == files[i-1].path {
			return &files[i]
		}
	}
	return nil
}

// local returns the path of a file that is on the disk of an executor, false for one elsewhere.
func (f *file) local() (string, bool) {
	u, err := url.Parse(f.path)
	if err != nil || u.Scheme != "file" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	return u.Path, true
}

// fractions is into how many shares a file is divided that is in several splits.
const fractions = 1 << 20

// divide makes up to n splits of files, of about as many bytes: each has files that are next to each other, and the last of one
// may be shared with the next.
func divide(files []file, n int) []*executor.Split {
	var total int64
	for _, f := range files {
		total += f.size
	}
	splits := make([][]executor.Piece, n)
	before := int64(0)
	for _, f := range files {
		path, _ := f.local()
		from, to := at(before, total, n), at(before+f.size, total, n)
		before += f.size
		first, last := min(int(from), n-1), min(int(math.Ceil(to))-1, n-1)
		share := func(split int) int { // where in the file the split begins
			return min(max(int((float64(split)-from)/(to-from)*fractions), 0), fractions)
		}
		for s := first; s <= max(first, last); s++ {
			p := executor.Piece{Path: path, Size: f.size, Modified: f.modified, Keys: f.keys}
			if first < last {
				p.From, p.To, p.Of = share(s), share(s+1), fractions
				if s == first {
					p.From = 0
				}
				if s == last {
					p.To = fractions
				}
			}
			splits[s] = append(splits[s], p)
		}
	}
	var all []*executor.Split
	for _, pieces := range splits {
		if len(pieces) > 0 {
			all = append(all, &executor.Split{Part: len(all), Pieces: pieces})
		}
	}
	return all
}

// at is how many splits lie before a byte.
func at(before, total int64, n int) float64 {
	if total == 0 {
		return 0
	}
	return float64(before) / float64(total) * float64(n)
}

// fingerprint names a table by its files and its schema.
func fingerprint(files []file, schema string) string {
	h := sha256.New()
	fmt.Fprintf(h, "cluster\x00%s", schema)
	for _, f := range files {
		fmt.Fprintf(h, "\x00%s\x00%d\x00%d\x00%d", f.path, f.size, f.modified, f.rows)
		for _, k := range f.keys {
			fmt.Fprintf(h, "\x00%q=%q,%t", k.Name, k.Value, k.Null)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// count asks how many rows a table has.
func (s *session) count(ctx context.Context, a Address) (int, error) {
	rows, err := s.query(ctx, "SELECT CAST(count(*) AS STRING) FROM "+a.sql())
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 {
		return 0, errors.New("the cluster does not say how many rows the table has")
	}
	return strconv.Atoi(rows[0].text(0))
}

// cores asks how many tasks the cluster runs at once.
func (s *session) cores(ctx context.Context) (int, error) {
	rows, err := s.query(ctx, "SELECT CAST(count(DISTINCT p) AS STRING) FROM (SELECT spark_partition_id() AS p FROM range(0, 100000))")
	if err != nil {
		return 0, err
	}
	if len(rows) == 1 {
		if n, err := strconv.Atoi(strings.TrimSpace(rows[0].text(0))); err == nil && n > 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("the cluster does not say how many tasks it runs at once")
}
