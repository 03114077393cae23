package polargo

// These packages import every module that a package of this one needs. They make
// go get of this module enough: it adds to go.sum what the package named on its
// command line imports, and nothing else.
import (
	_ "github.com/polarexpress/polar-go/customers/statecache"
	_ "github.com/polarexpress/polar-go/polartest"
)
