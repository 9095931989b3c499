package serving

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/spf13/pflag"
)

// Log holds the flags of the log that --serve and --http write to standard error.
type Log struct {
	format, level string
}

// Register adds the flags, under a heading of their own.
func (o *Log) Register(f *pflag.FlagSet) {
	f.StringVar(&o.format, "log-format", "json", "the log of --serve and --http: json or text")
	f.StringVar(&o.level, "log-level", "info", "the lowest level to log: debug (which includes queries), info, warn or error")
	config.Allow(f, config.Rule{OneOf: []string{"json", "text"}}, "log-format")
	config.Allow(f, config.Rule{OneOf: []string{"debug", "info", "warn", "error"}}, "log-level")
	help.Under(f, help.Log)
}

// Validate finds what is wrong with them.
func (o *Log) Validate() error {
	if o.format != "json" && o.format != "text" {
		return fmt.Errorf("unknown --log-format %q: choose json or text", o.format)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.level)); err != nil {
		return fmt.Errorf("unknown --log-level %q: choose debug, info, warn or error", o.level)
	}
	return nil
}

// Open returns the log; the options are valid.
func (o *Log) Open(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.level)) // validate has read it
	options := &slog.HandlerOptions{Level: level}
	if o.format == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}
