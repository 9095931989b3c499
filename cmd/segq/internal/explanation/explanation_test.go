package explanation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestScripts runs the scripts of testdata: "data" has profiles as lines of JSON, after the number of
// profiles that are so if there are several, in which # is the number of each; and "explain" has a query, of which it gives the count and the notes, each with what to write instead below.
func TestScripts(t *testing.T) {
	t.Parallel()
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var d *dataset.Dataset
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			switch td.Cmd {
			case "data":
				d = open(t, td.Input)
				return ""
			case "explain":
				return explain(t, d, td.Input)
			}
			return "there is no command " + td.Cmd
		})
	})
}

func open(t *testing.T, lines string) *dataset.Dataset {
	t.Helper()
	name := filepath.Join(t.TempDir(), "p.ndjson")
	if err := os.WriteFile(name, []byte(repeated(t, lines)), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{name}, dataset.Options{}, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// repeated writes the lines that begin with a number so often.
func repeated(t *testing.T, lines string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(lines) {
		times, profile, ok := strings.Cut(line, " {")
		n, err := strconv.Atoi(times)
		if !ok || err != nil {
			out.WriteString(line)
			continue
		}
		for i := range n {
			out.WriteString(strings.ReplaceAll("{"+strings.TrimSuffix(profile, "\n")+"\n", "#", strconv.Itoa(i)))
		}
	}
	return out.String()
}

func explain(t *testing.T, d *dataset.Dataset, text string) string {
	t.Helper()
	q, ds := lang.Compile(text, d.Catalog, check.Options{})
	if ds.Failed() {
		return ds[0].Message + "\n"
	}
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	results, err := d.Engine.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results)
	}
	r := results[0]
	a := explanation.Answer{Typed: q, Text: text, Now: now, Count: r.Count, Total: r.Total}
	x, out := explanation.New(d), &strings.Builder{}
	fmt.Fprintln(out, r.Count)
	if !x.Wants(a) {
		return out.String()
	}
	for _, n := range x.Notes(t.Context(), a) {
		fmt.Fprintln(out, n.Text)
		if n.Instead != "" {
			fmt.Fprintln(out, "  "+n.Instead)
		}
	}
	return out.String()
}

func TestPersonal(t *testing.T) {
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
	} {
		if got := explanation.Personal(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
