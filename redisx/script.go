package redisx

import (
	"context"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx/scripts"
)

// The scripts, each with its contract on top of its file.
var (
	scriptEnqueue = script("enqueue")
	scriptClaim   = script("claim")
	scriptBeat    = script("beat")
	scriptFinish  = script("finish")
	scriptFail    = script("fail")
	scriptRelease = script("release")
	scriptRetire  = script("retire")
	scriptAdopt   = script("adopt")
	scriptCancel  = script("cancel")
	scriptRequeue = script("requeue")
	scriptReap    = script("reap")
	scriptStatus  = script("status")
)

func script(name string) *redis.Script { return redis.NewScript(scripts.Source(name)) }

// run runs a script with the client's prefix before args. It loads the script
// where the server does not have it.
func (c *Client) run(ctx context.Context, rdb *redis.Client, s *redis.Script, args ...any) *redis.Cmd {
	return s.Run(ctx, rdb, []string{c.keys.ingress()}, append([]any{c.keys.prefix}, args...)...)
}
