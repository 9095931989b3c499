package repl

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/segq/segq/redisx/estimate"
)

// goal is the margin at which an estimate is good enough, as a part of the estimate; 0 is for counting to the end.
type goal float64

// String writes it as it is typed: ±1 %.
func (g goal) String() string {
	return "±" + strconv.FormatFloat(float64(g)*100, 'g', 6, 64) + " %"
}

// goalWritten is what .until takes: ±1 %, 1%, off, and the number of a query before or behind it.
var goalWritten = regexp.MustCompile(`^(?:(#\d+)\s*)?(?:(off)|(?:±|\+/?-)?\s*(\d+(?:\.\d+)?|\.\d+)\s*%?)?(?:\s*(#\d+))?$`)

// mostGoal is the largest margin that means anything.
const mostGoal = 0.5

// parseGoal reads what is written behind .until; only is the number of the query that is meant, 0 for all, and given
// whether there is a goal, which may be none.
func parseGoal(written string) (g goal, only int, given bool, err error) {
	found := goalWritten.FindStringSubmatch(strings.ToLower(strings.TrimSpace(written)))
	if found == nil || found[1] != "" && found[4] != "" {
		return 0, 0, false, errors.New("a margin is written like ±1 %, or 1 %")
	}
	only, _ = strconv.Atoi(strings.TrimPrefix(found[1]+found[4], "#"))
	if found[2] != "" || found[3] == "" {
		return 0, only, found[2] != "", nil
	}
	percent, _ := strconv.ParseFloat(found[3], 64)
	if g = goal(percent / 100); g <= 0 || g > mostGoal {
		return 0, 0, false, fmt.Errorf("a margin is more than 0 %% and at most %g %%", mostGoal*100)
	}
	return g, only, true, nil
}

// enough says whether the estimate of a query is as good as its goal.
func (q *query) enough() bool {
	if q.goal == 0 || q.state != Running || !q.counts() || q.cancelling || q.behind() {
		return false
	}
	e, ok := estimate.Project(q.parts)
	return ok && e.Count > 0 && e.Margin() <= float64(q.goal)*e.Count && q.trail.Sure(q.parts)
}
