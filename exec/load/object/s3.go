package object

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
)

// s3 is a bucket of Amazon S3, or of a store that speaks its language. Where it is and who asks
// follow from what the other tools of AWS read: the environment, ~/.aws, web identity, SSO, and what
// the machine or the container is.
type s3 struct {
	bucket  string
	signer  *v4.Signer      // keeps what it derives from a secret key for a day
	trusted *http.Transport // to which the certificates of AWS_CA_BUNDLE are known; nil for the usual one

	mu       sync.Mutex
	config   aws.Config
	endpoint *url.URL // nil for that of AWS
	region   string
	who      string // whose credentials they are, "" as long as nobody has asked, or for nobody's
	unsigned bool   // there are no credentials
	renewed  time.Time
}

func newS3(ctx context.Context, bucket string) (*s3, error) {
	s := &s3{bucket: bucket, signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })}
	if err := s.configure(ctx); err != nil {
		return nil, err
	}
	if own, ok := s.config.HTTPClient.(*awshttp.BuildableClient); ok && os.Getenv("AWS_CA_BUNDLE") != "" {
		s.trusted = transport()
		s.trusted.TLSClientConfig = own.GetTransport().TLSClientConfig
	}
	return s, nil
}

// configure reads what the environment and the files say.
func (s *s3) configure(ctx context.Context) error {
	c, err := config.LoadDefaultConfig(ctx, config.WithLogger(logging.Nop{}))
	if err != nil {
		return fmt.Errorf("the configuration of AWS cannot be used: %w", err)
	}
	endpoint, err := endpointOf(ctx, c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.config, s.endpoint = c, endpoint
	if s.region == "" {
		s.region = c.Region
	}
	if s.region == "" {
		s.region = "us-east-1"
	}
	s.unsigned = c.Credentials == nil || strings.EqualFold(os.Getenv("AWS_SKIP_SIGNATURE"), "true")
	return nil
}

// endpointOf returns the address of a store that is not that of AWS; nil for none.
func endpointOf(ctx context.Context, c aws.Config) (*url.URL, error) {
	text := os.Getenv("AWS_ENDPOINT_URL_S3")
	for _, source := range c.ConfigSources {
		files, ok := source.(interface {
			GetServiceBaseEndpoint(ctx context.Context, service string) (string, bool, error)
		})
		if !ok || text != "" {
			continue
		}
		if of, found, err := files.GetServiceBaseEndpoint(ctx, "S3"); err == nil && found {
			text = of
		}
	}
	if text == "" && c.BaseEndpoint != nil {
		text = *c.BaseEndpoint
	}
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("AWS_ENDPOINT_URL is not an address such as https://HOST:PORT")
	}
	u.User = nil
	return u, nil
}

// base returns where the bucket is. A bucket whose name would not pass as that of a host is
// addressed in the path, and so are those of other stores than AWS.
func (s *s3) base() *url.URL {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.endpoint != nil {
		return join(s.endpoint, s.bucket)
	}
	domain := "amazonaws.com"
	if strings.HasPrefix(s.region, "cn-") {
		domain += ".cn"
	}
	if strings.Contains(s.bucket, ".") {
		return join(&url.URL{Scheme: "https", Host: "s3." + s.region + "." + domain}, s.bucket)
	}
	return &url.URL{Scheme: "https", Host: s.bucket + ".s3." + s.region + "." + domain, Path: "/"}
}

func (s *s3) url(key string) *url.URL { return join(s.base(), key) }

// emptyHash is the SHA-256 of a request without a body.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func (s *s3) sign(ctx context.Context, r *http.Request) error {
	s.mu.Lock()
	provider, region, unsigned := s.config.Credentials, s.region, s.unsigned
	s.mu.Unlock()
	if unsigned {
		return nil
	}
	got, err := provider.Retrieve(ctx)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil && strings.Contains(err.Error(), "no EC2 IMDS role found"): // the last place that is looked at
		s.mu.Lock()
		s.unsigned = true
		s.mu.Unlock()
		return nil
	case err != nil && halfKey() != "":
		return fmt.Errorf("the credentials of AWS cannot be had: %s is not set", halfKey())
	case err != nil:
		return fmt.Errorf("the credentials of AWS cannot be had: %s", line(err.Error()))
	}
	s.mu.Lock()
	s.who = got.Source
	s.mu.Unlock()
	r.Header.Set("X-Amz-Content-Sha256", emptyHash)
	return s.signer.SignHTTP(ctx, got, r, emptyHash, "s3", region, time.Now())
}

