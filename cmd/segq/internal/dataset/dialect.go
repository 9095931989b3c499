package dataset

import (
	"encoding/csv"
	"errors"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/exec/load"
	"github.com/spf13/pflag"
)

// dialect are the flags that say how texts are written.
type dialect struct {
	load.Dialect
	delimiter, nulls, decimal string // as they were given
}

func (d *dialect) register(f *pflag.FlagSet) {
	f.Var(&part{&d.delimiter, "C", func(s string) (err error) {
		d.Delimiter, err = load.ParseDelimiter(s)
		return err
	}}, "delimiter", "what is between the cells of CSV and TSV: a character, or tab (default: found out; the tab in .tsv)")
	f.BoolVar(&d.NoHeader, "no-header", false, "the first line of CSV and TSV is a row: the columns are column1, column2 and so on")
	f.Var(&part{&d.nulls, "LIST", func(s string) (err error) {
		d.Nulls, err = nullList(s)
		return err
	}}, "null-values", "the cells of CSV and TSV that are null in every column, such as NA,-; the usual spellings of null are then none")
	f.Var(&part{&d.Encoding, "NAME", load.CheckEncoding}, "encoding", "the encoding of texts, such as windows-1252, utf-16le or shift-jis (default: UTF-8, and what is found out)")
	f.Var(&part{&d.decimal, "C", func(s string) (err error) {
		d.Decimal, err = load.ParseDecimal(s)
		return err
	}}, "decimal", "the decimal sign of numbers in CSV and TSV, . or , (default: the point, also the comma where that is not the delimiter)")
	config.Allow(f, config.Rule{Project: true}, "delimiter", "no-header", "null-values", "encoding")
	config.Allow(f, config.Rule{Project: true, OneOf: []string{".", ","}}, "decimal")
}

// part is a flag that says one thing of a dialect.
type part struct {
	text *string
	name string
	set  func(s string) error
}

// Set reads a value.
func (p *part) Set(s string) error {
	if err := p.set(s); err != nil {
		return err
	}
	*p.text = s
	return nil
}

// String returns what was given.
func (p *part) String() string {
	if p.text == nil {
		return ""
	}
	return *p.text
}

// Type is the word for the value in the usage.
func (p *part) Type() string { return p.name }

// nullList reads values with commas between; those with commas are in quotes.
func nullList(s string) ([]string, error) {
	if s == "" {
		return []string{}, nil // only what is empty
	}
	r := csv.NewReader(strings.NewReader(s))
	list, err := r.Read()
	if err != nil || r.InputOffset() < int64(len(s)) {
		return nil, errors.New(`the values are written with commas between, those that have a comma in double quotes: NA,-,"n,a"`)
	}
	return list, nil
}
