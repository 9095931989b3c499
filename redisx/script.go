package redisx

import (
	"context"
	"embed"

	"github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var scriptFiles embed.FS

// The scripts, each with its contract on top of its file.
var (
	scriptEnqueue = script("enqueue")
	scriptClaim   = script("claim")
	scriptBeat    = script("beat")
	scriptFinish  = script("finish")
	scriptRelease = script("release")
	scriptCancel  = script("cancel")
	scriptReap    = script("reap")
	scriptStatus  = script("status")
)

// script reads an embedded script and puts the prelude before it.
func script(name string) *redis.Script {
	text := ""
	for _, file := range []string{"prelude", name} {
		b, err := scriptFiles.ReadFile("scripts/" + file + ".lua")
		if err != nil {
			panic(err)
		}
		text += string(b)
	}
	return redis.NewScript(text)
}

// run runs a script with the client's prefix before args. It loads the script
// where the server does not have it.
func (c *Client) run(ctx context.Context, rdb *redis.Client, s *redis.Script, args ...any) *redis.Cmd {
	return s.Run(ctx, rdb, []string{c.keys.ingress()}, append([]any{c.keys.prefix}, args...)...)
}