func (s *s3) versionOf(h http.Header) version {
	return version{tag: h.Get("ETag"), modified: h.Get("Last-Modified")}
}

func (s *s3) pin(r *http.Request, v version) {
	if v.tag != "" {
		r.Header.Set("If-Match", v.tag)
	}
}

func (s *s3) suffixes() bool { return true }

// again goes to the region that a refusal names, and takes new credentials for those that have run out.
func (s *s3) again(ctx context.Context, r *refusal) bool {
	s.mu.Lock()
	renewed, moved := s.renewed, isRegion(r.region) && r.region != s.region
	if moved {
		s.region = r.region
	}
	s.mu.Unlock()
	if moved {
		return true
	}
	if (r.code == "ExpiredToken" || r.code == "InvalidToken") && time.Since(renewed) > time.Minute {
		s.mu.Lock()
		s.renewed = time.Now()
		s.mu.Unlock()
		return s.configure(ctx) == nil
	}
	return false
}

// isRegion says whether a text can be the name of a region, which becomes part of that of a host.
func isRegion(text string) bool {
	return text != "" && len(text) < 64 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (s *s3) advice(r *refusal) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := "AWS"
	if s.endpoint != nil {
		at = s.endpoint.Scheme + "://" + s.endpoint.Host
	}
	switch r.code {
	case "NoSuchBucket":
		return fmt.Sprintf("%s at %s", s.bucket, at)
	case "InvalidAccessKeyId":
		return fmt.Sprintf("%s does not know the access key of %s", at, s.source())
	case "SignatureDoesNotMatch":
		return fmt.Sprintf("the secret key of %s is not that of its access key", s.source())
	case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
		return fmt.Sprintf("the session of %s is over: log in again, as with aws sso login", s.source())
	case "RequestTimeTooSkewed":
		return "the clock of this machine is wrong"
	case "InvalidObjectState":
		return "it is archived: restore it first"
	}
	switch {
	case r.status == http.StatusForbidden && s.unsigned && halfKey() != "":
		return fmt.Sprintf("no credentials were found: %s is not set", halfKey())
	case r.status == http.StatusForbidden && s.unsigned:
		return "no credentials were found, in the environment (AWS_ACCESS_KEY_ID, AWS_PROFILE), in ~/.aws or of this machine, and it is not public"
	case r.status == http.StatusForbidden:
		return fmt.Sprintf("%s may not read it, or it does not exist", s.source())
	case r.code == "AuthorizationHeaderMalformed", r.status == http.StatusMovedPermanently || r.status == http.StatusTemporaryRedirect:
		return "the bucket is in another region: set AWS_REGION"
	}
	return ""
}

// halfKey returns which part of an access key is not in the environment where the other is, "" for none.
func halfKey() string {
	id, secret := os.Getenv("AWS_ACCESS_KEY_ID")+os.Getenv("AWS_ACCESS_KEY"), os.Getenv("AWS_SECRET_ACCESS_KEY")+os.Getenv("AWS_SECRET_KEY")
	switch {
	case id != "" && secret == "":
		return "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY"
	case id == "" && secret != "":
		return "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID"
	}
	return ""
}

// source says whose credentials they are.
func (s *s3) source() string {
	names := map[string]string{
		"EnvConfigCredentials":   "the environment (AWS_ACCESS_KEY_ID)",
		"WebIdentityCredentials": "the web identity (AWS_WEB_IDENTITY_TOKEN_FILE)",
		"SSOProvider":            "the SSO session of the profile",
		"EC2RoleProvider":        "the role of this machine",
		"EcsContainer":           "the role of this container",
		"AssumeRoleProvider":     "the role of the profile",
		"ProcessProvider":        "the credential process of the profile",
	}
	if name := names[s.who]; name != "" {
		return name
	}
	if file, ok := strings.CutPrefix(s.who, "SharedConfigCredentials: "); ok {
		if profile := os.Getenv("AWS_PROFILE"); profile != "" {
			return "the profile " + profile + " in " + file
		}
		return file
	}
	if s.who == "" {
		return "nobody"
	}
	return "the credentials from " + s.who
}

func (s *s3) transport() *http.Transport { return s.trusted }
