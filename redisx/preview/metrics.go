package preview

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/segq/segq/redisx"
)

// metrics are what Prometheus reads: of the queue, whose figures are in Redis and the
// same from every process, and of the requests to this one.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(queue *redisx.Client) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "segq_http_request_seconds", Help: "How long HTTP requests took.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10, 30},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(m.requests, &queueCollector{queue}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "segq_redis_errors_total", Help: "Commands of this process to Redis that failed.",
		}, func() float64 { return float64(queue.Errors()) }))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// request notes how a request went.
func (m *metrics) request(method, route string, status int, took time.Duration) {
	if method != http.MethodGet && method != http.MethodPost && method != http.MethodDelete {
		method = "other" // clients may send any word
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// queueCollector reads the figures of the queue when they are asked for.
type queueCollector struct{ queue *redisx.Client }

// figure describes one figure of the queue.
func figure(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("segq_"+name, help, labels, nil)
}

var (
	figureUp      = figure("redis_up", "Whether the figures of the queue could be read.")
	figureDepth   = figure("queue_depth", "Jobs that are queued.", "class")
	figureAge     = figure("queue_age_seconds", "How long that job has waited which has waited longest of those first in their queues.", "class")
	figureJobs    = figure("jobs", "Jobs that have not ended, and dead letters that are kept.", "state")
	figurePushed  = figure("pushed_commands", "Commands that were pushed and are not jobs yet.")
	figureWorkers = figure("workers", "Workers that are alive.")
	figureOthers  = figure("workers_other_data", "Workers that are alive and answer nothing, because they have other data than the queue.")
	figureEnded   = figure("jobs_ended_total", "Jobs that have ended.", "state")
	figureColumns = figure("columns", "Columns of the data of all workers.")
	figureLoaded  = figure("columns_resident", "Columns that are in memory.")
	figureBytes   = figure("resident_bytes", "Bytes that the columns in memory hold.")
	figureLoads   = figure("column_loads_total", "Columns that workers which are alive have read.")
	figureEvicted = figure("column_evictions_total", "Columns that they have given up to make room.")
	figureReloads = figure("reloads_total", "How often workers which are alive have loaded newer data, or could not.", "result")
	figureSince   = figure("data_loaded_timestamp_seconds", "When the data was loaded of that worker whose data was loaded first.")
	figureOld     = figure("workers_old_data", "Workers that are alive and have a trouble with their data, such as that newer data could not be loaded.")
	figureRun     = figure("run_seconds_total", "Seconds that jobs ran which have ended.")
	figureRows    = figure("rows_read_total", "Profiles that jobs read which have ended.")
)

// counted are the figures that are only counted, by their name in redisx.
var counted = map[string]*prometheus.Desc{
	"submitted": figure("jobs_submitted_total", "Commands that became jobs."),
	"claimed":   figure("claims_total", "Jobs that workers took."),
	"cached":    figure("cache_hits_total", "Jobs that were answered from the cache."),
	"shared":    figure("shared_runs_total", "Jobs that shared the run of another."),
	"fenced":    figure("fences_total", "Steps of old attempts that were refused."),
	"retried":   figure("retries_total", "Attempts that met an error which may pass."),
	"released":  figure("releases_total", "Jobs that workers gave back when they stopped."),
	"moved":     figure("snapshot_moves_total", "Moves of the queue to other data."),
	"lost":      figure("leases_lost_total", "Jobs that were lost with their worker."),
}

// ended are the final states.
var ended = []redisx.State{redisx.Done, redisx.Truncated, redisx.Failed, redisx.Cancelled, redisx.Expired, redisx.Dead}

// Describe names the figures.
func (c *queueCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{figureUp, figureDepth, figureAge, figureJobs, figurePushed, figureWorkers, figureOthers, figureEnded, figureRun, figureRows,
		figureColumns, figureLoaded, figureBytes, figureLoads, figureEvicted, figureReloads, figureSince, figureOld} {
		out <- d
	}
	for _, d := range counted {
		out <- d
	}
}

// Collect reads them. Where Redis cannot be reached, only that is told.
func (c *queueCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	s, err := c.queue.Stats(ctx)
	if err != nil {
		gauge(figureUp, 0)
		return
	}
	gauge(figureUp, 1)
	for _, class := range s.Classes {
		gauge(figureDepth, float64(class.Depth), class.Class)
		gauge(figureAge, class.Age.Seconds(), class.Class)
	}
	for state, n := range map[string]int64{"running": s.Running, "delayed": s.Delayed, "suspect": s.Suspect, "open": s.Open, "dead": s.Dead} {
		gauge(figureJobs, float64(n), state)
	}
	gauge(figurePushed, float64(s.Pushed))
	gauge(figureWorkers, float64(s.Workers))
	gauge(figureOthers, float64(len(s.Others)))
	for name, d := range counted {
		count(d, float64(s.Counted[name]))
	}
	for _, state := range ended {
		count(figureEnded, float64(s.Counted[string(state)]), string(state))
	}
	gauge(figureColumns, float64(s.Held.Columns))
	gauge(figureLoaded, float64(s.Held.Loaded))
	gauge(figureBytes, float64(s.Held.Bytes))
	count(figureLoads, float64(s.Held.Loads))
	count(figureEvicted, float64(s.Held.Evictions))
	count(figureReloads, float64(s.Held.Reloads), "loaded")
	count(figureReloads, float64(s.Held.Failed), "failed")
	if !s.Held.Since.IsZero() {
		gauge(figureSince, float64(s.Held.Since.UnixMilli())/1000)
	}
	gauge(figureOld, float64(len(s.Troubles)))
	count(figureRun, float64(s.Counted["run_ms"])/1000)
	count(figureRows, float64(s.Counted["rows"]))
}
