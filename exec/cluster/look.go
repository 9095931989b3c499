package cluster

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/exec/executor"
)

// unfit says why segq is not to read the files of the table by itself, "" where it may: their footers are looked at before anything is asked, where they are. What Spark has in
// place of a column that a file has not, it is asked.
func (c *Cluster) unfit(ctx context.Context, s *session, rows int) (why string, err error) {
	if rows == 0 {
		return "", nil
	}
	all, err := c.looked(ctx, s, rows)
	if err != nil {
		return "", err
	}
	absent := map[string][]string{} // the columns, by a file that has them not
	known := map[string]bool{}
	for _, l := range all {
		if l.Unfit != "" {
			return l.Unfit, nil
		}
		for _, a := range l.Absent {
			if c.isColumn(a.Path) && !known[a.Path] { // what is in an object has nothing in its place
				known[a.Path] = true
				absent[a.File] = append(absent[a.File], a.Path)
			}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(absent)) {
		if why, err := c.inPlace(ctx, s, file, absent[file]); why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

func (c *Cluster) isColumn(path string) bool {
	return slices.ContainsFunc(c.fields, func(f sparkField) bool { return f.Name == path })
}

// looked asks what the files have.
func (c *Cluster) looked(ctx context.Context, s *session, rows int) ([]*executor.Looked, error) {
	batch := &executor.Batch{Look: true, Fields: c.fields, Within: c.options.Within}
	if batch.Within == 0 {
		batch.Within = within
	}
	text, digest, err := batch.Encode()
	if err != nil {
		return nil, err
	}
	answers, err := s.query(ctx, "SELECT part, answer FROM ("+c.program.answering(listed(c.splits), text, "segq:"+digest, "", batch.Within)+")")
	if err != nil {
		return nil, c.explained(err)
	}
	all, seen, met := []*executor.Looked{}, 0, map[int]bool{}
	for _, r := range answers {
		part, err1 := strconv.Atoi(r.text(0))
		a, err2 := executor.DecodeAnswer(r.text(1), digest, 0)
		if err := cmp.Or(err1, err2); err != nil {
			return nil, &proofError{err}
		}
		if a.Part != part || met[part] || a.Look == nil {
			return nil, &proofError{fmt.Errorf("part %d is there twice, or is another one", part)}
		}
		all, met[part], seen = append(all, a.Look), true, seen+a.Rows
	}
	if len(all) != len(c.splits) || seen != rows {
		return nil, &proofError{fmt.Errorf("there are %d parts of %d, and %d rows of %d", len(all), len(c.splits), seen, rows)}
	}
	return all, nil
}

// inPlace says which of some columns has something in the place of what a file has not: those that were added to the table with a value for old rows.
func (c *Cluster) inPlace(ctx context.Context, s *session, path string, columns []string) (why string, err error) {
	var counts []string
	for _, name := range columns {
		counts = append(counts, "CAST(count("+quote(name)+") AS STRING)")
	}
	i := slices.IndexFunc(c.files, func(f file) bool { own, _ := f.local(); return own == path })
	if i < 0 {
		return "", errors.New("the cluster tells of a file that the table has not: " + path)
	}
	rows, err := s.query(ctx, "SELECT "+strings.Join(counts, ", ")+" FROM "+c.address.sql()+
		" WHERE _metadata.file_path = CAST(unbase64('"+base64.StdEncoding.EncodeToString([]byte(c.files[i].path))+"') AS STRING)")
	if err != nil {
		return "", err
	}
	if len(rows) != 1 {
		return "", errors.New("the cluster does not say what is in the place of a column that a file has not")
	}
	for i, name := range columns {
		if rows[0].text(i) != "0" {
			return path + " does not have the column " + name + ", in whose place Spark has a value", nil
		}
	}
	return "", nil
}
