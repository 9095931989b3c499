package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/beltran/gohive/hiveserver"
)

// session is a session of a Thrift server. It runs one statement at a time.
type session struct {
	transport *transport
	client    *hiveserver.TCLIServiceClient
	handle    *hiveserver.TSessionHandle

	mu     sync.Mutex // had by who talks to the server
	broken error      // why the connection is of no use any more
}

// longPoll is how long the server may hold a question after a statement: nothing can be cancelled meanwhile.
const longPoll = 100 * time.Millisecond

const (
	// noteWithin is how long the server may take for what it only notes, statusWithin for how a statement is, and
	// replyWithin for what is more.
	noteWithin   = 5 * time.Second
	statusWithin = longPoll + 15*time.Second
	replyWithin  = time.Minute
	// graceWithin is how long it may still take when nobody waits any more. Then the connection is closed, by which the
	// server ends the statement.
	graceWithin = 1500 * time.Millisecond
)

// row is a row of a result, as texts; nil for null.
type row []*string

// settings are those of sessions.
var settings = map[string]string{
	"spark.sql.thriftServer.interruptOnCancel": "true",
	// Names mean what they mean whatever the case of letters, and are no variables.
	"spark.sql.caseSensitive":       "false",
	"spark.sql.variable.substitute": "false",
}

// connect opens a session. settings are those of Spark, by their names.
func connect(ctx context.Context, a Address, password string, settings map[string]string) (*session, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", a.Host)
	if err != nil {
		return nil, fmt.Errorf("cannot reach the cluster: %w", err)
	}
	_ = conn.SetDeadline(time.Now().Add(replyWithin))
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	s, err := login(conn, a, password, settings)
	if err != nil {
		_ = conn.Close()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%s: %w", a.Host, err)
	}
	return s, nil
}

// noPassword is what a server is told that asks for none: it minds an empty one.
const noPassword = "none"

func login(conn net.Conn, a Address, password string, settings map[string]string) (*session, error) {
	password = cmp.Or(password, noPassword)
	t, err := handshake(conn, a.User, password)
	if err != nil {
		return nil, err
	}
	s := &session{transport: t, client: hiveserver.NewTCLIServiceClientFactory(t, thrift.NewTBinaryProtocolFactoryConf(nil))}
	open := hiveserver.NewTOpenSessionReq()
	open.ClientProtocol = hiveserver.TProtocolVersion_HIVE_CLI_SERVICE_PROTOCOL_V6
	open.Username, open.Password = &a.User, &password
	open.Configuration = map[string]string{"set:hiveconf:hive.server2.long.polling.timeout": fmt.Sprintf("%dms", longPoll.Milliseconds())}
	for name, value := range settings {
		open.Configuration["set:hiveconf:"+name] = value
	}
	answer, err := s.client.OpenSession(context.Background(), open)
	if err != nil {
		return nil, fmt.Errorf("no session: %w", err)
	}
	if err := statusError(answer.Status); err != nil {
		return nil, err
	}
	s.handle = answer.SessionHandle
	return s, nil
}

// close ends the session, and what is left of its statements.
func (s *session) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		ctx := context.Background()
		defer s.transport.during(ctx, noteWithin)()
		_, _ = s.client.CloseSession(ctx, &hiveserver.TCloseSessionReq{SessionHandle: s.handle}) // it ends with the connection as well
	}
	_ = s.transport.Close()
	s.broken = net.ErrClosed
}

// query runs a statement to its end, and returns its rows. When ctx is done the statement is cancelled; the error is the cause of
// that then.
func (s *session) query(ctx context.Context, sql string) (all []row, err error) {
	err = s.each(ctx, sql, fetchRows, func(rows []row) error {
		all = append(all, rows...)
		return nil
	})
	return all, err
}

// each is query for rows that are taken as they come, so many together. The error is that of who takes them, who may want no more: errEnough is none.
func (s *session) each(ctx context.Context, sql string, atOnce int64, take func([]row) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return &lostError{s.broken}
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	var of *hiveserver.TOperationHandle
	err := s.ask(ctx, replyWithin, func(ctx context.Context) error {
		answer, err := s.client.ExecuteStatement(ctx, &hiveserver.TExecuteStatementReq{SessionHandle: s.handle, Statement: sql, RunAsync: true})
		if err != nil {
			return err
		}
		of = answer.OperationHandle
		return statusError(answer.Status)
	})
	if err != nil {
		return err
	}
	defer func() { s.forget(ctx, of) }()
	if err := s.await(ctx, of); err != nil {
		return err
	}
	if !of.HasResultSet {
		return nil
	}
	if err := s.fetch(ctx, of, atOnce, take); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	return nil
}

// ask talks to the server, and notes when the connection is lost by that: what is no answer of the server leaves it out of step.
func (s *session) ask(ctx context.Context, within time.Duration, do func(context.Context) error) error {
	end := s.transport.during(ctx, within)
	defer end()
	err := do(context.WithoutCancel(ctx))
	var failed *StatementError
	var refused thrift.TApplicationException
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed) && !failed.forgotten(), errors.As(err, &refused):
		return err
	}
	s.broken = err
	_ = s.transport.Close() // it is of no use
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &lostError{err}
}

// lostError says that the connection was lost: whether the statement has run nobody knows, and it is asked again over
// another one.
type lostError struct{ err error }

