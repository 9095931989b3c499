package personal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestMasked: a key says nothing of somebody, an address does, and what is configured decides.
func TestMasked(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"_id": false, "id": false, "profileId": false, "uuid": false, "crm.guid": false, "email": true, "emailId": true, "passport": true, "ssn": true, "phone": true, "ecid": true, "campaignID": false, "xEvent._id": false, "identityMap.x.id": true, "emails": true,
	} {
		if got := (*personal.Rules)(nil).Masked(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	rules, err := personal.NewRules([]string{"_id", "memberNo"}, []string{"email"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"_id": true, "memberNo": true, "email": false, "id": false} {
		if rules.Masked(path) != want || (*personal.Rules)(nil).And(rules).Masked(path) != (want || path == "email") {
			t.Errorf("configured: %s", path)
		}
	}
}

// TestGiven: the value of an expression tells the personal fields that it is made of, not those that it counts or asks about.
func TestGiven(t *testing.T) {
	t.Parallel()
	text := &check.Type{Kind: check.String}
	field := func(name string, t *check.Type) *check.Field { return &check.Field{Name: name, Type: t} }
	list, object := check.ListOf, check.ObjectOf
	profile := object(
		field("_id", text), field("tier", text), field("email", text), field("phones", list(text)),
		field("crm", list(object(field("note", text), field("kind", text)))),
		field("home", object(field("city", text), field("street", text))),
	)
	rules, err := personal.NewRules([]string{"crm.note"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"tier": "", "email": "email", `email.regexGroup("(.*)@.*", 1)`: "email", `email = "a"`: "", "isNotNull(email)": "", "phones.count()": "", "phones": "phones",
		"crm.note": "crm.note", "crm.kind": "", "crm": "crm.note", `(select E from crm where E.kind = "a").note`: "crm.note", "home": "home.street", "home.city": "", "_id": "",
	} {
		q, ds := lang.Compile(query, check.Schema{Root: profile}, check.Options{})
		if ds.Failed() {
			t.Fatalf("%s: %v", query, ds)
		}
		if got := strings.Join(rules.Given(profile, q.Root), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		for _, id := range []string{"", "_id"} { // keys are not personal, unless somebody says so
			if got := strings.Join(rules.Held(profile, id, []*check.Query{q, q}), " "); got != want {
				t.Errorf("%s: held %q, want %q", query, got, want)
			}
		}
		if got := rules.Held(profile, "email", []*check.Query{q}); !slices.Contains(got, "email") {
			t.Errorf("%s with ids that are addresses: %v", query, got)
		}
	}
}
