package ask

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/analysis"
	"github.com/segq/segq/redisx"
)

// maxNow is the most bytes of what now means to queries of which the first does not ask.
const maxNow = 64

// Together returns commands that ask the same queries, up to n with each, in their order.
// A command has room for so many bytes only, and what is too long for any goes alone.
func Together(queries []redisx.Command, n int) []redisx.Command {
	var out []redisx.Command
	for len(queries) > 0 {
		size, fits := jsonSize(AsRules(queries[:1]))+len(`,"segments":{}`)+maxNow, 1
		segments := maps.Clone(queries[0].Segments)
		for fits < min(n, len(queries)) {
			size += jsonSize(queries[fits].Query) + jsonSize(queries[fits].Name) + len(",,")
			size += segmentsSize(queries[fits].Segments, segments)
			if size > redisx.MaxCommand {
				break
			}
			segments = withSegments(segments, queries[fits].Segments)
			fits++
		}
		if fits == 1 {
			out = append(out, queries[0])
		} else {
			out = append(out, AsRules(queries[:fits]))
		}
		queries = queries[fits:]
	}
	return out
}

// AsRules returns the one command for queries that were made for one run.
func AsRules(queries []redisx.Command) redisx.Command {
	c := queries[0]
	c.ID, c.Op, c.Query, c.Name = uuid.NewString(), "rules", "", ""
	c.Queries, c.Names = make([]string, len(queries)), make([]string, len(queries))
	for i, q := range queries {
		c.Queries[i], c.Names[i] = q.Query, q.Name
		c.Now = cmp.Or(c.Now, q.Now)
		if i == 0 {
			c.Segments, c.SegmentVersions = maps.Clone(q.Segments), maps.Clone(q.SegmentVersions)
			continue
		}
		c.Segments, c.SegmentVersions = withSegments(c.Segments, q.Segments), withSegments(c.SegmentVersions, q.SegmentVersions)
	}
	return c
}

// AsJoint returns the one command that asks something about all queries, for which each was made.
func AsJoint(each []redisx.Command, s analysis.Spec) redisx.Command {
	c := AsRules(each)
	c.Op = s.Op
	if !slices.ContainsFunc(c.Names, func(name string) bool { return name != "" }) {
		c.Names = nil
	}
	return c
}

// withSegments adds segments, or their versions, to those of another query of the run, and gives them.
func withSegments[T any](all, more map[string]T) map[string]T {
	if all == nil && len(more) > 0 {
		all = map[string]T{}
	}
	maps.Copy(all, more)
	return all
}

// segmentsSize is how many bytes segments add to a command that has others already.
func segmentsSize(more, all map[string]string) (size int) {
	for name, text := range more {
		if _, ok := all[name]; !ok {
			size += 2*jsonSize(name) + jsonSize(text) + len(":,:,1000000") // with a version
		}
	}
	return size
}

// jsonSize is how many bytes a value has as JSON.
func jsonSize(v any) int {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return redisx.MaxCommand
	}
	return b.Len()
}
