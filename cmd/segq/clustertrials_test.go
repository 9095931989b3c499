//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// standalone is a cluster of a master and two workers on this machine, whose hosts have names of their own, so that Spark runs an
// attempt twice that is slow; with its Thrift server.
type standalone struct {
	t       *testing.T
	home    string // of Spark
	dir     string
	program string
	redis   string
	master  string
	port    string // of the server
	server  *osexec.Cmd
}

// newStandalone starts one; the test is passed over where SEGQ_TEST_SPARK_HOME names no Spark.
func newStandalone(t *testing.T) *standalone {
	t.Helper()
	s := &standalone{t: t, home: os.Getenv("SEGQ_TEST_SPARK_HOME"), program: os.Getenv("SEGQ_TEST_PROGRAM"), dir: t.TempDir()}
	if s.home == "" || s.program == "" {
		t.Skip("SEGQ_TEST_SPARK_HOME and SEGQ_TEST_PROGRAM name no Spark")
	}
	_ = os.Chmod(s.dir, 0o755)
	addr, stop, err := redistest.Start()
	redistest.Need(t, err)
	t.Cleanup(stop)
	s.redis = addr
	_, port, err := redistest.Free()
	if err != nil {
		t.Fatal(err)
	}
	if _, s.port, err = redistest.Free(); err != nil {
		t.Fatal(err)
	}
	s.master = "spark://127.0.0.1:" + port
	s.start("master", "127.0.0.1", "spark-class", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0")
	awaitPort(t, "127.0.0.1:"+port)
	for _, host := range []string{"127.0.0.1", "127.0.0.2"} {
		s.start("worker-"+host, host, "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", host, "-c", "1", "-m", "1g", "-d", s.dir, "--webui-port", "0", s.master)
	}
	s.serve()
	return s
}

// start starts a process of Spark, which ends with the test.
func (s *standalone) start(name, host, script string, args ...string) *osexec.Cmd {
	s.t.Helper()
	c := osexec.CommandContext(context.Background(), filepath.Join(s.home, "bin", script), args...)
	c.Dir = filepath.Join(s.dir, name)
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		s.t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		s.t.Fatal(err)
	}
	c.Stdout, c.Stderr = out, out
	c.Env = append(os.Environ(), "SPARK_HOME="+s.home, "SPARK_LOCAL_IP="+host, "SPARK_NO_DAEMONIZE=1")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { s.end(c); _ = out.Close() })
	return c
}

// end ends a process, with those that it has started.
func (s *standalone) end(c *osexec.Cmd) {
	if c.ProcessState == nil {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
	}
}

// serve starts the Thrift server, and waits until it listens and both workers work for it.
func (s *standalone) serve() {
	s.t.Helper()
	s.server = s.start("server", "127.0.0.1", "spark-submit", "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "--master", s.master,
		"--conf", "spark.driver.memory=1g", "--conf", "spark.executor.memory=512m", "--conf", "spark.executor.cores=1", "--conf", "spark.ui.enabled=false",
		"--conf", "spark.scheduler.mode=FAIR", "--conf", "spark.sql.thriftServer.interruptOnCancel=true",
		"--conf", "spark.speculation=true", "--conf", "spark.speculation.interval=200ms", "--conf", "spark.speculation.multiplier=2", "--conf", "spark.speculation.minTaskRuntime=1s", "--conf", "spark.speculation.quantile=0.5",
		"--conf", "spark.executorEnv.SEGQ_REDIS_SECRET=redis://"+s.redis,
		"--hiveconf", "hive.server2.thrift.port="+s.port, "--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1", "spark-internal")
	awaitPort(s.t, "127.0.0.1:"+s.port)
}

func awaitPort(t *testing.T, addr string) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return
		} else if time.Since(began) > 3*time.Minute {
			t.Fatal(err)
		}
	}
}

// open opens the table, as segq does with a Redis.
func (s *standalone) open(t *testing.T) *cluster.Cluster {
	t.Helper()
	client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + s.redis})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	a, err := cluster.ParseAddress("spark://127.0.0.1:" + s.port + "/segq_trials")
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Open(t.Context(), a, cluster.Options{Program: s.program, Splits: 2, Meter: func(name string) (cluster.Meter, error) { return client.Meter(name) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if why := c.Unmetered(); why != "" {
		t.Fatal(why)
	}
	return c
}

// process is one below the folder of the cluster.
type process struct {
	pid  int
	line string
}

// processes are those that work below the folder of the cluster and have a word in their command line.
func (s *standalone) processes(word string) (all []process) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		text, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		cwd, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if line := string(bytes.ReplaceAll(text, []byte{0}, []byte{' '})); strings.HasPrefix(cwd, s.dir) && strings.Contains(line, word) {
			all = append(all, process{pid, line})
		}
	}
	return all
}

// The processes of executors, and of segq that they have started.
const (
	executorWord = "CoarseGrainedExecutorBackend"
	taskWord     = " task --tick "
)

