package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// ExportsStay says whether an export goes on without the session: workers elsewhere do it.
func (b *backend) ExportsStay() bool { return b.elsewhere != nil }

// export submits the command of an export: to a file of this process where the data is here, else to one below the
// export root of the worker, or to Redis.
func (b *backend) export(ctx context.Context, c redisx.Command, op *repl.Operation) (string, error) {
	c.Fresh = !op.Replace
	switch {
	case op.To != redisx.ToFile && b.elsewhere == nil:
		return "", errors.New("what this session publishes would go with it: attach to workers with --attach --redis URL, or use segq publish")
	case op.To != redisx.ToFile && !slices.Contains(redisx.Kinds, op.To):
		return "", fmt.Errorf("nothing is published as %q: use %s", op.To, strings.Join(redisx.Kinds, ", "))
	case op.To != redisx.ToFile:
		return b.Client.Submit(ctx, c)
	case b.elsewhere != nil:
		if strings.ContainsAny(op.Into, `/\`) {
			return "", errors.New("the worker writes the file below its export root: give a name without folders, such as vip.csv")
		}
		return b.Client.Submit(ctx, c)
	}
	to, err := b.fileOf(ctx, op)
	if err != nil {
		return "", err
	}
	c.Fresh, c.Name = false, "export"+filepath.Ext(to.File) // which is not where it goes
	b.Deliver(c.ID, to)
	id, err := b.Client.Submit(ctx, c)
	if err != nil {
		b.Delivered(c.ID)
	}
	return id, err
}

// fileOf says where a file of this process goes, and in which format.
func (b *backend) fileOf(ctx context.Context, op *repl.Operation) (to worker.Delivery, err error) {
	name, err := filepath.Abs(repl.AtHome(op.Into))
	if err != nil {
		return to, err
	}
	to = worker.Delivery{File: name, Replace: op.Replace}
	var all []string
	for _, f := range printer.Table() {
		if all = append(all, f.Extensions...); slices.Contains(f.Extensions, strings.ToLower(filepath.Ext(name))) {
			to.Format = f.Name
		}
	}
	there, statErr := os.Stat(name)
	switch {
	case to.Format == "":
		return to, fmt.Errorf("the format of %s follows from the end of its name, one of %s", op.Into, strings.Join(all, " "))
	case statErr == nil && there.IsDir():
		return to, fmt.Errorf("%s is a folder", op.Into)
	case b.Reads(ctx, name):
		return to, fmt.Errorf("%s is read by this session: name another file", op.Into)
	case statErr == nil && !op.Replace:
		return to, fmt.Errorf("%s is there already: .export %[1]s --replace writes over it", op.Into)
	}
	return to, nil
}
