package redisx

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Away says of an error whether Redis could not be reached, or cannot answer yet, so that the same may be asked again: it is
// down, starts, gives its part to another server, or the network is gone. A refusal is none of that.
func Away(err error) bool {
	if err == nil || isNil(err) || errors.Is(err, context.Canceled) {
		return false
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, redis.ErrPoolTimeout) {
		return true
	}
	text := err.Error()
	for _, passing := range []string{"LOADING ", "MASTERDOWN ", "CLUSTERDOWN ", "TRYAGAIN ", "READONLY ", "BUSY ", "max number of clients reached"} {
		if strings.Contains(text, passing) {
			return true
		}
	}
	return false
}
