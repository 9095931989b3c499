package loosen

import (
	"unicode/utf8"

	"github.com/segq/segq/lang/ast"
)

// affix loosens a test of the beginning or the end of a text: one character less of it.
func (w *walker) affix(x *ast.Call, args []ast.Expr, d direction) {
	if len(args) == 0 {
		return
	}
	of, ok := args[0].(*ast.String)
	switch {
	case !ok:
		return
	case d < 0:
		w.stay(x.At, "which character more would leave most is not looked for")
		return
	case utf8.RuneCountInString(of.Value) < 2:
		w.stay(x.At, "one character less would be any text")
		return
	}
	_, size := utf8.DecodeLastRuneInString(of.Value)
	shorter := of.Value[:len(of.Value)-size]
	if x.Name.Text == "endsWith" {
		_, size = utf8.DecodeRuneInString(of.Value)
		shorter = of.Value[size:]
	}
	to := ast.Format(&ast.String{Value: shorter})
	w.add(x.At, x.Name.Text+"("+to+")", of.At, to, nil)
}
