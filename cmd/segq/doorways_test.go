package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
)

// recordsIn reads records, one after another.
func (r *doorRun) recordsIn(text string) (all []fields) {
	r.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		var one fields
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			r.Fatalf("%v: %s", err, text)
		}
		all = append(all, one)
	}
}

// program runs segq to its end: the whole command line, in this process, which is many
// times as fast as to start another. It is execute without signals, which are the
// process's.
func (r *doorRun) program(stdin string, args ...string) string {
	r.Helper()
	dir := r.TempDir()
	var streams [3]*os.File
	for i, text := range []string{stdin, "", ""} {
		f, err := os.Create(filepath.Join(dir, fmt.Sprint(i)))
		if err == nil {
			_, err = f.WriteString(text)
		}
		if err == nil {
			_, err = f.Seek(0, io.SeekStart)
		}
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		streams[i] = f
	}
	root := rootCommand(console.Open(streams[0], streams[1], streams[2]))
	root.SetArgs(args)
	ended := root.ExecuteContext(r.Context())
	*r.status = exit.StatusOf(r.Context(), ended)
	out, err := os.ReadFile(streams[1].Name())
	if err != nil {
		r.Fatal(err)
	}
	notes, err := os.ReadFile(streams[2].Name())
	if err != nil {
		r.Fatal(err)
	}
	*r.notes = string(notes)
	if *r.status > exit.WrongQuery && *r.status != exit.Partial {
		r.Fatalf("segq %q: status %d: %v: %s", args, *r.status, ended, notes)
	}
	return string(out)
}

// local runs segq over the data, without a queue but what args say.
func (r *doorRun) local(stdin string, args ...string) string {
	r.Helper()
	return r.program(stdin, slicesOf([]string{"--redis", ""}, args, r.flags, r.over)...)
}

// queued runs a client of the workers.
func (r *doorRun) queued(stdin string, args ...string) string {
	r.Helper()
	return r.program(stdin, slicesOf(args, r.there(), []string{"--tenant", r.tenant}, r.flags)...)
}

// there are the flags that say where the workers are.
func (r *doorRun) there() []string {
	return []string{"--redis", r.hall.building.url, "--namespace", r.hall.namespace}
}

func slicesOf(parts ...[]string) (all []string) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// written writes the queries to a file.
func (r *doorRun) written() string {
	r.Helper()
	name := filepath.Join(r.TempDir(), "q.pql")
	if err := os.WriteFile(name, []byte(r.text()), 0o600); err != nil {
		r.Fatal(err)
	}
	return name
}

func (r *doorRun) file() []fields {
	return r.recordsIn(r.local("", "--format", "ndjson", "-f", r.written()))
}

func (r *doorRun) command() []fields {
	args := []string{"--format", "ndjson"}
	for _, s := range r.statements {
		args = append(args, "-c", s.text())
	}
	return r.recordsIn(r.local("", args...))
}

func (r *doorRun) stdin() []fields { return r.recordsIn(r.local(r.text(), "--format", "ndjson")) }

func (r *doorRun) ruleFile() []fields {
	var text strings.Builder
	for _, s := range r.statements {
		text.WriteString(jsonText(map[string]string{"name": s.name, "pql": s.query}) + "\n")
	}
	return r.recordsIn(r.local(text.String(), "--format", "ndjson", "-f", "-"))
}

// array has all records in one JSON array.
func (r *doorRun) array() (all []fields) {
	d := json.NewDecoder(strings.NewReader(r.local("", "--format", "json", "-f", r.written())))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		r.Fatal(err)
	}
	return all
}

// redis has the data here and the queue there.
func (r *doorRun) redis() []fields {
	args := slicesOf([]string{"--redis", r.hall.building.url, "--format", "ndjson", "-f", r.written()}, r.flags, r.over)
	return r.recordsIn(r.program("", args...))
}

func (r *doorRun) attach() []fields {
	return r.recordsIn(r.queued("", "--attach", "--format", "ndjson", "-f", r.written()))
}

func (r *doorRun) submit() []fields {
	return r.recordsIn(r.queued("", "submit", "--wait", "--ndjson", "-f", r.written()))
}

func (r *doorRun) together() []fields {
	return r.recordsIn(r.queued("", "submit", "--wait", "--ndjson", "--together", "1000", "-f", r.written()))
}

// publish has the name as an argument.
func (r *doorRun) publish() (all []fields) {
	for i, s := range r.statements {
		args := slicesOf([]string{"publish", s.name, "--ndjson", "--as", r.to, "--tenant", r.tenant, "-f", r.written()}, r.there())
		if r.now != "" {
			args = append(args, "--now", r.now)
		}
		one := r.recordsIn(r.program("", args...))
		for _, record := range one {
			record["index"] = json.Number(fmt.Sprint(i))
		}
		all = append(all, one...)
	}
	return all
}

