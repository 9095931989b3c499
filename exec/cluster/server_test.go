package cluster

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/beltran/gohive/hiveserver"
	"github.com/segq/segq/exec/columncache"
	"github.com/segq/segq/exec/executor"
)

// server is a Thrift server over one view, whose rows are lines of JSON. It understands the statements of this package by
// their words, and runs in this process what they have executors run: what Spark makes of them .ci/full shows.
type server struct {
	hiveserver.TCLIService
	t     *testing.T
	at    net.Listener
	lines []string
	cache *columncache.Cache

	mu       sync.Mutex // guards what follows
	conns    map[net.Conn]bool
	sessions int
	open     int
	running  map[string]*operation
	views    map[string][][]string
	asked    []string
	// spoil may change what a statement gives: its rows, or an error. nil for as it is.
	spoil   func(ctx context.Context, sql string, rows [][]string) ([][]string, error)
	forgets bool          // the session of the next statement
	mute    chan struct{} // says nothing until it is closed; nil for a server that speaks
}

// operation is a statement.
type operation struct {
	cancel context.CancelFunc
	done   chan struct{}
	rows   [][]string
	err    error
	given  bool
}

func newServer(t *testing.T, lines ...string) *server {
	t.Helper()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, at: at, lines: lines, cache: &columncache.Cache{Folder: t.TempDir()}, conns: map[net.Conn]bool{}, running: map[string]*operation{}, views: map[string][][]string{}}
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			conn, err := at.Accept()
			if err != nil {
				return
			}
			ended.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = at.Close()
		s.cut()
		ended.Wait()
	})
	return s
}

// cut ends all connections, and what was asked over them.
func (s *server) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	for _, op := range s.running {
		op.cancel()
	}
	clear(s.running)
}

func (s *server) serve(conn net.Conn) {
	defer conn.Close()
	s.mu.Lock()
	s.conns[conn] = true
	s.mu.Unlock()
	for range 2 { // PLAIN, and who it is
		head := make([]byte, 5)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
			return
		}
	}
	if _, err := conn.Write(message(saslComplete, "")); err != nil {
		return
	}
	framed := thrift.NewTFramedTransportConf(thrift.NewTSocketFromConnConf(conn, nil), nil)
	protocol := thrift.NewTBinaryProtocolConf(framed, nil)
	processor := hiveserver.NewTCLIServiceProcessor(s)
	for {
		if ok, err := processor.Process(context.Background(), protocol, protocol); !ok || err != nil {
			return
		}
		s.mu.Lock()
		mute := s.mute
		s.mu.Unlock()
		if mute != nil {
			<-mute
		}
	}
}

var good = &hiveserver.TStatus{StatusCode: hiveserver.TStatusCode_SUCCESS_STATUS}

func bad(text string) *hiveserver.TStatus {
	return &hiveserver.TStatus{StatusCode: hiveserver.TStatusCode_ERROR_STATUS, ErrorMessage: &text}
}

func (s *server) handle(id string) *hiveserver.THandleIdentifier {
	return &hiveserver.THandleIdentifier{GUID: []byte(id), Secret: []byte("s")}
}

func (s *server) OpenSession(context.Context, *hiveserver.TOpenSessionReq) (*hiveserver.TOpenSessionResp, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions++
	s.open++
	return &hiveserver.TOpenSessionResp{Status: good, ServerProtocolVersion: hiveserver.TProtocolVersion_HIVE_CLI_SERVICE_PROTOCOL_V6,
		SessionHandle: &hiveserver.TSessionHandle{SessionId: s.handle(fmt.Sprint("session", s.sessions))}}, nil
}

func (s *server) CloseSession(context.Context, *hiveserver.TCloseSessionReq) (*hiveserver.TCloseSessionResp, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	return &hiveserver.TCloseSessionResp{Status: good}, nil
}

func (s *server) ExecuteStatement(_ context.Context, req *hiveserver.TExecuteStatementReq) (*hiveserver.TExecuteStatementResp, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forgets {
		s.forgets = false
		return &hiveserver.TExecuteStatementResp{Status: bad("org.apache.hive.service.cli.HiveSQLException: Invalid SessionHandle: SessionHandle [x]")}, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	op := &operation{cancel: cancel, done: make(chan struct{})}
	id := fmt.Sprint("op", len(s.asked))
	s.asked = append(s.asked, req.Statement)
	s.running[id] = op
	go func() {
		defer close(op.done)
		op.rows, op.err = s.run(ctx, req.Statement)
		s.mu.Lock()
		spoil := s.spoil
		s.mu.Unlock()
		if spoil != nil && op.err == nil {
			op.rows, op.err = spoil(ctx, req.Statement, op.rows)
		}
		if ctx.Err() != nil {
			op.err = ctx.Err()
		}
	}()
	has := !strings.HasPrefix(req.Statement, "CACHE") && !strings.HasPrefix(req.Statement, "CREATE")
	return &hiveserver.TExecuteStatementResp{Status: good, OperationHandle: &hiveserver.TOperationHandle{OperationId: s.handle(id), HasResultSet: has}}, nil
}

func (s *server) operation(h *hiveserver.TOperationHandle) *operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[string(h.OperationId.GUID)]
}

