package redisx

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
	"github.com/segq/segq/redisx/scripts"
)

// lua is a script that is read and hashed when it is first asked for: most processes
// never reach for the queue.
type lua func() *redis.Script

// The scripts, each with its contract on top of its file.
var (
	scriptEnqueue = script("enqueue")
	scriptClaim   = script("claim")
	scriptBeat    = script("beat")
	scriptFinish  = script("finish")
	scriptFail    = script("fail")
	scriptRelease = script("release")
	scriptRetire  = script("retire")
	scriptMove    = script("move")
	scriptAdopt   = script("adopt")
	scriptCancel  = script("cancel")
	scriptRequeue = script("requeue")
	scriptReap    = script("reap")
	scriptStatus  = script("status")
	scriptAsk     = script("ask")
	scriptReply   = script("reply")
)

func script(name string) lua {
	return sync.OnceValue(func() *redis.Script { return redis.NewScript(scripts.Source(name)) })
}

// run runs a script with the client's prefix before args. It loads the script
// where the server does not have it.
func (c *Client) run(ctx context.Context, rdb *redis.Client, s lua, args ...any) *redis.Cmd {
	return s().Run(ctx, rdb, []string{c.keys.ingress()}, append([]any{c.keys.prefix}, args...)...)
}
