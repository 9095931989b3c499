package column

// Unloaded stands for a column that is not resident, of whatever type: it is a fault to
// read it. N is the number of its rows, -1 where that will be known when it is loaded, as
// of what is in a list.
type Unloaded struct {
	N int
}

func (*Unloaded) column() {}

// Len is the number of rows.
func (c *Unloaded) Len() int { return c.N }

// Null panics: nobody knows.
func (c *Unloaded) Null(int) bool { panic("a column is read that is not loaded") }
