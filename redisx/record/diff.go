package record

import "time"

// Diff is who has entered an audience and who has left it, by the ids of the profiles: each id counts once.
type Diff struct {
	Before  DiffSide `json:"before"`
	Now     DiffSide `json:"now"`
	Entered int      `json:"entered"`
	Left    int      `json:"left"`
	Stayed  int      `json:"stayed"`
	// EnteredIDs and LeftIDs are a sample of those, if one was asked for.
	EnteredIDs []string `json:"entered_ids,omitempty"`
	LeftIDs    []string `json:"left_ids,omitempty"`
}

// DiffSide is one of the two that a [Diff] compares: Profiles of them, and Without of those that match and have no id.
type DiffSide struct {
	Profiles int `json:"profiles"`
	Without  int `json:"without,omitempty"`
	// Repeats is how many profiles have an id that another had before them: Profiles has each id once.
	Repeats int `json:"repeats,omitempty"`
	// Saved and Version name a segment that is kept, Members says that these are its members, as they were kept; Name and Query
	// are those of a query.
	Saved   string `json:"saved,omitempty"`
	Version int    `json:"version,omitempty"`
	Members bool   `json:"members,omitempty"`
	Name    string `json:"name,omitempty"`
	Query   string `json:"query,omitempty"`
	// Snapshot names the data, and At is when these were in it.
	Snapshot string `json:"snapshot"`
	// Data is what other data than that of the record is called.
	Data string    `json:"data,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// Saved is the version of a segment that was kept: Fresh says that it is a new one, and Members how many different ids were kept
// with it, nil for none.
type Saved struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Fresh   bool   `json:"fresh"`
	Members *int   `json:"members,omitempty"`
	// Without is how many have no id, and are none of the members; Place is where it is.
	Without int    `json:"without,omitempty"`
	Place   string `json:"place"`
}
