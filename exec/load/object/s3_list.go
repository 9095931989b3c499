package object

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// s3Listing is a page of a listing, as ListObjectsV2 writes it.
type s3Listing struct {
	IsTruncated           bool
	NextContinuationToken string
	EncodingType          string
	Contents              []struct {
		Key  string
		Size int64
		ETag string
	}
}

// maxPage is how long a page of a listing may be: 1,000 objects with keys of 1,024 bytes, each of them
// escaped, and more.
const maxPage = 16 << 20

func (s *s3) list(ctx context.Context, c *client, prefix string, each func(entry) error) error {
	for token := ""; ; {
		page, err := s.page(ctx, c, prefix, token)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if page.EncodingType == "url" {
				if o.Key, err = url.QueryUnescape(o.Key); err != nil {
					return fmt.Errorf("s3://%s/%s: the listing is damaged: %w", s.bucket, prefix, err)
				}
			}
			if err := each(entry{o.Key, o.Size, version{tag: o.ETag}}); err != nil {
				return err
			}
		}
		if !page.IsTruncated || page.NextContinuationToken == "" || page.NextContinuationToken == token {
			return nil
		}
		token = page.NextContinuationToken
	}
}

func (s *s3) page(ctx context.Context, c *client, prefix, token string) (*s3Listing, error) {
	title := "s3://" + s.bucket + "/" + prefix
	query := url.Values{"list-type": {"2"}, "encoding-type": {"url"}, "prefix": {prefix}}
	if token != "" {
		query.Set("continuation-token", token)
	}
	page := &s3Listing{}
	return page, c.document(ctx, s, title, func() *url.URL {
		u := s.base()
		u.RawQuery = query.Encode()
		return u
	}, func(text []byte) error { return xml.Unmarshal(text, page) })
}

// document asks for a small document, such as a page of a listing, and has it decoded.
func (c *client) document(ctx context.Context, s store, title string, at func() *url.URL, decode func([]byte) error) error {
	var p patience
	for {
		answer, err := c.ask(ctx, s, nil, title, func() (*http.Request, error) {
			r, err := http.NewRequest(http.MethodGet, "http://x", nil)
			if err == nil {
				r.URL = at()
				r.Host = r.URL.Host
			}
			return r, err
		})
		if err != nil {
			return err
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, maxPage))
		_ = answer.Body.Close()
		if err == nil {
			err = decode(text)
		}
		if err == nil {
			return nil
		}
		if !p.wait(ctx, 0) {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("%s: the listing cannot be read: %w", title, err)
		}
	}
}
