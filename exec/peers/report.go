package main

import (
	"fmt"
	"io"
	"time"
)

// report gathers what is printed.
type report struct {
	config   *config
	versions map[string]string
	rows     []row
}

// row is one line of the table.
type row struct {
	work  work
	segq  answer
	peers []answer
}

func newReport(c *config) *report {
	return &report{config: c, versions: map[string]string{}}
}

// print writes the report as Markdown.
func (r *report) print(w io.Writer) error {
	for _, row := range r.rows {
		fmt.Fprintf(w, "| %s | %s |", row.work.name, shown(row.segq.time))
		for _, p := range row.peers {
			fmt.Fprintf(w, " %s |", shown(p.time))
		}
		fmt.Fprintln(w)
	}
	return nil
}

func shown(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}
