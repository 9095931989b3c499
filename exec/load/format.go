package load

import (
	"context"
	"fmt"
	"io"
)

// formats lists the formats, for errors.
const formats = ".parquet, .ndjson, .jsonl, .json, .csv, .tsv, each of the texts also .gz or .zst"

func known(format string) bool {
	switch format {
	case "parquet", "ndjson", "jsonl", "json", "csv", "tsv":
		return true
	}
	return false
}

// read takes in all of r.
func (l *loader) read(ctx context.Context, r io.Reader, format, name string) error {
	l.name, l.line, l.row = name, 0, 0
	l.report.Files = append(l.report.Files, File{Name: name})
	err := l.readFormat(ctx, r, format)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

func (l *loader) readFormat(ctx context.Context, r io.Reader, format string) error {
	if format == "parquet" {
		return l.parquet(ctx, r)
	}
	text, encoding := utf8Reader(r)
	if encoding != "" {
		l.note("%s: the text is %s", l.name, encoding)
	}
	switch format {
	case "ndjson", "jsonl":
		return l.ndjson(ctx, text)
	case "json":
		return l.json(ctx, text)
	case "csv":
		return l.csv(ctx, text, 0)
	case "tsv":
		return l.csv(ctx, text, '\t')
	}
	return fmt.Errorf("the format %q is not known; the formats are %s", format, formats)
}
