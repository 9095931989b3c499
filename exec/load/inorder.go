package load

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// inOrder calls produce, which emits parts one after another, then work with each of them,
// so many side by side, and take with each in the order of the parts.
func inOrder[P any](ctx context.Context, threads int, produce func(ctx context.Context, emit func(P) error) error,
	work func(context.Context, P), take func(P) error) error {
	type job struct {
		part P
		done chan struct{}
	}
	g, ctx := errgroup.WithContext(ctx)
	jobs, order := make(chan job), make(chan job, threads)
	g.Go(guarded(func() error {
		defer close(jobs)
		defer close(order)
		return produce(ctx, func(p P) error {
			j := job{p, make(chan struct{})}
			for _, to := range []chan job{order, jobs} {
				select {
				case to <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}))
	for range threads {
		g.Go(guarded(func() error {
			for j := range jobs {
				work(ctx, j.part)
				close(j.done)
			}
			return nil
		}))
	}
	g.Go(guarded(func() error {
		for j := range order {
			select {
			case <-j.done:
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := take(j.part); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}))
	return g.Wait()
}
