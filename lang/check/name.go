package check

import "github.com/segq/segq/lang/ast"

// name resolves a bare name: the innermost of the variables and the one item
// scope around it that knows it.
func (c *checker) name(id ast.Ident) Node {
	item := (*scope)(nil)
	for s := c.scope; s != nil; s = s.outer {
		switch {
		case !s.item && s.name == id.Text:
			return s.read(id.At)
		case s.item && item == nil:
			item = s
			if n := c.field(s, id); n != nil {
				return n
			}
		}
	}
	if id.Text == "profile" && !id.Quoted {
		return c.profile(id.At)
	}
	c.unknownName(id, item)
	return null(id.At)
}

// field returns the field called id of the item of s, or nil.
func (c *checker) field(s *scope, id ast.Ident) Node {
	if s.slot == 0 && id.Text == "xEvent" && !id.Quoted {
		id.Text = c.cat.Events()
	}
	switch s.t.Kind {
	case Any:
		return null(id.At)
	case Object:
		if f := s.t.Field(id.Text); f != nil {
			return &Member{Info{f.Type, id.At}, s.read(id.At), f}
		}
	case Map:
		return mapGet(s.read(id.At), id)
	}
	return nil
}

// profile reads slot 0.
func (c *checker) profile(at ast.Span) Node {
	return &Slot{Info: Info{c.cat.Profile(), at}, N: 0}
}

// up resolves ^.name: the item scope that lies Levels further out.
func (c *checker) up(x *ast.Up) Node {
	levels := x.Levels
	for s := c.scope; s != nil; s = s.outer {
		if !s.item {
			continue
		}
		if levels == 0 {
			if n := c.field(s, x.Name); n != nil {
				return n
			}
			c.unknownName(x.Name, s)
			return null(x.At)
		}
		levels--
	}
	c.tooManyCarets(x.At, x.Levels-levels-1)
	return null(x.At)
}

func (c *checker) this(x *ast.This) Node {
	for s := c.scope; s != nil; s = s.outer {
		if s.item {
			return s.read(x.At)
		}
	}
	return c.profile(x.At)
}

func (c *checker) position(x *ast.Position) Node {
	if x.N != 1 {
		c.oneProfile(x.At)
		return null(x.At)
	}
	return c.profile(x.At)
}

// member checks x.name: a field of an object, an entry of a map, or the field of
// every element of a list.
func (c *checker) member(x Node, name ast.Ident) Node {
	at := x.Span().Join(name.At)
	t := x.Type()
	switch t.Kind {
	case Any:
		return null(at)
	case Object:
		if n := c.suppliedField(x, name.Text, at); n != nil {
			return n
		}
		if s, ok := x.(*Slot); ok && s.N == 0 && name.Text == "xEvent" && !name.Quoted {
			name.Text = c.cat.Events()
		}
		if f := t.Field(name.Text); f != nil {
			return &Member{Info{f.Type, at}, x, f}
		}
		c.unknownField(name, t)
		return null(at)
	case Map:
		n := mapGet(x, name)
		n.At = at
		return n
	case List:
		return c.gather(x, name, at)
	}
	c.noFields(name, t)
	return null(at)
}

// gather checks the running dot. A map among the elements is read by its key.
func (c *checker) gather(x Node, name ast.Ident, at ast.Span) Node {
	elem := x.Type().Elem
	for elem.Kind == List {
		elem = elem.Elem
	}
	switch elem.Kind {
	case Any:
		return null(at)
	case Map:
		s := c.slot()
		item := &Slot{Info: Info{elem, name.At}, N: s}
		return &Iterate{Info: Info{ListOf(elem.Elem), at}, Op: MapEach, X: x, Slot: s, Body: mapGet(item, name)}
	case Object:
		f := elem.Field(name.Text)
		if f == nil {
			c.unknownField(name, elem)
			return null(at)
		}
		t := f.Type
		for t.Kind == List {
			t = t.Elem
		}
		return &Gather{Info{ListOf(t), at}, x, f}
	}
	c.noFields(name, x.Type())
	return null(at)
}

func mapGet(x Node, key ast.Ident) *Call {
	return &Call{
		Info: Info{x.Type().Elem, key.At}, Op: Get,
		Args: []Node{x, constant(StringType, key.Text, key.At)},
	}
}