func (s *server) GetOperationStatus(_ context.Context, req *hiveserver.TGetOperationStatusReq) (*hiveserver.TGetOperationStatusResp, error) {
	op := s.operation(req.OperationHandle)
	answer := hiveserver.NewTGetOperationStatusResp()
	answer.Status = good
	if op == nil {
		answer.Status = bad("Invalid OperationHandle")
		return answer, nil
	}
	state := hiveserver.TOperationState_RUNNING_STATE
	select {
	case <-op.done:
		state = hiveserver.TOperationState_FINISHED_STATE
		if op.err != nil {
			state = hiveserver.TOperationState_ERROR_STATE
			text := op.err.Error()
			answer.ErrorMessage = &text
		}
	default:
	}
	answer.OperationState = &state
	return answer, nil
}

func (s *server) CancelOperation(_ context.Context, req *hiveserver.TCancelOperationReq) (*hiveserver.TCancelOperationResp, error) {
	s.operation(req.OperationHandle).cancel()
	return &hiveserver.TCancelOperationResp{Status: good}, nil
}

func (s *server) CloseOperation(_ context.Context, req *hiveserver.TCloseOperationReq) (*hiveserver.TCloseOperationResp, error) {
	op := s.operation(req.OperationHandle)
	op.cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, string(req.OperationHandle.OperationId.GUID))
	return &hiveserver.TCloseOperationResp{Status: good}, nil
}

func (s *server) FetchResults(_ context.Context, req *hiveserver.TFetchResultsReq) (*hiveserver.TFetchResultsResp, error) {
	op := s.operation(req.OperationHandle)
	set := hiveserver.NewTRowSet()
	rows := op.rows
	if op.given {
		rows = nil
	}
	op.given = true
	width := 0
	for _, row := range rows {
		width = max(width, len(row))
	}
	for i := range width {
		values := make([]string, len(rows))
		for k, row := range rows {
			values[k] = row[i]
		}
		set.Columns = append(set.Columns, &hiveserver.TColumn{StringVal: &hiveserver.TStringColumn{Values: values, Nulls: []byte{}}})
	}
	return &hiveserver.TFetchResultsResp{Status: good, Results: set}, nil
}

var (
	batchIn   = regexp.MustCompile(`IF\(k = 0, '([^']*)', ''\) AS batch`)
	viewIn    = regexp.MustCompile(`global_temp\.(segq_\w+)`)
	createdIn = regexp.MustCompile(`^CREATE GLOBAL TEMPORARY VIEW (\w+) AS `)
	howIn     = regexp.MustCompile(`--pack (\S+)'`)
)

// run does what a statement says.
func (s *server) run(ctx context.Context, sql string) ([][]string, error) {
	view := viewIn.FindStringSubmatch(sql)
	switch {
	case strings.HasPrefix(sql, "SET "), strings.HasPrefix(sql, "CACHE"):
		return nil, nil
	case strings.Contains(sql, "--probe"):
		return [][]string{{executor.Ready(), ""}}, nil
	case strings.HasPrefix(sql, "DESCRIBE"):
		return [][]string{{`{"type":"VIEW","columns":[{"name":"_id","type":{"name":"string"}},{"name":"n","type":{"name":"bigint"}}]}`}}, nil
	case strings.Contains(sql, "spark_partition_id"):
		return [][]string{{"2"}}, nil
	case strings.Contains(sql, "count(*)"):
		return [][]string{{fmt.Sprint(len(s.lines))}}, nil
	case createdIn.MatchString(sql):
		return nil, s.pack(ctx, createdIn.FindStringSubmatch(sql)[1], howIn.FindStringSubmatch(sql)[1])
	case strings.HasPrefix(sql, "UNCACHE"), strings.HasPrefix(sql, "DROP VIEW"):
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.views, view[1])
		return nil, nil
	}
	s.mu.Lock()
	splits, known := s.views[view[1]]
	s.mu.Unlock()
	if !known {
		return nil, fmt.Errorf("[TABLE_OR_VIEW_NOT_FOUND] The table or view `global_temp`.`%s` cannot be found", view[1])
	}
	if strings.HasPrefix(sql, "SELECT part, rows") {
		var rows [][]string
		for _, row := range splits {
			rows = append(rows, []string{row[0], row[2], row[3], row[4]})
		}
		return rows, nil
	}
	var rows [][]string
	for _, row := range splits {
		var out bytes.Buffer
		if err := executor.Run(ctx, strings.NewReader(row[1]+"\t"+batchIn.FindStringSubmatch(sql)[1]+"\n"), &out, executor.Options{Cache: s.cache}); err != nil {
			return nil, err
		}
		rows = append(rows, strings.Split(out.String(), "\t")[:2])
	}
	return rows, nil
}

// pack packs the rows in two parts.
func (s *server) pack(ctx context.Context, name, how string) error {
	var rows [][]string
	for _, some := range [][]string{s.lines[:len(s.lines)/2], s.lines[len(s.lines)/2:]} {
		var out bytes.Buffer
		if err := executor.Pack(ctx, strings.NewReader(strings.Join(some, "\n")+"\n"), &out, how, executor.Options{Cache: s.cache}); err != nil {
			return err
		}
		rows = append(rows, strings.Split(strings.TrimSuffix(out.String(), "\n"), "\t"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views[name] = rows
	return nil
}

// spoils sets what happens to the first n statements that have a word.
func (s *server) spoils(word string, n int, do func(ctx context.Context, rows [][]string) ([][]string, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil = func(ctx context.Context, sql string, rows [][]string) ([][]string, error) {
		s.mu.Lock()
		hit := strings.Contains(sql, word) && n > 0
		if hit {
			n--
		}
		s.mu.Unlock()
		if !hit {
			return rows, nil
		}
		return do(ctx, rows)
	}
}

var errSpoiled = errors.New("java.lang.RuntimeException: spoiled\n\tat x")
