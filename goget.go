package polargo

// These packages import every module that any public package needs. go get adds to
// go.sum only what the package on its command line imports, so that these imports make
// go get of this module enough for all of its packages.
import (
	_ "github.com/polarexpress/polar-go/customers/statecache"
	_ "github.com/polarexpress/polar-go/polartest"
)
