package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/output"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/spf13/cobra"
)

func manCommand(root *cobra.Command, io console.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages",
		Long: `man writes a manual page for each command (man1) and each topic of help (man7) below DIR. Equal versions
give equal pages; their date is SOURCE_DATE_EPOCH, or that of the version.`,
		Example: `  segq man ~/.local/share/man
  man segq-submit`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			number, day := version.Release()
			date, err := pageDate(day)
			if err != nil {
				return err
			}
			names, err := help.WritePages(args[0], root, topics(), help.Pages{Version: number, Date: date})
			if err != nil {
				return &output.Error{To: filepath.Clean(args[0]), Err: err}
			}
			_, err = fmt.Fprintf(io.Err, "segq: %d pages in %s\n", len(names), args[0])
			return err
		},
	}
}

// pageDate returns the date of the pages: day, unless the environment has another.
func pageDate(day string) (string, error) {
	seconds := os.Getenv("SOURCE_DATE_EPOCH") // https://reproducible-builds.org/specs/source-date-epoch/
	if seconds == "" {
		return day, nil
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "", exit.Usage(fmt.Errorf("SOURCE_DATE_EPOCH=%s is no number of seconds", seconds))
	}
	return time.Unix(n, 0).UTC().Format(time.DateOnly), nil
}
