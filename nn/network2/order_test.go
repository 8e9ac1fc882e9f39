package network2

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// TestOrder: network2.go declares what network2.py does, in the same order. The Python has
// no interface for its costs and no names for what SGD takes and returns; it has
// vectorized_result, which an Example makes unnecessary.
func TestOrder(t *testing.T) {
	want := []string{
		"Cost", "QuadraticCost", "QuadraticCost.Fn", "QuadraticCost.Delta",
		"CrossEntropyCost", "CrossEntropyCost.Fn", "CrossEntropyCost.Delta",
		"Network", "New", "Network.DefaultWeightInitializer", "Network.LargeWeightInitializer", "Network.Feedforward",
		"Monitor", "History", "Network.SGD", "Network.UpdateMiniBatch", "Network.Backprop",
		"Network.Accuracy", "Network.TotalCost", "Network.Save", "Load", "Sigmoid", "SigmoidPrime",
	}
	file, err := parser.ParseFile(token.NewFileSet(), "network2.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				typ := d.Recv.List[0].Type
				if star, ok := typ.(*ast.StarExpr); ok {
					typ = star.X
				}
				name = typ.(*ast.Ident).Name + "." + name
			}
			got = append(got, name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok {
					got = append(got, s.Name.Name)
				}
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("network2.go declares\n%v, want\n%v", got, want)
	}
}
