package broker

import "strings"

// Advice says what to do about a server that cannot be reached, or that refuses this user.
func Advice(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "WRONGPASS"), strings.Contains(text, "NOAUTH"), strings.Contains(text, "invalid password"):
		return "put the right user and password into SEGQ_REDIS_URL, or the password into a file for --redis-password-file"
	case strings.Contains(text, "NOPERM"), strings.Contains(text, "user executing the script can't"):
		return "give the user the rights that segq doctor --acl prints"
	case strings.Contains(text, "DB index"):
		return "the number at the end of the address is that of a database, and the server has fewer: leave it out, or raise databases in its configuration"
	case strings.Contains(text, "no such host"):
		return "look at the name of the host in --redis or SEGQ_REDIS_URL"
	case strings.Contains(text, "certificate"), strings.Contains(text, "tls:"):
		return "give --redis-ca for an authority of your own; rediss:// is for servers with TLS, redis:// for those without"
	case strings.Contains(text, "timeout"), strings.Contains(text, "deadline"):
		return "it does not answer: look at the server, at what is between (a firewall, another port), and whether it speaks TLS, as rediss:// says, or not"
	}
	return "start redis-server there, or give its address in --redis or SEGQ_REDIS_URL"
}

// Reason says in a few words why a server cannot be reached.
func Reason(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "connection refused"), strings.Contains(text, "no such file or directory"):
		return "nothing listens there"
	case strings.Contains(text, "LOADING"):
		return "it reads its data"
	case strings.Contains(text, "timeout"), strings.Contains(text, "deadline"):
		return "it does not answer in time"
	case strings.Contains(text, "EOF"), strings.Contains(text, "connection reset"), strings.Contains(text, "broken pipe"):
		return "the connection has ended"
	case strings.Contains(text, "network is unreachable"), strings.Contains(text, "no route to host"):
		return "there is no way to it"
	}
	return text[strings.LastIndex(text, ": ")+1:]
}

// Refused says whether Redis answers, and lets this user do nothing.
func Refused(err error) bool { return refused(err) }
