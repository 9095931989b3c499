package preview

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"github.com/segq/segq/redisx"
)

// anonymous is the tenant of everybody where there are no tokens.
const anonymous = "default"

// operator is what stands for a tenant in the file of tokens where a token may read
// the metrics, and nothing else.
const operator = "*"

// Access knows which token stands for which tenant.
type Access struct {
	tokens []token
}

// token is one token, of which only the SHA-256 is kept.
type token struct {
	sum    [sha256.Size]byte
	tenant string
}

// minToken is the fewest characters of a token: what is shorter can be guessed.
const minToken = 16

var tenantPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`) })

// ReadAccess reads a file of tokens: on each line a token and its tenant, with space
// between them; a tenant may have many. A tenant * may read the metrics and nothing
// else. Lines that begin with # are comments. A file that others can read is refused.
func ReadAccess(ctx context.Context, name string) (*Access, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the file of tokens: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%s can be read by others: chmod 600 it", name)
	}
	text, err := redisx.ReadSmallFile(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("cannot read the file of tokens: %w", err)
	}
	a, n := &Access{}, 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := a.add(strings.Fields(line)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if len(a.tokens) == 0 {
		return nil, fmt.Errorf("%s holds no token: write a line of a token and its tenant", name)
	}
	return a, nil
}

// add takes in one line. Its errors do not repeat the token.
func (a *Access) add(fields []string) error {
	switch {
	case len(fields) != 2:
		return fmt.Errorf("write a token and its tenant, not %d words", len(fields))
	case len(fields[0]) < minToken:
		return fmt.Errorf("the token has %d characters; use %d or more", len(fields[0]), minToken)
	case fields[1] != operator && !tenantPattern().MatchString(fields[1]):
		return errors.New("the tenant: use 1 to 64 letters, digits, points, hyphens or underscores")
	}
	t := token{sum: sha256.Sum256([]byte(fields[0])), tenant: fields[1]}
	for _, other := range a.tokens {
		if other.sum == t.sum {
			return errors.New("the token appears twice")
		}
	}
	a.tokens = append(a.tokens, t)
	return nil
}

// tenant returns the tenant of a request. It takes as long whatever the token is.
func (a *Access) tenant(r *http.Request) (string, bool) {
	if a == nil {
		return anonymous, true
	}
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(given))
	found := ""
	for _, t := range a.tokens {
		if subtle.ConstantTimeCompare(sum[:], t.sum[:]) == 1 {
			found = t.tenant
		}
	}
	return found, ok && found != ""
}

// tenantKey is the key of the tenant in a request's context.
type tenantKey struct{}

// tenantOf returns the tenant of a request that has passed the guards.
func tenantOf(ctx context.Context) string {
	tenant, _ := ctx.Value(tenantKey{}).(string)
	return tenant
}
