// Command signup is a web application whose users become customers when they sign
// up. It shows [customers.Client.Ensure] in an HTTP handler: a form that is sent
// twice creates one customer, and errors say what a visitor can fix.
//
//	go run ./examples/signup
//	curl -i -d email=ada@polar.sh -d name=Ada http://localhost:8080/signup
//
// It runs on an embedded server. With POLAR_ACCESS_TOKEN set it runs on Polar's
// sandbox, and leaves the customers there. The token needs the scope
// customers:write.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "listen on this `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *addr, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "signup:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, addr string, out io.Writer) (err error) {
	client, polarServer, err := connect()
	if err != nil {
		return err
	}
	if polarServer != nil {
		defer func() { err = errors.Join(err, polarServer.Close()) }()
	}

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /signup", showForm)
	mux.Handle("POST /signup", &signUp{customers: customers.New(client), users: newUsers(), log: slog.New(slog.NewTextHandler(out, nil))})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}

	fmt.Fprintf(out, "Sign up at http://%s/signup (Polar at %s)\n", listener.Addr(), client.BaseURL())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		// Let the requests in flight finish.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Shutdown(ctx)
	}
}

// connect returns a client for the sandbox if there is a token, and otherwise for
// a server that is embedded in the program.
func connect() (client *polar.Client, server *polartest.Server, err error) {
	if token := os.Getenv("POLAR_ACCESS_TOKEN"); token != "" {
		client, err = polar.New(token, polar.WithSandbox())
		return client, nil, err
	}
	if server, err = polartest.Start(); err != nil {
		return nil, nil, err
	}
	return server.Client(), server, nil
}
