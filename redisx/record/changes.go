package record

// MostChanges is how many audiences a [Changes] lists at most: those in which most has changed.
const MostChanges = 1000

// Changes is what has become of audiences since the memberships in the file Previous: how many have Entered and Left all of
// them, how many of the Compared ones have Changed, and how many of those are Gone, which are not among the rules any more.
type Changes struct {
	Previous string          `json:"previous"`
	Entered  int             `json:"entered"`
	Left     int             `json:"left"`
	Compared int             `json:"compared"`
	Changed  int             `json:"changed"`
	Gone     int             `json:"gone,omitempty"`
	Profiles ChangedProfiles `json:"profiles"`
	// Audiences are in the order of the rules' names; there may be more.
	Audiences []AudienceChange `json:"audiences"`
	// File is that of who has entered and left, a row each, and Summary that of how many; nil where none was asked for.
	File    *Export `json:"file,omitempty"`
	Summary *Export `json:"summary,omitempty"`
}

// ChangedProfiles are profiles by id: those that are in Other audiences than before, in some now and in none before, and in none
// any more.
type ChangedProfiles struct {
	Other int `json:"other"`
	New   int `json:"new"`
	Gone  int `json:"gone"`
}

// AudienceChange is what has become of an audience. Now is nil where it is not among the rules any more. Without is how many
// are in it now that have no id: they are compared with nobody, and in none of the other figures.
type AudienceChange struct {
	Audience string `json:"audience"`
	Before   int    `json:"before"`
	Entered  int    `json:"entered"`
	Left     int    `json:"left"`
	Stayed   int    `json:"stayed"`
	Now      *int   `json:"now"`
	Without  int    `json:"without,omitempty"`
}
