package redisx

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx/redistest"
)

// authority makes certificates for a test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	a := &authority{t: t, dir: t.TempDir()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.file, _ = a.issue(name, template)
	return a
}

// issue signs a certificate, by itself when there is no authority yet, and gives the
// files of it and of its key.
func (a *authority) issue(name string, template *x509.Certificate) (certFile, keyFile string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.cert == nil {
		if a.cert, err = x509.ParseCertificate(der); err != nil {
			a.t.Fatal(err)
		}
		a.key = key
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(a.dir, name+".crt"), filepath.Join(a.dir, name+".key")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func (a *authority) leaf(name string) (certFile, keyFile string) {
	return a.issue(name, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
}

// startTLS starts a server that speaks TLS alone, and gives its URL.
func startTLS(t *testing.T, a *authority, clients string) string {
	t.Helper()
	addr, port, err := redistest.Free()
	if err != nil {
		t.Fatal(err)
	}
	cert, key := a.leaf("server")
	stop, err := redistest.StartAt(addr, "--port", "0", "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key,
		"--tls-ca-cert-file", a.file, "--tls-auth-clients", clients)
	redistest.Need(t, err)
	t.Cleanup(stop)
	return "rediss://:s3cret@" + addr
}

// TestTLS: both sides are who they say, or there is no connection.
func TestTLS(t *testing.T) {
	t.Parallel()
	a, other := newAuthority(t, "ours"), newAuthority(t, "theirs")
	cert, key := a.leaf("client")
	open := func(url string, o Options) error {
		o.URL = url
		c, err := Open(t.Context(), o)
		if err == nil {
			c.Close()
		}
		return err
	}
	server := startTLS(t, a, "no")
	strict := startTLS(t, a, "yes")
	for _, c := range []struct {
		name, url string
		options   Options
		says      string
	}{
		{"the right authority", server, Options{CAFile: a.file}, ""},
		{"the system's authorities", server, Options{}, "certificate signed by unknown authority"},
		{"another authority", server, Options{CAFile: other.file}, "certificate signed by unknown authority"},
		{"any certificate", server, Options{SkipVerify: true}, ""},
		{"a client that is known", strict, Options{CAFile: a.file, CertFile: cert, KeyFile: key}, ""},
		{"a client that is not", strict, Options{CAFile: a.file}, "certificate required"},
		{"no encryption", strings.Replace(server, "rediss", "redis", 1), Options{CAFile: a.file}, "certificates are for rediss://"},
		{"half a pair", server, Options{CertFile: cert}, "belong together"},
		{"a key for an authority", server, Options{CAFile: key}, "holds no certificate"},
		{"no file", server, Options{CAFile: cert + "x"}, "cannot read the authorities"},
		{"the wrong key", server, Options{CAFile: a.file, CertFile: a.file, KeyFile: key}, "cannot use the certificate"},
	} {
		err := open(c.url, c.options)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, not %q", c.name, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error tells the password: %v", c.name, err)
		}
	}
}

// TestErrorsKeepThePassword: what is wrong with a URL is said without it.
func TestErrorsKeepThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"redis://u:s3cret@host:port", "redis://u:s3cret@ho st", "redis://u:s3cret%zz@host", "http://u:s3cret@host", "redis://u:s3cret@host/db",
		"u:s3cret@host", "redis://u:s3cret@127.0.0.1:1", "unix://u:s3cret@", "rediss://u:s3cret@127.0.0.1:1", "redis://u:s3cret@[::1",
	} {
		c, err := Open(t.Context(), Options{URL: url})
		if err == nil {
			c.Close()
		}
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
		if unreachable := strings.Contains(url, "127.0.0.1"); errors.Is(err, ErrOptions) == unreachable {
			t.Errorf("%s: whose fault is %v?", url, err)
		}
	}
}
