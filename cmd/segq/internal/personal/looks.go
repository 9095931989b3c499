package personal

import (
	"slices"
	"strings"
	"unicode"
)

// personalWords are words in the names of fields that say who somebody is, or how to reach them.
var personalWords = []string{
	"email", "mail", "phone", "mobile", "fax", "street", "ssn", "passport", "iban", "ip", "id", "ids", "uuid", "guid", "ecid", "idfa", "gaid",
	"dob", "birth", "birthday", "birthdate", "surname", "nickname", "username", "login", "password", "token", "latitude", "longitude",
	"zip", "zipcode", "postcode",
	// German, French, Spanish, Italian and Dutch
	"plz", "handy", "handynummer", "mobil", "mobilnummer", "adresse", "anschrift", "hausnummer", "ausweis", "steuernummer", "kontonummer",
	"prénom", "prenom", "courriel", "rue", "movil", "móvil", "calle", "direccion", "dirección", "dni", "nif", "indirizzo", "cellulare",
	"adres", "straat", "mobiel", "huisnummer", "bsn",
}

// personalParts are what words have in them that do the same, in languages that write words together.
var personalParts = []string{
	"vorname", "nachname", "familienname", "kundenn", "ansprechpartner", "telefon", "telephone", "téléphone", "teléfono", "strasse", "straße", "geburt",
	"postleit", "passwort", "kennwort", "emailad", "mailad", "naissance", "codepostal", "motdepasse", "apellido", "correo", "codigopostal", "nacimiento", "contraseña",
	"cognome", "nascita", "codicefiscale", "voornaam", "achternaam", "telefoon", "geboorte", "wachtwoord",
}

// personalNames are names of fields, in small letters, that do the same.
var personalNames = []string{
	"firstname", "lastname", "middlename", "fullname", "givenname", "familyname", "maidenname", "postofficebox",
	"address", "address1", "address2", "addressline", "addressline1", "addressline2", "identitymap", "postalcode",
}

// personalLeaves are names that do the same where nothing is below them: what a customer has tells nothing.
var personalLeaves = []string{
	"customer", "customername", "contact", "contactname", "client", "clientname", "manager", "patient", "note", "notes", "comment", "comments", "remark", "remarks",
	"kunde", "kundin", "kontakt", "mitarbeiter", "betreuer", "notiz", "notizen", "bemerkung", "bemerkungen", "kommentar",
	"nom", "nomcomplet", "remarque", "commentaire", "nombre", "cliente", "contacto", "nota", "notas", "comentario", "nome", "contatto", "naam", "klant", "opmerking",
}

// harmless are words with which the names of fields end that say what an address is like, not which.
var harmless = []string{
	"status", "state", "type", "kind", "primary", "verified", "valid", "domain", "label", "format", "category", "channel", "country", "region", "language", "locale",
	"count", "preferred", "enabled", "active", "bounced", "provider", "carrier",
}

// consents are what the names of fields begin with that hold what somebody has agreed to, about each
// way to reach them: such values tell nothing of that.
var consents = []string{"consent", "opt"}

// looksPersonal says whether the field at a path looks as if its values told who somebody is. Words that are but say nothing.
func looksPersonal(path string, but ...string) bool {
	parts := strings.Split(path, ".")
	for _, part := range parts {
		if w := words(part); len(w) > 0 && slices.Contains(consents, strings.TrimSuffix(w[0], "s")) {
			return false
		}
	}
	leaf := parts[len(parts)-1]
	if w := words(leaf); len(w) > 0 && slices.Contains(harmless, w[len(w)-1]) {
		return false
	}
	if slices.Contains(personalLeaves, bareName(leaf)) {
		return true
	}
	for i, part := range parts {
		name := bareName(part)
		if i < len(parts)-1 && (strings.HasPrefix(name, "address") || name == "adresse" || name == "anschrift") {
			continue // an object, whose city tells nothing
		}
		if slices.Contains(personalNames, name) || name == "name" && i > 0 && strings.EqualFold(parts[i-1], "person") {
			return true
		}
		if slices.ContainsFunc(words(part), func(w string) bool { return isPersonalWord(w) && !slices.Contains(but, w) }) ||
			slices.ContainsFunc(personalParts, func(p string) bool { return strings.Contains(name, p) }) {
			return true
		}
	}
	return false
}

// isPersonalWord knows them in the plural as well.
func isPersonalWord(w string) bool {
	return slices.Contains(personalWords, w) || slices.Contains(personalWords, strings.TrimSuffix(w, "s"))
}

// bareName is a name in small letters, without what joins its words.
func bareName(name string) string {
	return strings.NewReplacer("_", "", "`", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// words returns the words of a name in small letters: those of homePhone_2 are home, phone and 2.
func words(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			out, word = append(out, strings.ToLower(string(word))), nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r):
			end()
			continue
		case unicode.IsUpper(r) && (i > 0 && unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return out
}
