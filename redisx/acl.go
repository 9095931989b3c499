package redisx

import _ "embed"

//go:embed acl/segq.acl
var acl string

// ACL returns an ACL file of Redis with the users that the parts of segq need, each with the password PASSWORD.
func ACL() string { return acl }
