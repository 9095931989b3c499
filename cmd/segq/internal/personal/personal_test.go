package personal_test

import (
	"testing"

	"github.com/segq/segq/cmd/segq/internal/personal"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"person.name.firstName": true, "firstName": true, "LAST_NAME": true, "personalEmail.address": true, "homePhone.number": true,
		"_id": true, "identityMap.Email.id": true, "person.birthDate": true, "homeAddress.street1": true, "clientIP": true, "ip": true,
		"xEvent.commerce.order.purchaseID": true, "person.name": true, "e_mail": true,
		"address": true, "address.street": true,
		"loyalty.tier": false, "homeAddress.city": false, "address.city": false, "xEvent.eventType": false, "productListItems.name": false, "homeAddress.country": false,
		"optInOut.email": false, "consents.marketing.email.val": false, "person.gender": false, "tip": false, "grid": false, "idea": false,
		"vorname": true, "Nachname": true, "kunde": true, "kundenname": true, "kontakt": true, "kontakt.telefonnummer": true, "anschrift.plz": true, "strasse": true, "straße": true,
		"geburtsdatum": true, "nom": true, "prénom": true, "code_postal": true, "date_naissance": true, "correo": true, "apellidos": true, "fecha_nacimiento": true,
		"cognome": true, "codice_fiscale": true, "voornaam": true, "geboortedatum": true, "klant": true, "manager": true, "notiz": true, "emailAddress": true,
		"homeAddress.postalCode": true, "zip_code": true, "kunde.stadt": false, "customer.tier": false, "contact.city": false,
		"workEmail.status": false, "workEmail.type": false, "email.primary": false, "email_verified": false, "email.domain": false, "workEmail.address": true, "workEmail.label": false,
		"emails": true, "homePhones.number": true, "streets": true, "chips": false, "grids": false,
	} {
		if got := (*personal.Rules)(nil).Personal(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestRules: what is configured goes before what names look like, and what says more before what says less.
func TestRules(t *testing.T) {
	t.Parallel()
	rules, err := personal.NewRules([]string{"crm.*", "memberNo", "a.*.secret, x.y"}, []string{"crm.status", "email", "x.y", "workEmail", "work*.domain.email", "a.b.*"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"crm": true, "crm.note": true, "CRM.Address.city": true, "other.crm": false, "crm.status": false, "crm.status.text": false,
		"memberNo": true, "orders.memberNo": true, "orders.memberno.part": true, "memberNos": false, "memberNo{}.x": true,
		"a.c.secret": true, "a.c.secret.x": true, "a.c.d": false, "a.b.secret": true, "a.b.phone": false, "b.c.secret": false,
		"x.y": true, "email": false, "email.address": false, "workEmail.address": false, "privateEmail": true, "`memberNo`": true,
		"workplace.domain.email": false, "phone": true, "loyalty.tier": false,
	} {
		if got := rules.Personal(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	for _, bad := range []string{"a b", "a..b", ".a", `xEvent[a = "b"]`, "*."} {
		if _, err := personal.NewRules(nil, []string{bad}); err == nil {
			t.Errorf("%q is no field", bad)
		}
	}
	for _, none := range [][]string{nil, {""}, {" , "}} {
		if rules, err := personal.NewRules(none, nil); rules != nil || err != nil {
			t.Errorf("%q: %v, %v", none, rules, err)
		}
	}
	mine, err := personal.NewRules([]string{"tier", "crm.*"}, []string{"email", "crm.status"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"tier": true, "x.memberNo": true, "email": true, "crm.status": true, "crm.note": true, "_id": true, "loyalty.points": false,
	} {
		theirs, err := personal.NewRules([]string{"memberNo"}, []string{"_id", "crm"})
		if err != nil {
			t.Fatal(err)
		}
		read := personal.Read(mine.Texts())
		if path == "crm.status" {
			want = false // by both
		}
		for _, got := range []bool{theirs.And(read).Personal(path), read.And(theirs).Personal(path)} {
			if got != want {
				t.Errorf("by either, %s: %v", path, got)
			}
		}
		if none := (*personal.Rules)(nil); theirs.And(nil) != theirs || none.And(theirs).Personal("_id") != true || personal.Read(none.Texts()) != nil {
			t.Error("none changes something")
		}
	}
	if !personal.Read([]string{"a b"}).Personal("loyalty.tier") {
		t.Error("what cannot be read hides nothing")
	}
	if all, err := personal.NewRules([]string{"*"}, nil); err != nil || !all.Personal("loyalty.tier") {
		t.Errorf("all fields: %v", err)
	}
}
