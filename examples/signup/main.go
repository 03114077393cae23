// Command signup is a web application whose users become customers as they sign
// up. It shows [customers.Client.Ensure] in an HTTP handler: a form that is sent
// twice makes one customer, and what the visitor can mend is answered with words
// that help.
//
//	go run ./examples/signup
//	curl -i -d email=ada@polar.sh -d name=Ada http://localhost:8080/signup
//
// It runs on a server embedded in the program. With POLAR_ACCESS_TOKEN set it
// runs on Polar's sandbox, where it leaves the customers that it made. The token
// needs the scope customers:write.
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

	"github.com/polarexpress/polar-go/internal/exampleenv"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
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
	env, err := exampleenv.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, env.Close()) }()

	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /signup", &signUp{polar: env.Client, users: newUsers(), log: slog.New(slog.NewTextHandler(out, nil))})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}

	fmt.Fprintf(out, "Sign up at http://%s/signup (%s)\n", listener.Addr(), env.Name)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		// Who is signing up may finish.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Shutdown(ctx)
	}
}
