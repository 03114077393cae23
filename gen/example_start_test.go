package gen_test

import (
	"context"
	"fmt"
	"log"

	"github.com/polarexpress/polar-go/customers/customerstest"
)

// What the examples share is in a file of its own, for pkg.go.dev prints what is
// beside an example in its file with it.

var ctx = context.Background()

// start starts the service in memory, which the examples run on.
func start() (srv *customerstest.Server, stop func()) {
	srv, err := customerstest.Start()
	if err != nil {
		log.Fatal(err)
	}
	return srv, func() {
		if err := srv.Close(); err != nil {
			fmt.Println(err)
		}
	}
}
