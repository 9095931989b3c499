package repl

import (
	"fmt"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// usualWatch is how often a query is asked again where nobody says, shortestWatch how often at most.
const usualWatch, shortestWatch = 2 * time.Second, 500 * time.Millisecond

func watchCommand() dotCommand {
	return dotCommand{
		name: ".watch", args: "[seconds] [audience]", doc: "count an audience again and again, until Ctrl-C",
		more: append([]string{
			"  .watch        the last audience every 2 seconds: a line for each count that is another than the one before",
			"  .watch 30 #3  a query of this session every 30 seconds",
			"  .watch off    ends it, as Ctrl-C on an empty line does",
			"Files that have changed are read again before they are counted, once nobody has written to them for two seconds; with --attach workers that were started with --watch do so.",
		}, aboutAudiences...),
		ask: (*Model).watch, complete: audienceArguments, order: secondsFirst,
		reads: func(written string) []ast.Span { _, at, _ := readWatch(written); return []ast.Span{at} },
	}
}

// readWatch reads how often, 0 where nobody says, and where the audience stands.
func readWatch(written string) (every time.Duration, at ast.Span, err error) {
	a := arguments{text: written}
	a.take(func(word string) bool {
		seconds, is, unit := secondsOf(word)
		if every = time.Duration(seconds * float64(time.Second)); is && (every < shortestWatch || seconds > 1e6) {
			err = refusal{"a query cannot be asked every " + word + unit, "use a number of seconds from 0.5 on: .watch 2"}
		}
		return is
	})
	return every, a.rest(), err
}

// secondsOf reads how often, in seconds; with a unit it may be written as --watch is, 30s or 1m. What is said behind it names the
// seconds where it does not.
func secondsOf(word string) (seconds float64, is bool, unit string) {
	if seconds, err := strconv.ParseFloat(word, 64); err == nil {
		return seconds, true, " seconds"
	}
	every, err := time.ParseDuration(word)
	return every.Seconds(), err == nil, ""
}

// watch begins to ask a query again and again.
func (m *Model) watch(written string) tea.Cmd {
	every, at, err := readWatch(written)
	switch about := written[at.Start:at.End]; {
	case err != nil:
		m.refuse(err)
		return nil
	case about == "off" || about == "stop":
		if m.watching == nil {
			m.print("nothing is watched")
		}
		m.endWatch()
		return nil
	case every == 0:
		every = usualWatch
	}
	return m.about(written[at.Start:at.End], func(a audience) tea.Cmd {
		m.endWatch()
		if a.isNamed() {
			m.audiences.last = a
		}
		m.watching = newWatching(m.ctx, a, every)
		m.print(fmt.Sprintf("watch of %s, every %s: Ctrl-C ends it", show.Fit(a.called(m.words), max(m.width-50, 20)), seconds(every)))
		return m.askWatched(m.watching)
	})
}
