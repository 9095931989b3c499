package explanation

import (
	"slices"
	"strings"
	"unicode"
)

// personalWords are words in the names of fields that say who somebody is, or how to reach them.
var personalWords = []string{
	"email", "mail", "phone", "mobile", "fax", "street", "ssn", "passport", "iban", "ip", "id", "ids", "uuid", "guid", "ecid", "idfa", "gaid",
	"dob", "birth", "birthday", "birthdate", "surname", "nickname", "username", "login", "password", "token", "latitude", "longitude",
}

// personalNames are names of fields, in small letters, that do the same.
var personalNames = []string{
	"firstname", "lastname", "middlename", "fullname", "givenname", "familyname", "maidenname", "postofficebox",
	"address", "address1", "address2", "addressline", "addressline1", "addressline2", "identitymap",
}

// consents are what the names of fields begin with that hold what somebody has agreed to, about each
// way to reach them: such values tell nothing of that.
var consents = []string{"consent", "opt"}

// Personal says whether the field at a path looks as if its values told who somebody is. Such values
// are offered to nobody who has not written them.
func Personal(path string) bool {
	parts := strings.Split(path, ".")
	for _, part := range parts {
		if w := words(part); len(w) > 0 && slices.Contains(consents, strings.TrimSuffix(w[0], "s")) {
			return false
		}
	}
	for i, part := range parts {
		name := strings.ToLower(strings.Trim(part, "_`"))
		if strings.HasPrefix(name, "address") && i < len(parts)-1 {
			continue // an object, whose city tells nothing
		}
		if slices.Contains(personalNames, strings.ReplaceAll(name, "_", "")) || name == "name" && i > 0 && strings.EqualFold(parts[i-1], "person") {
			return true
		}
		if slices.ContainsFunc(words(part), func(w string) bool { return slices.Contains(personalWords, w) }) {
			return true
		}
	}
	return false
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
