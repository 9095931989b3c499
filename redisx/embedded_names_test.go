package redisx_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/segq/segq/redisx"
)

// TestEmbeddedAsksNoNameServer: the broker in the process has no address that anybody else knows. Asking the
// name servers for one tells them of every start, and waits for them.
func TestEmbeddedAsksNoNameServer(t *testing.T) { // alone, since the resolver is that of all
	before := net.DefaultResolver
	defer func() { net.DefaultResolver = before }()
	asked := make(chan string, 100)
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		asked <- address
		return nil, errors.New("there is none")
	}}
	client, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if len(asked) > 0 {
		t.Errorf("%s was asked", <-asked)
	}
}
