package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// initialised is what the runtime says of a package that it has initialised.
var initialised = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes`)

// beforeMain: no package, of ours or of others, does much before main. Every process
// pays for that, also one that only prints its version.
func beforeMain(t *testing.T, name string) {
	const (
		runs      = 10 // the best of them counts: others use the machine too
		mostTime  = 3  // milliseconds, of a package
		mostBytes = 256 << 10
		mostInAll = 2 << 20
	)
	took, bytes := map[string]float64{}, map[string]int{}
	for range runs {
		for _, m := range traceOfInit(t, name) {
			ms, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(m[0], err)
			}
			if least, again := took[m[1]]; !again || ms < least {
				took[m[1]] = ms
			}
			bytes[m[1]], _ = strconv.Atoi(m[3])
		}
	}
	all := 0
	for pkg, ms := range took {
		all += bytes[pkg]
		if ms > mostTime || bytes[pkg] > mostBytes {
			t.Errorf("%s takes %v ms and %d bytes before main", pkg, ms, bytes[pkg])
		}
	}
	if bytes[module+"lang/parse"] == 0 || all > mostInAll {
		t.Errorf("%d packages take %d bytes before main", len(took), all)
	}
}

// traceOfInit starts segq once. It gives a match for each package.
func traceOfInit(t *testing.T, name string) [][]string {
	cmd := exec.Command(name, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return initialised.FindAllStringSubmatch(string(out), -1)
}
