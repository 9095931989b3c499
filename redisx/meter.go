package redisx

import (
	"context"
	"time"
)

// Meter is where those who work on something for one of ours tell how far they are: each writes a field of its own, over and
// over. Who reads it may miss something, or all: it is never what they have found out.
type Meter struct {
	client *Client
	id     string
}

const (
	// meterTTL is how long a meter stays after the last write.
	meterTTL = time.Minute
	// overTTL is how long it is known that nobody waits any more: longer than a writer hears nothing of that.
	overTTL = 10 * time.Minute
)

// Meter returns the one of that name, which need not be there yet.
func (c *Client) Meter(id string) (*Meter, error) {
	if err := validName("meter", id); err != nil {
		return nil, err
	}
	return &Meter{c, id}, nil
}

// Name is the namespace and the name, with a slash between them.
func (m *Meter) Name() string { return m.client.Namespace() + "/" + m.id }

// Write writes a field, and says whether nobody waits any more. With "" for the field it only asks that.
func (m *Meter) Write(ctx context.Context, field, text string) (over bool, err error) {
	p := m.client.bulk.Pipeline()
	if key := m.client.keys.meter(m.id); field != "" {
		p.HSet(ctx, key, field, text)
		p.PExpire(ctx, key, meterTTL)
	}
	ended := p.Exists(ctx, m.client.keys.meterOver(m.id))
	if _, err := p.Exec(ctx); err != nil {
		return false, err
	}
	return ended.Val() > 0, nil
}

// Read returns what was written last, by field.
func (m *Meter) Read(ctx context.Context) (map[string]string, error) {
	return m.client.bulk.HGetAll(ctx, m.client.keys.meter(m.id)).Result()
}

// End forgets what was written, and says where over is set that nobody waits any more: those who write give up then.
func (m *Meter) End(ctx context.Context, over bool) error {
	p := m.client.bulk.Pipeline()
	if over {
		p.Set(ctx, m.client.keys.meterOver(m.id), 1, overTTL)
	}
	p.Unlink(ctx, m.client.keys.meter(m.id))
	_, err := p.Exec(ctx)
	return err
}
