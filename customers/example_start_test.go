package customers_test

import (
	"context"
	"fmt"
	"log"

	"github.com/polarexpress/polar-go/polartest"
)

// What the examples share is in a file of its own, for pkg.go.dev prints what is
// beside an example in its file with it.

var ctx = context.Background()

// start starts the service in memory, which the examples run on. A real program
// has customers.New and a token in its place. What went wrong on the server
// becomes part of the example's output.
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
