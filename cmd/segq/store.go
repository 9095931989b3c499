package main

import (
	"context"
	"errors"
	"io"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx/record"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// storeOptions are the flags that say where sets of rules and segments are kept.
type storeOptions struct{ file string }

// register adds the flag, under the heading of the caller's choice.
func (o *storeOptions) register(f *pflag.FlagSet) {
	f.StringVar(&o.file, "store", "", "the `FILE` of saved segments and sets of rules (default: in Redis with --redis or --attach, else segq/store.json below the XDG_DATA_HOME, or ~/.local/share)")
	config.Allow(f, config.Rule{Path: true}, "store")
}

// opener returns what opens the store: the file of --store, else that of a tenant in the Redis that is asked, else the
// user's file.
func (o *storeOptions) opener(redis *broker.Options, tenant string) store.Opener {
	return func(ctx context.Context) (store.Store, error) {
		switch {
		case o.file != "":
			return store.File(o.file), nil
		case redis != nil && redis.URL != "":
			client, err := redis.Open(ctx)
			if err != nil {
				return nil, err
			}
			if tenant == "" {
				tenant = "default"
			}
			return store.Owned(client, tenant), nil
		}
		file := store.DefaultFile()
		if file == "" {
			return nil, exit.Usage(errors.New("there is no home for a store: name a file with --store"))
		}
		return store.File(file), nil
	}
}

// set returns the rules of a set, NAME or NAME@VERSION, with what records say of it.
func (o *storeOptions) set(ctx context.Context, open store.Opener, text string) ([]rules.Written, *record.RuleSet, error) {
	name, version, err := store.CutVersion(text)
	if err != nil {
		return nil, nil, exit.Usage(err)
	}
	s, err := open(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = s.Close() }()
	set, err := store.Rules(ctx, s, name, version)
	if err != nil {
		return nil, nil, unkept(err)
	}
	written, err := rules.SplitAll(set.Sources)
	if err != nil {
		return nil, nil, exit.Usage(err)
	}
	for i := range written {
		written[i].Set, written[i].SetVersion = set.Name, set.Version
	}
	return written, &record.RuleSet{Name: set.Name, Version: set.Version}, nil
}

// unkept makes the error of something that is not in the store an answer; any other is one of the store.
func unkept(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, store.ErrNone) {
		return &exit.Error{Status: exit.WrongQuery, Err: err}
	}
	return exit.Data(err)
}

// storePlace are the flags of commands that work with the store alone.
type storePlace struct {
	storeOptions
	redis  broker.Options
	attach bool
	tenant string
	json   bool
}

func (o *storePlace) register(f *pflag.FlagSet) {
	o.storeOptions.register(f)
	f.BoolVar(&o.json, "json", false, "print JSON, a line for each")
	help.Under(f, help.Output)
	o.registerRedis(f)
}

// registerRedis adds the flags that say which Redis. An address that is set for the commands of the queue makes no local
// store a shared one.
func (o *storePlace) registerRedis(f *pflag.FlagSet) {
	f.BoolVar(&o.attach, "attach", false, "the store in the Redis that is set, with SEGQ_REDIS_URL say, and not the user's file")
	f.StringVar(&o.tenant, "tenant", "default", "tenant in whose name it is kept")
	config.Allow(f, config.Rule{}, "tenant")
	help.Under(f, help.Redis)
	o.redis.Register(f)
	broker.Allow(f, "attach")
}

// open opens the store.
func (o *storePlace) open(ctx context.Context) (store.Store, error) {
	if o.attach && o.redis.URL == "" {
		return nil, exit.Usage(errors.New("--attach needs --redis URL (or SEGQ_REDIS_URL)"))
	}
	return o.opener(&o.redis, o.tenant)(ctx)
}

// storeCommand returns a command that works with the store.
func storeCommand(use, short, long string, args cobra.PositionalArgs, flags func(*pflag.FlagSet), run func(ctx context.Context, s store.Store, o *storePlace, args []string) error) *cobra.Command {
	o := &storePlace{}
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { _ = s.Close() }()
			return run(cmd.Context(), s, o, args)
		},
	}
	if flags != nil {
		flags(c.Flags())
	}
	o.register(c.Flags())
	return c
}

// written returns the queries of -c, -f and --set, or of standard input where there are none of these, with the saved
// segments that they ask about.
func (o *options) written(ctx context.Context, in io.Reader, redis *broker.Options) ([]rules.Written, error) {
	texts, err := o.sources(ctx, in)
	if err != nil {
		return nil, err
	}
	queries, err := rules.SplitAll(texts)
	if err != nil {
		return nil, exit.Usage(err)
	}
	open := o.store.opener(redis, o.tenant)
	for _, name := range o.sets {
		more, _, err := o.store.set(ctx, open, name)
		if err != nil {
			return nil, err
		}
		queries = append(queries, more...)
	}
	return queries, o.reach(ctx, open, queries)
}

// reach gives queries the saved segments that they ask about.
func (o *options) reach(ctx context.Context, open store.Opener, queries []rules.Written) error {
	var status *exit.Error
	err := store.Reach(ctx, open, queries, rules.AskedBySelection(o.taking.Select)...)
	if err == nil || errors.As(err, &status) {
		return err
	}
	return exit.Data(err)
}
