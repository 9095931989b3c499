package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// Address says where a table of a cluster is: spark://USER@HOST:PORT/DATABASE.TABLE.
type Address struct {
	// Host is the host and port of the Thrift server.
	Host string
	User string
	// Database and Table are the names of the table.
	Database, Table string
}

// named is what names may be without quotes: what else would be one is never written into a statement.
var named = regexp.MustCompile(`^[\p{L}\p{N}_]+$`)

// ParseAddress reads an address.
func ParseAddress(text string) (Address, error) {
	const form = "write it as spark://HOST:PORT/DATABASE.TABLE"
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "spark" {
		return Address{}, errors.New("the address of a cluster is wrong: " + form)
	}
	if _, given := u.User.Password(); given {
		return Address{}, errors.New("a password does not belong on the command line: give --cluster-password-file")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return Address{}, errors.New("nothing can stand behind the table in the address of a cluster: " + form)
	}
	a := Address{Host: u.Host, User: u.User.Username(), Database: "default"}
	if u.Port() == "" {
		a.Host = net.JoinHostPort(u.Hostname(), "10000")
	}
	if u.Hostname() == "" {
		return Address{}, errors.New("the address of a cluster has no host: " + form)
	}
	if a.User == "" {
		a.User = "segq"
	}
	a.Table = strings.Trim(u.Path, "/")
	if database, table, ok := strings.Cut(a.Table, "."); ok {
		a.Database, a.Table = database, table
	}
	for _, name := range []string{a.Database, a.Table} {
		if !named.MatchString(name) {
			return Address{}, fmt.Errorf("%q is no name of a table or of a database: %s", name, form)
		}
	}
	return a, nil
}

// String returns the address without the user.
func (a Address) String() string { return "spark://" + a.Host + "/" + a.Database + "." + a.Table }

// sql is the name of the table in a statement.
func (a Address) sql() string { return "`" + a.Database + "`.`" + a.Table + "`" }
