package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// truth is a row of exec/exectest/testdata/truths: a query, the profile that it is
// asked of, and whether it holds there.
type truth struct {
	query, profile string
	holds          bool
}

// readTruths reads the profiles and the conditions of the script. Rows that give
// a value other than true and false are left to the script itself.
func readTruths(t *testing.T) (data string, now string, all []truth) {
	t.Helper()
	f, err := os.Open("../../exec/exectest/testdata/truths")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	var block []string
	finish := func() {
		switch {
		case len(block) == 0:
		case block[0] == "data":
			data = strings.Join(block[1:len(block)-2], "\n")
		case strings.HasPrefix(block[0], "now "):
			now = strings.TrimPrefix(block[0], "now ")
		case strings.HasPrefix(block[0], "query only="):
			answer := block[len(block)-1]
			if answer == "true" || answer == "false" {
				all = append(all, truth{strings.Join(block[1:len(block)-2], " "), strings.TrimPrefix(block[0], "query only="), answer == "true"})
			}
		}
		block = nil
	}
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "":
			finish()
		case !strings.HasPrefix(line, "#"):
			block = append(block, line)
		}
	}
	finish()
	return data, now, all
}

// TestTruthsThroughTheProgram asks the truths of the program itself: all queries in
// one run, with the ids of their matches.
func TestTruthsThroughTheProgram(t *testing.T) {
	t.Parallel()
	data, now, truths := readTruths(t)
	if len(truths) < 80 {
		t.Fatalf("only %d truths", len(truths))
	}
	segq, rules, profiles := writeTruths(t, data, truths)
	out, err := exec.Command(segq, "-q", "--format", "ndjson", "--now", now, "--sample", "1000", "-f", rules, profiles).Output()
	if err != nil {
		t.Fatalf("segq: %v", err)
	}
	records := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(records) != len(truths) {
		t.Fatalf("%d records for %d truths", len(records), len(truths))
	}
	for i, line := range records {
		r, err := record.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		holds := strings.Contains(" "+strings.Join(r.Sample, " ")+" ", " "+truths[i].profile+" ")
		if r.Status != record.OK || holds != truths[i].holds {
			t.Errorf("%s of %s: %v, not %v (%s)", truths[i].query, truths[i].profile, holds, truths[i].holds, line)
		}
	}
}

// writeTruths writes the profiles of truths, and their queries as rules, and returns the program.
func writeTruths(t *testing.T, data string, truths []truth) (segq, rules, profiles string) {
	t.Helper()
	dir := t.TempDir()
	profiles, rules = filepath.Join(dir, "p.ndjson"), filepath.Join(dir, "rules.ndjson")
	var text strings.Builder
	for _, x := range truths {
		line, err := json.Marshal(map[string]string{"pql": x.query})
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	for name, content := range map[string]string{profiles: data, rules: text.String()} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	segq = filepath.Join(dir, "segq")
	if err := os.Symlink(exe, segq); err != nil {
		t.Skipf("there are no symbolic links here: %v", err)
	}
	return segq, rules, profiles
}

// TestWhyOfTruths asks why of each profile: the verdict is the printed one, in each truth, and the tree says the same.
func TestWhyOfTruths(t *testing.T) {
	t.Parallel()
	data, now, truths := readTruths(t)
	segq, rules, profiles := writeTruths(t, data, truths)
	told, asked := map[string]*record.Record{}, 0
	for i, x := range truths {
		r := told[x.profile]
		if r == nil {
			out, err := exec.Command(segq, "why", x.profile, "-q", "--ndjson", "--explain", "--now", now, "-f", rules, profiles).Output()
			if err != nil {
				t.Fatalf("segq why %s: %v", x.profile, err)
			}
			if r, err = record.Decode(out); err != nil {
				t.Fatal(err)
			}
			told[x.profile] = r
		}
		if r.Why == nil || r.Why.Profile != x.profile || len(r.Why.Rules) != len(truths) {
			t.Fatalf("%s: %+v", x.profile, r)
		}
		rule := r.Why.Rules[i]
		if rule.In == nil || *rule.In != x.holds || rule.Tree == nil || (rule.Tree.Verdict == record.WhyTrue) != x.holds {
			t.Errorf("%s of %s is %v, not %v", x.query, x.profile, rule.In, x.holds)
		}
		asked++
	}
	if asked < 80 {
		t.Errorf("only %d truths", asked)
	}
}
