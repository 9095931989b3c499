package record

import "encoding/json"

// Qualify says which of some rules a profile is in that is in no data.
type Qualify struct {
	// ID is that of the profile, null where it has none.
	ID json.RawMessage `json:"id"`
	// In names the rules, in their order; a rule without a name goes by its number, from 1.
	In []string `json:"in"`
	// Failed says of rules why they have no answer: they are wrong, or make too much of this profile.
	Failed map[string]string `json:"failed,omitempty"`
	// Warnings say what of the profile did not fit the fields that the rules read, and is null.
	Warnings []string `json:"warnings,omitempty"`
}