// commands returns the run as commands, as clients write them who know the protocol: a query
// in each, or all.
func (r *doorRun) commands(op string, all bool) (out []fields) {
	common := fields{"op": op}
	segments := map[string]string{}
	for _, s := range r.statements {
		if s.name != "" {
			segments[s.name] = s.query
		}
	}
	for key, value := range map[string]string{"by": r.by, "to": r.to, "now": r.now} {
		if value != "" {
			common[key] = value
		}
	}
	if len(segments) > 0 {
		common["segments"] = segments
	}
	if r.params != nil {
		common["params"] = r.params
	}
	if r.top > 0 {
		common["top"] = r.top
	}
	if r.sample > 0 {
		common["sample"] = r.sample
	}
	if r.seed != nil {
		common["seed"] = *r.seed
	}
	if r.values {
		common["values"] = true
	}
	if all {
		var texts, names []string
		for _, s := range r.statements {
			texts, names = append(texts, s.query), append(names, s.name)
		}
		common["queries"] = texts
		common["names"] = names
		return []fields{common}
	}
	for _, s := range r.statements {
		one := fields{"query": s.query}
		if s.name != "" {
			one["name"] = s.name
		}
		for key, value := range common {
			one[key] = value
		}
		out = append(out, one)
	}
	return out
}

// ingress pushes commands to the list from which workers take those of any client.
func (r *doorRun) ingress() []fields {
	var ids, jobs []string
	for _, c := range r.commands(r.op, r.op == "overlap") {
		c["id"], c["tenant"] = uuid.NewString(), r.tenant
		id, prefix := fmt.Sprint(c["id"]), "segq:{"+r.hall.namespace+"}:"
		ids, jobs = append(ids, id), append(jobs, prefix+"job:"+id)
		if err := r.hall.building.client.LPush(r.Context(), prefix+"in", jsonText(c)).Err(); err != nil {
			r.Fatal(err)
		}
	}
	r.hall.building.awaitKeys(r.T, jobs...) // watch ends where there is no job yet
	r.program("", slicesOf([]string{"watch"}, r.there(), ids)...)
	out := r.recordsIn(r.program("", slicesOf([]string{"results", "--ndjson"}, r.there(), ids)...))
	*r.status = -1 // that of watch and results is another
	return out
}

// request asks the preview API.
func (r *doorRun) request(method, path string, body any) (answer fields) {
	r.Helper()
	text := ""
	if body != nil {
		text = jsonText(body)
	}
	q, err := http.NewRequestWithContext(r.Context(), method, r.hall.api+path, strings.NewReader(text))
	if err != nil {
		r.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+tokenOf(r.tenant))
	got, err := http.DefaultClient.Do(q)
	if err != nil {
		r.Fatal(err)
	}
	defer got.Body.Close()
	d := json.NewDecoder(got.Body)
	d.UseNumber()
	if err := d.Decode(&answer); err != nil || got.StatusCode > 299 {
		r.Fatalf("%s %s: %d %v %v", path, text, got.StatusCode, answer, err)
	}
	return answer
}

// previews posts commands to the preview API, and gives their answers.
func (r *doorRun) previews(commands []fields) (all []fields) {
	var ids []string
	for _, c := range commands {
		ids = append(ids, fmt.Sprint(r.request("POST", "/preview", c)["previewId"]))
	}
	for _, id := range ids {
		e := r.request("GET", "/preview/"+id+"?wait=20s", nil)
		answer, ok := e["answer"].(fields)
		if !ok {
			r.Fatalf("there is no answer in %v", e)
		}
		all = append(all, answer)
	}
	return all
}

func (r *doorRun) preview() []fields { return r.previews(r.commands(r.op, r.op == "overlap")) }

// previewRules asks for all queries with one preview. What all have in common is in its
// answer, the rest in the rules of that.
func (r *doorRun) previewRules() (all []fields) {
	job := r.previews(r.commands("rules", true))[0]
	rules, _ := job["rules"].([]any)
	for i, rule := range rules {
		one := fields{"query": r.statements[i].query, "name": ""}
		for key, value := range job {
			if key != "rules" && one[key] == nil {
				one[key] = value
			}
		}
		own := rule.(fields)
		for key, value := range own {
			one[key] = value
		}
		if own["count"] == nil {
			one["total"], one["exact"] = nil, false
		}
		all = append(all, one)
	}
	return all
}
