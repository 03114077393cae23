package polar_test

import (
	"context"
	"fmt"
	"log"

	"github.com/polarexpress/polar-go/polartest"
)

// What the examples share is in a file of its own, because pkg.go.dev shows the
// whole file of an example that uses it.

var ctx = context.Background()

// start starts the service in memory, on which the examples run. A real program
// calls polar.New with a token instead. What goes wrong on the server becomes part
// of the example's output.
func start() (srv *polartest.Server, stop func()) {
	srv, err := polartest.Start()
	if err != nil {
		log.Fatal(err)
	}
	return srv, func() {
		if err := srv.Close(); err != nil {
			fmt.Println(err)
		}
	}
}
