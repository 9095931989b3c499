package preview

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/segq/segq/redisx"
)

// routes returns what can be asked, with the contract at /openapi.json.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("segq preview", s.options.Version)
	config.Info.Description = "Counts audiences: PQL rules over customer profiles."
	config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", nil
	config.Formats = map[string]huma.Format{"application/json": textFormat, "json": textFormat}
	config.RejectUnknownQueryParameters = true
	config.Transformers = append(config.Transformers, withoutValues)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token of the file of --http-tokens; it identifies a tenant"},
	}
	config.Security = []map[string][]string{{"token": {}}}
	api := humago.New(mux, config)
	huma.Register(api, s.operation("submit", http.MethodPost, "/preview", "Ask for the size of an audience", http.StatusAccepted,
		http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType), s.submit)
	huma.Register(api, s.operation("list", http.MethodGet, "/preview", "List your newest previews", http.StatusOK), s.list)
	huma.Register(api, s.operation("look", http.MethodGet, "/preview/{id}", "See how far a preview is", http.StatusOK, http.StatusNotFound, http.StatusGone), s.look)
	huma.Register(api, s.operation("cancel", http.MethodDelete, "/preview/{id}", "Cancel a preview", http.StatusOK, http.StatusNotFound, http.StatusGone), s.cancel)
	huma.Register(api, s.operation("schema", http.MethodGet, "/schema", "Read the fields of the data", http.StatusOK, http.StatusGatewayTimeout), s.fields)
	qualify := s.operation("qualify", http.MethodPost, "/qualify", "Ask which rules a profile is in that is in no data", http.StatusOK,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusGatewayTimeout)
	qualify.MaxBodyBytes = maxQualify
	huma.Register(api, qualify, s.qualify)
	events := s.operation("events", http.MethodGet, "/preview/{id}/events", "Follow a preview: an event whenever it has moved", http.StatusOK, http.StatusNotFound, http.StatusGone)
	events.Middlewares = huma.Middlewares{s.exists(api)}
	sse.Register(api, events, map[string]any{"estimate": Estimate{}, "error": Fault{}}, s.events)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { ok(w) })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.metrics.handler())
	return mux
}

// withoutValues takes out of an error what was sent where that may be all of a request: a profile is told to nobody again,
// nor a long query.
func withoutValues(c huma.Context, _ string, v any) (any, error) {
	if e, ok := v.(*huma.ErrorModel); ok {
		for _, d := range e.Errors {
			switch value := d.Value.(type) {
			case nil, bool, float64:
			case string:
				if len(value) > 64 || c.Operation().OperationID == "qualify" {
					d.Value = nil
				}
			default:
				d.Value = nil
			}
		}
	}
	return v, nil
}

// textFormat is JSON, of bytes that are valid UTF-8: what is not would be read with other
// characters in its place. Errors are in the words of the protocol, and repeat nothing of what was sent.
var textFormat = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if !utf8.Valid(data) {
			return errors.New("the body is not valid UTF-8")
		}
		if whole, ok := v.(*any); ok { // which is only looked at for its form
			return readForm(data, whole)
		}
		if err := huma.DefaultJSONFormat.Unmarshal(data, v); err != nil {
			return redisx.ReadError(err)
		}
		return nil
	},
}

// readForm reads JSON with numbers of any size: what is too large for a field of a profile is null there, and no error.
func readForm(data []byte, v *any) error {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return fmt.Errorf("the body: %w", redisx.ReadError(err))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("the body: %w", redisx.ReadError(err))
	}
	*v = withFloats(*v)
	return nil
}

// withFloats makes numbers of Go of those of JSON, in place.
func withFloats(v any) any {
	switch v := v.(type) {
	case json.Number:
		x, err := v.Float64()
		if err != nil {
			return math.Copysign(math.MaxFloat64, x)
		}
		return x
	case []any:
		for i := range v {
			v[i] = withFloats(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = withFloats(v[key])
		}
	}
	return v
}

// operation describes one operation. Every one may meet the errors of the guards.
func (s *Server) operation(id, method, path, summary string, status int, errs ...int) huma.Operation {
	errs = append(errs, http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, DefaultStatus: status, Errors: errs,
		MaxBodyBytes: redisx.MaxCommand, BodyReadTimeout: readTimeout,
	}
}

func ok(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// ready says whether a preview would be answered: Redis can be reached and has room, and there is a
// worker that has the data which answers come from. It tells which that is, who has other data, and how
// much is in memory: what is not is loaded when it is asked for.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	stats, err := s.queue.Stats(ctx)
	why := "Redis cannot be reached"
	if err == nil {
		err, why = s.queue.Accepts(ctx), "Redis cannot be written to"
	}
	switch {
	case errors.Is(err, redisx.ErrBusy):
		problem(w, http.StatusServiceUnavailable, "Redis is out of memory: nothing can be queued")
	case redisx.Refused(err):
		problem(w, http.StatusServiceUnavailable, "Redis refuses the user of this worker: segq doctor says what it lacks")
	case err != nil:
		problem(w, http.StatusServiceUnavailable, why)
	case stats.Workers == 0:
		problem(w, http.StatusServiceUnavailable, "no worker is alive")
	case len(stats.Others) == stats.Workers:
		problem(w, http.StatusServiceUnavailable, "no worker that is alive has the data "+stats.Snapshot+", which answers come from")
	default:
		ok(w)
		h := stats.Held
		fmt.Fprintf(w, "workers %d\ncolumns %d of %d resident, %d bytes, %d loads, %d evictions\n",
			stats.Workers, h.Loaded, h.Columns, h.Bytes, h.Loads, h.Evictions)
		if stats.Snapshot != "" {
			fmt.Fprintf(w, "snapshot %s\n", stats.Snapshot)
		}
		for _, name := range slices.Sorted(maps.Keys(stats.Troubles)) { // what it is may name files
			fmt.Fprintf(w, "worker %s has old data: segq status says why\n", name)
		}
		for _, o := range stats.Others {
			fmt.Fprintf(w, "worker %s has snapshot %s and answers nothing\n", o.Worker, o.Snapshot)
		}
	}
}

// unavailable is the answer where Redis does not do what is asked. Details are for the
// log: they are not the client's.
func (s *Server) unavailable(what string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	s.options.Log.Warn("cannot serve", "what", what, "error", err)
	return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable("Redis cannot be reached, or refuses: try again"), http.Header{"Retry-After": {"2"}})
}
