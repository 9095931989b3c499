package preview

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/segq/segq/redisx"
)

// problem answers with an error in the form of RFC 9457.
func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}

// guard stands before everything: it bounds and checks requests and finds out whose
// they are. The first check is the outermost.
func (s *Server) guard(next http.Handler) http.Handler {
	next = s.authorised(next)
	next = s.jsonOnly(next)
	next = http.NewCrossOriginProtection().Handler(next)
	next = s.knownHost(next)
	return s.observed(next)
}

// open are the paths that need no token: they tell nothing of any tenant.
var open = []string{"/healthz", "/readyz", "/openapi.json", "/openapi.yaml"}

// authorised finds the tenant by the token, and holds it to its rate and its share of the
// connections.
func (s *Server) authorised(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(open, r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		tenant, ok := s.options.Access.tenant(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", "Bearer")
			problem(w, http.StatusUnauthorized, "send a token that is known here: Authorization: Bearer TOKEN")
			return
		}
		if metrics := r.URL.Path == "/metrics"; s.options.Access != nil && metrics != (tenant == operator) {
			problem(w, http.StatusForbidden, "the metrics are for a token of the tenant *, and that is for nothing else")
			return
		}
		if wait := s.limits.wait(tenant); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(1+int(wait.Seconds())))
			problem(w, http.StatusTooManyRequests, fmt.Sprintf("more than %d requests a second: slow down", s.options.Rate))
			return
		}
		if !s.limits.begin(tenant) {
			w.Header().Set("Retry-After", "1")
			problem(w, http.StatusTooManyRequests, fmt.Sprintf("more than %d requests at a time: wait until some have their answers", s.limits.most))
			return
		}
		defer s.limits.end(tenant)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tenantKey{}, tenant)))
	})
}

// jsonOnly bounds bodies and refuses those that are no JSON: a form that a page of
// somebody else's posts is none.
func (s *Server) jsonOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
			if err != nil || kind != "application/json" {
				problem(w, http.StatusUnsupportedMediaType, "send JSON, with Content-Type: application/json")
				return
			}
		}
		most := int64(redisx.MaxCommand)
		if r.URL.Path == "/qualify" {
			most = maxQualify
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// knownHost refuses requests for a host that is not this one.
func (s *Server) knownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		host = strings.ToLower(strings.Trim(host, "[]"))
		local := host == "localhost" || host == "127.0.0.1" || host == "::1"
		if !local && !s.options.AnyHost && !slices.Contains(s.options.Hosts, host) {
			problem(w, http.StatusMisdirectedRequest, "this server does not go by that name: see --http-host")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// observed counts and times requests, and contains what goes wrong in one.
func (s *Server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		seen := &seenWriter{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				_, file, line, _ := runtime.Caller(2)
				s.options.Log.Error("a request panicked", "method", r.Method, "route", route(r), "at", fmt.Sprint(file, ":", line))
				if seen.status == 0 {
					problem(seen, http.StatusInternalServerError, "the server failed: its log says more")
				}
			}
			s.metrics.request(r.Method, route(r), seen.status, time.Since(start))
			s.options.Log.Debug("request", "method", r.Method, "route", route(r), "status", seen.status, "ms", time.Since(start).Milliseconds())
		}()
		next.ServeHTTP(seen, r)
	})
}

// route names what a request asks for, without what varies.
func route(r *http.Request) string {
	path, rest, below := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case path == "preview" && strings.HasSuffix(rest, "/events"):
		return "/preview/{id}/events"
	case path == "preview" && below:
		return "/preview/{id}"
	case slices.Contains([]string{"preview", "schema", "metrics", "healthz", "readyz", "openapi.json", "openapi.yaml"}, path):
		return "/" + path
	}
	return "other"
}

// seenWriter notes the status of an answer.
type seenWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *seenWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that there was no other status.
func (w *seenWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap returns what streams need: flushing and deadlines.
func (w *seenWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// limits holds each tenant to a rate of requests, and to so many at a time. There are as
// many as there are tenants with tokens.
type limits struct {
	rate        rate.Limit
	burst, most int

	mu      sync.Mutex // guards what follows
	tenants map[string]*rate.Limiter
	running map[string]int // requests
}

// newLimits returns limits by options. Of the connections, which requests that wait hold for
// long, a tenant has a quarter; where there is but one, three of them: the last is for
// whoever asks after the health of the server.
func newLimits(o *Options) *limits {
	most := o.Connections / 4
	if o.Access == nil {
		most *= 3
	}
	return &limits{
		rate: rate.Limit(o.Rate), burst: o.Burst, most: max(1, most),
		tenants: map[string]*rate.Limiter{}, running: map[string]int{},
	}
}

// begin says whether a tenant may have one more request at a time; then end must follow.
func (l *limits) begin(tenant string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running[tenant] >= l.most {
		return false
	}
	l.running[tenant]++
	return true
}

func (l *limits) end(tenant string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running[tenant]--
}

// wait says how long a tenant should wait before its next request, 0 for not at all.
func (l *limits) wait(tenant string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter := l.tenants[tenant]
	if limiter == nil {
		limiter = rate.NewLimiter(l.rate, l.burst)
		l.tenants[tenant] = limiter
	}
	r := limiter.Reserve()
	wait := r.Delay()
	if wait > 0 {
		r.Cancel()
	}
	return wait
}
