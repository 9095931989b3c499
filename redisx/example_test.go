package redisx_test

import (
	"context"
	"fmt"

	"github.com/segq/segq/redisx"
)

// length answers every command with the length of its query.
type length struct{ ended chan struct{} }

func (l length) Handle(tasks []*redisx.Task) {
	for _, t := range tasks {
		t.Start([]int{len(t.Command.Query)}) // one partition
		t.Progress(0, len(t.Command.Query), 0, true)
		t.Finish(fmt.Appendf(nil, "%d bytes", len(t.Command.Query)))
	}
	close(l.ended)
}

// A worker answers the commands of a queue; whoever submits them reads the results.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	client, err := redisx.Embedded(ctx)
	if err != nil {
		panic(err)
	}
	defer client.Close()

	handler, stopped := length{make(chan struct{})}, make(chan struct{})
	go func() {
		defer close(stopped)
		_ = redisx.NewWorker(client, handler, redisx.WorkerOptions{}).Run(ctx)
	}()
	id, err := client.Submit(ctx, redisx.Command{ID: "q1", Op: "query", Query: `tier = "gold"`})
	if err != nil {
		panic(err)
	}
	<-handler.ended
	stop() // a worker that is told to stop settles what it has
	<-stopped

	jobs, err := client.Status(context.Background(), id)
	if err != nil {
		panic(err)
	}
	result, err := client.Result(context.Background(), jobs[0])
	fmt.Println(jobs[0].ID, jobs[0].State, string(result), err)
	// Output: q1 done 13 bytes <nil>
}
