package lang

import "github.com/segq/segq/lang/parse"

// mostParameters is how many tokens the parameters of a function are looked for in.
const mostParameters = 16

// parameter says whether token i is a parameter: the K of (K, G) => G.count().
func (r *roler) parameter(i int) bool {
	if b := r.before(); b != "(" && b != "," {
		return false
	}
	for k := i + 1; k < min(i+mostParameters, len(r.tokens)); k++ {
		switch r.tokens[k].Kind {
		case parse.Ident, parse.Quoted:
			continue
		}
		switch r.word(k) {
		case ",":
		case ")":
			return r.next(k) == "=>"
		default:
			return false
		}
	}
	return false
}

// mostFrames is how many brackets around a name are looked into.
const mostFrames = 64

// lookup finds a bare name: the innermost of the variables and the one item around it that has it.
func (r *roler) lookup(name string) (spot, Role) {
	inItem, sure := false, true
	for k := len(r.frames) - 1; k >= max(0, len(r.frames)-mostFrames); k-- {
		f := &r.frames[k]
		for v := len(f.vars) - 1; v >= 0; v-- {
			if f.vars[v].name == name {
				return f.vars[v].spot, VariableRole
			}
		}
		if !f.item || inItem || r.fields == nil {
			continue
		}
		inItem = true
		at, ok := r.fields.member(f.base, name)
		if ok && at.sure {
			return at, FieldRole
		}
		sure = !ok
	}
	switch {
	case name == "profile":
		return profileSpot, VariableRole
	case r.fields == nil || !sure:
		return spot{}, NoRole
	}
	return spot{}, UnknownRole
}

// known says whether there is a field or a variable of that name.
func (r *roler) known(name string) bool {
	_, role := r.lookup(name)
	return role == FieldRole || role == VariableRole
}

// looked gives a name after a dot its role.
func (r *roler) looked(i int, of spot, name string) {
	if r.fields == nil {
		r.ended(spot{}, true)
		return
	}
	at, ok := r.fields.member(of, name)
	switch {
	case !ok:
		r.roles[i] = UnknownRole
	case at.sure:
		r.roles[i] = FieldRole
	}
	r.ended(at, true)
}

// outer returns the item, levels item scopes further out.
func (r *roler) outer(levels int) spot {
	for k := len(r.frames) - 1; k >= 0; k-- {
		if !r.frames[k].item {
			continue
		}
		if levels == 0 {
			return r.frames[k].base.elem()
		}
		levels--
	}
	return spot{}
}
