package redisx

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"
)

// A server that starts with an append-only file runs what is in it as the user default, and discards the
// effects of a script, which are a transaction there, when that user may not call one of them
// (https://github.com/redis/redis/issues/14541; mended in servers of the end of 2025). A user that is off may
// have all rights, and nobody can be it.

// replayed are the commands of effects, with the least that each takes. KEY is a key of the namespace.
var replayed = []string{
	"SET KEY 0", "DEL KEY", "UNLINK KEY", "INCR KEY", "PEXPIREAT KEY 1", "PERSIST KEY", "HSET KEY a 1", "HDEL KEY a", "HINCRBY KEY a 1",
	"LPUSH KEY 1", "LREM KEY 0 1", "LTRIM KEY 0 0", "LMOVE KEY KEY LEFT LEFT", "SADD KEY 1", "SREM KEY 1", "ZADD KEY 1 a", "ZREM KEY a",
	"ZPOPMIN KEY", "ZREMRANGEBYRANK KEY 0 0", "ZREMRANGEBYSCORE KEY 0 0", "XADD KEY 1-1 a b",
}

// defaultUser is the first line of the ACL file.
const defaultUser = "user default off resetpass ~* &* +@all"

// What to do about a user default that may do too little.
const (
	mendDefault = "let the ACL file begin with \"" + defaultUser + "\", as that of segq doctor --acl does: nobody can be that user, and nothing is lost"
	lostAtStart = "queued jobs are lost when Redis starts again, since it loads that file as the user default: " + mendDefault
)

// replayRefused names the commands in the append-only file that the user default may not call. The error is
// that this cannot be told.
func (c *Client) replayRefused(ctx context.Context) ([]string, error) {
	p := c.control.Pipeline()
	for _, command := range replayed {
		args := []any{"ACL", "DRYRUN", "default"}
		for word := range strings.FieldsSeq(command) {
			if word == "KEY" {
				word = c.keys.prefix + "doctor"
			}
			args = append(args, word)
		}
		p.Do(ctx, args...)
	}
	answers, _ := p.Exec(ctx)
	var refused []string
	for i, a := range answers {
		answer, err := a.(*redis.Cmd).Text()
		if err != nil {
			return nil, err
		}
		if answer != "OK" {
			name, _, _ := strings.Cut(replayed[i], " ")
			refused = append(refused, strings.ToLower(name))
		}
	}
	return refused, nil
}

// replays says whether a server with an append-only file gets back from it what it was given. Who may not ask,
// and is not that user, is told what to look at.
func (c *Client) replays(ctx context.Context, f Finding) Finding {
	refused, err := c.replayRefused(ctx)
	user := c.control.Options().Username
	switch {
	case len(refused) == len(replayed):
		f.Found += ", and the user default may do nothing of what is in it"
		return f.but(Fault, "%s", lostAtStart)
	case len(refused) > 0:
		f.Found += ", and the user default may not " + strings.Join(refused, ", ")
		return f.but(Fault, "%s", lostAtStart)
	case err != nil && user != "" && user != "default" && strings.HasPrefix(err.Error(), "NOPERM"):
		f.Found += "; whether the user default may do all that is in it is not known: this user may not call ACL DRYRUN"
		return f.but(Works, "%s (else queued jobs are lost when Redis starts again), and give this user +acl|dryrun", mendDefault)
	}
	return f
}
