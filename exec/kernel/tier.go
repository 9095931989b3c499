package kernel

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// tierVariable is the environment variable that asks for a lower tier than the
// processor has.
const tierVariable = "SEGQ_KERNEL"

// portable is the name of the tier that every processor has.
const portable = "portable"

// active is the tier in use. It never changes after the start of the program.
var active, tierError = chooseTier(os.Getenv(tierVariable), tiers())

// Tier names the set of instructions in use: "avx512", "avx2", "neon" or
// "portable". The error says that the environment asks for one that this processor
// does not have; then the best one is in use.
func Tier() (string, error) { return active, tierError }

// Tiers names those that this processor has, the best first.
func Tiers() []string { return tiers() }

// chooseTier returns the tier called want, or the best when want is empty.
func chooseTier(want string, have []string) (string, error) {
	if want == "" {
		return have[0], nil
	}
	if slices.Contains(have, want) {
		return want, nil
	}
	return have[0], fmt.Errorf("%s=%s: this processor has only %s", tierVariable, want, strings.Join(have, ", "))
}
