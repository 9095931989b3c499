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
	// Database and Table are the names of the table, and Catalog is where the database is; "" for the one of the server.
	Catalog, Database, Table string
}

// named is what names may be, which statements have in quotes. A dot parts them.
var named = regexp.MustCompile("^[^\\p{C}.`/]+$")

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
	names := strings.Split(a.Table, ".")
	switch len(names) {
	case 3:
		a.Catalog, a.Database, a.Table = names[0], names[1], names[2]
	case 2:
		a.Database, a.Table = names[0], names[1]
	default:
		names = []string{a.Table}
	}
	for _, name := range names {
		if !named.MatchString(name) {
			return Address{}, fmt.Errorf("%q is no name of a table or of a database: %s", name, form)
		}
	}
	return a, nil
}

// names are those of the table.
func (a Address) names() []string {
	if a.Catalog != "" {
		return []string{a.Catalog, a.Database, a.Table}
	}
	return []string{a.Database, a.Table}
}

// String returns the address without the user.
func (a Address) String() string {
	return "spark://" + a.Host + "/" + strings.Join(a.names(), ".")
}

// sql is the name of the table in a statement.
func (a Address) sql() string {
	names := a.names()
	for i := range names {
		names[i] = quote(names[i])
	}
	return strings.Join(names, ".")
}
