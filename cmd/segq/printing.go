package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/pflag"
)

// printing are the flags that say how answers are printed, and where.
type printing struct {
	format string // "" for that of the file, else a table
	output string
	color  string
	flags  *pflag.FlagSet
}

// shortForms are the formats that have a flag of their own.
var shortForms = []string{"json", "csv", "ndjson"}

func (p *printing) register(f *pflag.FlagSet) {
	p.flags = f
	f.StringVar(&p.format, "format", "", "output format: "+strings.Join(printer.Formats(), ", ")+" (default that of the extension of -o, else table)")
	for _, name := range shortForms {
		usage := "the same as --format " + name
		if known := f.Lookup(name); known != nil {
			known.Usage = usage
			continue
		}
		f.Bool(name, false, usage)
	}
	f.StringVarP(&p.output, "output", "o", "", "write the answers, or the rows, to this `FILE`")
	f.StringVar(&p.color, "color", "auto", "colours: auto, always or never (NO_COLOR is respected)")
	config.Allow(f, config.Rule{Project: true, OneOf: printer.Formats(), Below: append([]string{"output"}, shortForms...)}, "format")
	config.Allow(f, config.Rule{Project: true, OneOf: colors}, "color")
}

// settle finds out which format is named. The error says that there are two.
func (p *printing) settle() error {
	var named []string
	format := p.format
	if format != "" {
		named = append(named, "--format "+format)
	}
	for _, name := range shortForms {
		if p.flags.Lookup(name).Value.String() != "true" {
			continue
		}
		if format != name {
			named = append(named, "--"+name)
		}
		format = name
	}
	if len(named) > 1 {
		return fmt.Errorf("%s name different formats: choose one", strings.Join(named, " and "))
	}
	if !slices.Contains(colors, p.color) {
		return fmt.Errorf("unknown --color %q: choose one of %s", p.color, strings.Join(colors, ", "))
	}
	if p.output == "" && p.flags.Changed("output") {
		return errors.New("-o needs the name of a file")
	}
	p.format = format
	return nil
}

// onScreen says whether answers go to a terminal.
func (p *printing) onScreen(io console.Streams) bool {
	return (p.output == "" || p.output == "-") && console.IsTerminal(io.Out.File)
}

// look returns how answers look: on a terminal they fit it, anywhere else they are whole.
func (p *printing) look(io console.Streams) show.Look {
	l := show.Look{More: map[string]string{
		show.Folded: "--format vertical shows them whole", show.Spared: "--format vertical shows all",
		"lift": "--json or --csv gives all", "overlap.pairs": "--json or --csv gives all", "why.rules": "--json or --csv gives all", "rows": "--limit N gives more",
	}}
	if top := p.flags.Lookup("top"); top != nil {
		l.Top, _ = strconv.Atoi(top.Value.String())
		l.More["breakdown.values"], l.More["lift"] = "--top N gives more", "--top N gives more"
	}
	screen := p.onScreen(io)
	if screen {
		l.Width, l.Bars = console.SizeOf(io.Out.File).Width, !accessible()
	}
	if screen && p.colored() || p.color == "always" && (p.output == "" || p.output == "-") {
		l.Paint = show.Colours
	}
	return l
}

// open opens the output for answers of a kind, "" where their records tell. The format has been found
// valid.
func (p *printing) open(ctx context.Context, kind string, io console.Streams) (*printer.Output, error) {
	format, _ := printer.FormatOf(p.format, p.output, false)
	return printer.Open(ctx, format, p.output, printer.Layout{Kind: kind, Look: p.look(io)}, io)
}

// colored decides about colours on a terminal: --color, else NO_COLOR (https://no-color.org) and the
// kind of terminal.
func (p *printing) colored() bool {
	switch p.color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