func (e *lostError) Error() string { return "the connection to the cluster was lost: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// await waits for the end of a statement.
func (s *session) await(ctx context.Context, of *hiveserver.TOperationHandle) error {
	for silent := 0; ; {
		if ctx.Err() != nil {
			s.cancel(of)
			return context.Cause(ctx)
		}
		var answer *hiveserver.TGetOperationStatusResp
		err := s.ask(ctx, statusWithin, func(ctx context.Context) (err error) {
			answer, err = s.client.GetOperationStatus(ctx, &hiveserver.TGetOperationStatusReq{OperationHandle: of})
			if err == nil {
				err = statusError(answer.Status)
			}
			return err
		})
		if err != nil {
			return err
		}
		switch answer.GetOperationState() {
		case hiveserver.TOperationState_FINISHED_STATE:
			return nil
		case hiveserver.TOperationState_INITIALIZED_STATE, hiveserver.TOperationState_PENDING_STATE, hiveserver.TOperationState_RUNNING_STATE:
			continue
		case hiveserver.TOperationState_TIMEDOUT_STATE:
			return errors.New("the cluster has ended the statement: its time was over (spark.sql.thriftServer.queryTimeout)")
		case hiveserver.TOperationState_CANCELED_STATE, hiveserver.TOperationState_CLOSED_STATE:
			return errors.New("somebody has cancelled the statement on the cluster")
		}
		if text := answer.GetErrorMessage(); text != "" {
			return &StatementError{Message: firstLine(text), text: text}
		}
		// The text of an error comes a moment after its state.
		if silent++; silent > 20 {
			return errors.New("the statement has failed on the cluster, which does not say why")
		}
		time.Sleep(longPoll / 2)
	}
}

// cancel ends a statement.
func (s *session) cancel(of *hiveserver.TOperationHandle) {
	s.note(graceWithin, func(ctx context.Context) error {
		_, err := s.client.CancelOperation(ctx, &hiveserver.TCancelOperationReq{OperationHandle: of})
		return err
	})
}

// forget frees what the server has of a statement.
func (s *session) forget(ctx context.Context, of *hiveserver.TOperationHandle) {
	within := noteWithin
	if ctx.Err() != nil {
		within = graceWithin
	}
	s.note(within, func(ctx context.Context) error {
		_, err := s.client.CloseOperation(ctx, &hiveserver.TCloseOperationReq{OperationHandle: of})
		return err
	})
}

// note tells the server something, whose answer nobody needs.
func (s *session) note(within time.Duration, do func(context.Context) error) {
	if s.broken != nil {
		return
	}
	_ = s.ask(context.Background(), within, do) // a connection that is lost is noted, and ends it as well
}

// fetchRows is how many rows are fetched at once.
const fetchRows = 1000

// fetch has the rows of a statement taken that has ended, so many together.
func (s *session) fetch(ctx context.Context, of *hiveserver.TOperationHandle, atOnce int64, take func([]row) error) error {
	for {
		var rows []row
		err := s.ask(ctx, replyWithin, func(ctx context.Context) error {
			answer, err := s.client.FetchResults(ctx, &hiveserver.TFetchResultsReq{OperationHandle: of, Orientation: hiveserver.TFetchOrientation_FETCH_NEXT, MaxRows: atOnce})
			if err != nil {
				return err
			}
			if err := statusError(answer.Status); err != nil {
				return err
			}
			rows, err = rowsOf(answer.Results)
			return err
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		if err := take(rows); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// rowsOf turns columns into rows. All that segq asks for are texts.
func rowsOf(set *hiveserver.TRowSet) ([]row, error) {
	if set == nil {
		return nil, nil
	}
	var rows []row
	for i, c := range set.Columns {
		if c.StringVal == nil {
			return nil, fmt.Errorf("column %d of the result has no texts", i+1)
		}
		if i == 0 {
			rows = make([]row, len(c.StringVal.Values))
			for r := range rows {
				rows[r] = make(row, len(set.Columns))
			}
		}
		if len(c.StringVal.Values) != len(rows) {
			return nil, fmt.Errorf("column %d of the result has %d rows, and the first has %d", i+1, len(c.StringVal.Values), len(rows))
		}
		for r := range rows {
			if nulls := c.StringVal.Nulls; r/8 >= len(nulls) || nulls[r/8]&(1<<(r%8)) == 0 {
				rows[r][i] = &c.StringVal.Values[r]
			}
		}
	}
	return rows, nil
}

// text is a cell, "" for null.
func (r row) text(i int) string {
	if i >= len(r) || r[i] == nil {
		return ""
	}
	return *r[i]
}

// statusError is the error of what the server answers.
func statusError(s *hiveserver.TStatus) error {
	switch {
	case s == nil:
		return errors.New("the server does not say how it went")
	case s.StatusCode == hiveserver.TStatusCode_SUCCESS_STATUS, s.StatusCode == hiveserver.TStatusCode_SUCCESS_WITH_INFO_STATUS:
		return nil
	}
	text := s.GetErrorMessage()
	if text == "" {
		text = strings.Join(s.InfoMessages, " ")
	}
	return &StatementError{Message: firstLine(text), text: text}
}

// Execute runs a statement in a session of its own, for who sets up tables.
func Execute(ctx context.Context, a Address, sql string) error {
	_, err := Ask(ctx, a, sql)
	return err
}

// Ask does so, and returns the rows, all of whose columns are to be texts: "" for null.
func Ask(ctx context.Context, a Address, sql string) (all [][]string, err error) {
	s, err := connect(ctx, a, "", map[string]string{"spark.sql.session.timeZone": "UTC"})
	if err != nil {
		return nil, err
	}
	defer s.close()
	rows, err := s.query(ctx, sql)
	for _, r := range rows {
		texts := make([]string, len(r))
		for i := range r {
			texts[i] = r.text(i)
		}
		all = append(all, texts)
	}
	return all, err
}
