package show

import (
	"cmp"
	"fmt"

	"github.com/segq/segq/redisx/record"
)

// diffParts says how many entered, left and stayed, lists some of them if they were asked for, and says what was compared.
func diffParts(r *record.Record) []Part {
	d := r.Diff
	if d == nil {
		return nil
	}
	p := Part{Facts: []Fact{
		{"entered", Count(d.Entered)}, {"left", Count(d.Left)}, {"stayed", Count(d.Stayed)},
		{Count(d.Before.Profiles) + " before,", Count(d.Now.Profiles) + " now"},
	}}
	for _, id := range d.EnteredIDs {
		p.Rows = append(p.Rows, []string{"entered", Clean(id)})
	}
	for _, id := range d.LeftIDs {
		p.Rows = append(p.Rows, []string{"left", Clean(id)})
	}
	if len(p.Rows) > 0 {
		p.Columns = []Column{{Head: "change"}, {Head: "id", Fold: true, Role: Name}}
	}
	p.Below = []string{"before: " + diffSide(d.Before), "now: " + diffSide(d.Now)}
	if d.Before.Snapshot == d.Now.Snapshot {
		p.Below[1] += ", of the same data"
	}
	for i, s := range []record.DiffSide{d.Before, d.Now} {
		if s.Repeats > 0 {
			p.Below[i] += "; " + Plural(s.Repeats, "profile has", "profiles have") + " the id of another, which counts once"
		}
	}
	switch was, is := d.Before.Without, d.Now.Without; {
	case was > 0 && is > 0:
		p.Below = append(p.Below, Plural(was, "profile", "profiles")+" before and "+Count(is)+" now without an id: not compared")
	case was+is > 0:
		p.Below = append(p.Below, Plural(was+is, "profile", "profiles")+" without an id: not compared")
	}
	return []Part{p}
}

// diffSide says what one side of a comparison is.
func diffSide(s record.DiffSide) string {
	what := OneLine(s.Query)
	switch {
	case s.Members:
		return fmt.Sprintf("the members of %s, version %d, kept at %s UTC", Clean(s.Saved), s.Version, s.At.UTC().Format("2006-01-02 15:04"))
	case s.Saved != "":
		what = fmt.Sprintf("%s, version %d", Clean(s.Saved), s.Version)
	case s.Name != "":
		what = Clean(s.Name)
	}
	return what + ", in the data " + Clean(cmp.Or(s.Data, s.Snapshot))
}

// changesParts says what has become of audiences: of those in which somebody has entered or left how many, and where the rest is.
func changesParts(r *record.Record) []Part {
	c := r.Changes
	if c == nil {
		return nil
	}
	p := Part{Facts: []Fact{
		{"since " + Clean(c.Previous) + ": entered", Count(c.Entered)}, {"left", Count(c.Left)},
		{"changed", Count(c.Changed) + " of " + Plural(c.Compared, "audience", "audiences")},
	}}
	for _, a := range c.Audiences {
		if a.Entered+a.Left == 0 {
			continue
		}
		now := "no rule"
		if a.Now != nil {
			now = Count(*a.Now)
		}
		p.Rows = append(p.Rows, []string{Clean(a.Audience), Count(a.Before), Count(a.Entered), Count(a.Left), Count(a.Stayed), now})
	}
	if len(p.Rows) > 0 {
		p.Columns = []Column{{Head: "audience", Fold: true, Role: Name}}
		for _, head := range []string{"before", "entered", "left", "stayed", "now"} {
			p.Columns = append(p.Columns, Column{Head: head, Right: true})
		}
	}
	p.Below = []string{fmt.Sprintf("%s in other audiences than before, %s in one now and in none before, %s in none any more",
		Plural(c.Profiles.Other, "profile is", "profiles are"), Count(c.Profiles.New), Count(c.Profiles.Gone))}
	if c.Gone > 0 {
		p.Below = append(p.Below, Plural(c.Gone, "audience of that file is", "audiences of that file are")+" not among the rules")
	}
	if more := c.Changed - len(p.Rows); more > 0 {
		p.Below = append(p.Below, Plural(more, "audience that has changed is", "audiences that have changed are")+" not listed: summary names a file for all")
	}
	for _, f := range []*record.Export{c.File, c.Summary} {
		if f != nil && f.Rows != nil {
			p.Below = append(p.Below, Plural(*f.Rows, "row", "rows")+" in "+Clean(f.File))
		}
	}
	return []Part{p}
}

// savedParts says what was kept.
func savedParts(r *record.Record) []Part {
	s := r.Saved
	if s == nil {
		return nil
	}
	said := fmt.Sprintf("as version %d", s.Version)
	if !s.Fresh {
		said += ", whose query is the same"
	}
	p := Part{Facts: []Fact{{"saved " + Clean(s.Name), said}}}
	if s.Members != nil {
		p.Facts = append(p.Facts, Fact{"with", Plural(*s.Members, "member", "members")})
	}
	p.Facts = append(p.Facts, Fact{"in", Clean(s.Place)})
	if s.Without > 0 {
		p.Below = []string{Plural(s.Without, "profile", "profiles") + " without an id: no members"}
	}
	return []Part{p}
}