// await waits for as many processes with a word, or for none.
func (s *standalone) await(word string, some bool) (all []process, took time.Duration) {
	s.t.Helper()
	began := time.Now()
	for {
		if all = slices.DeleteFunc(s.processes(word), func(p process) bool { return strings.HasPrefix(p.line, "bash") }); len(all) > 0 == some {
			return all, time.Since(began)
		}
		if time.Since(began) > time.Minute {
			s.t.Fatalf("there are %d processes with %q", len(all), word)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// trialRules are rules that take some seconds together.
func trialRules(t *testing.T, snap *column.Snapshot, n int) exec.Batch {
	t.Helper()
	b := exec.Batch{Now: taskNow}
	for i := range n {
		text := fmt.Sprintf("exists A from xEvent, B from xEvent where A.commerce.order.priceTotal > B.commerce.order.priceTotal + %d", 100+7*i)
		q, problems := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
		if problems.Failed() {
			t.Fatal(problems)
		}
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q})
	}
	return b
}

// TestClusterTrials has what may fail on a cluster fail under a batch. The counts are those of the engine here, each query ends once, and no process is
// left.
func TestClusterTrials(t *testing.T) {
	s := newStandalone(t)
	files := trialFiles(t)
	snap, _, err := load.Open(t.Context(), files, load.Options{SharedIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	onCluster(t, "127.0.0.1:"+s.port, "segq_trials", files)
	engine := resident.New(snap, resident.Options{})
	defer engine.Close()
	const rules = 10
	want, err := engine.Run(t.Context(), trialRules(t, snap, rules))
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range []struct {
		name string
		fail func(t *testing.T, tasks []process)
	}{
		{"nothing", func(*testing.T, []process) {}},
		{"an executor is killed", func(t *testing.T, _ []process) { s.kill(t, s.processes(executorWord)[0], syscall.SIGKILL) }},
		{"a task is killed", func(t *testing.T, tasks []process) { s.kill(t, tasks[0], syscall.SIGKILL) }},
		{"a task hangs, and Spark tries it twice", func(t *testing.T, tasks []process) {
			s.kill(t, tasks[0], syscall.SIGSTOP)
			t.Cleanup(func() { _ = syscall.Kill(tasks[0].pid, syscall.SIGKILL) })
		}},
		{"the server is started anew", func(t *testing.T, _ []process) { s.end(s.server); s.serve() }},
		{"Redis goes and comes back", func(t *testing.T, _ []process) {
			client, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + s.redis})
			if err != nil {
				t.Fatal(err)
			}
			p := client.Pool("trial", 1, time.Second)
			_ = p.ShutdownNoSave(t.Context()).Err() // it says nothing any more
			_, _ = p.Close(), client.Close()
			stop, err := redistest.Again(s.redis)
			if err != nil {
				t.Fatal(err)
			}
			s.t.Cleanup(stop)
		}},
	} {
		t.Run(trial.name, func(t *testing.T) {
			c := s.open(t)
			if n, err := c.Run(t.Context(), trialRules(t, c.Snapshot(), 1)); err != nil || n[0].Err != nil {
				t.Fatal(n, err)
			}
			asked := trialRules(t, c.Snapshot(), rules)
			ends := make(chan string, 2*rules)
			asked.Done = func(r exec.Result) { ends <- r.ID }
			began, done := time.Now(), make(chan []exec.Result, 1)
			go func() {
				got, err := c.Run(t.Context(), asked)
				if err != nil {
					t.Error(err)
				}
				done <- got
			}()
			tasks, _ := s.await(taskWord, true)
			trial.fail(t, tasks)
			got := <-done
			t.Logf("%s: the batch took %v", trial.name, time.Since(began).Round(10*time.Millisecond))
			for i, r := range got {
				if r.Err != nil || r.Count != want[i].Count || r.Total != want[i].Total {
					t.Errorf("rule %d: %d of %d %v, and not %d of %d", i, r.Count, r.Total, r.Err, want[i].Count, want[i].Total)
				}
			}
			if len(ends) != rules {
				t.Errorf("%d queries have ended %d times", rules, len(ends))
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if !strings.Contains(trial.name, "hangs") {
				_, took := s.await(taskWord, false)
				t.Logf("%s: no process was left after %v", trial.name, took.Round(time.Millisecond))
			}
		})
	}
	t.Run("segq is killed", func(t *testing.T) {
		c := osexec.CommandContext(t.Context(), s.program, "--no-config", "--cluster", "spark://127.0.0.1:"+s.port+"/segq_trials", "-c", trialEndless())
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		s.await(taskWord, true)
		_ = c.Process.Kill()
		_ = c.Wait()
		_, took := s.await(taskWord, false)
		t.Logf("segq is killed: no process was left after %v", took.Round(time.Millisecond))
		if took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
	t.Run("cancelled", func(t *testing.T) { s.cancelled(t) })
}

// cancelled measures how long it takes from the end of a batch that nobody waits for to the end of its processes.
func (s *standalone) cancelled(t *testing.T) {
	c := s.open(t)
	q, problems := lang.Compile(trialEndless(), column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	n := 50
	if testing.Short() {
		n = 3
	}
	var all []time.Duration
	for range n {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			got, err := c.Run(ctx, exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q}}})
			if err == nil {
				err = got[0].Err
			}
			done <- err
		}()
		s.await(taskWord, true)
		cancel()
		_, took := s.await(taskWord, false)
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		all = append(all, took)
	}
	slices.Sort(all)
	t.Logf("cancelled: of %d, half of the processes were gone after %v, the 99th in a hundred after %v, the last after %v", n, all[n/2], all[(n*99-1)/100], all[n-1])
	if all[(n*99-1)/100] > 2*time.Second {
		t.Error("that is more than two seconds")
	}
}

func (s *standalone) kill(t *testing.T, p process, with syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(p.pid, with); err != nil {
		t.Fatal(err)
	}
}

func trialEndless() string {
	return "exists " + strings.Join(slowDeclarations(9), ", ") + " where A.commerce.order.priceTotal + I.commerce.order.priceTotal < 0"
}

// trialFiles are two files of some size.
func trialFiles(t *testing.T) (files []string) {
	t.Helper()
	dir := t.TempDir()
	for i := range 2 {
		file := filepath.Join(dir, fmt.Sprintf("%d.parquet", i))
		if out, err := segqCommand(t, "", "gen", "--profiles", "40000", "--seed", fmt.Sprint(i+1), "-o", file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		files = append(files, file)
	}
	return files
}
