// Command polar-sandbox serves Polar's customers API from memory, for programs
// in any language and for curl.
//
//	go run ./cmd/polar-sandbox -addr 127.0.0.1:8080
//
// It prints an access token and a few commands to try. With -load it starts
// with the customers of a JSON file, and with -save it writes them to one when
// it is interrupted; both may name the same file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/polarexpress/polar-go/polartest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "polar-sandbox:", err)
		os.Exit(1)
	}
}

// options are the command line.
type options struct {
	addr, token, load, save string
}

func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("polar-sandbox", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "listen on this `address`")
	flags.StringVar(&o.token, "token", "", "accept this access `token`, with all scopes, instead of a random one")
	flags.StringVar(&o.load, "load", "", "start with the customers of this JSON `file`, if it exists")
	flags.StringVar(&o.save, "save", "", "write the customers to this JSON `file` when interrupted")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	// Clients of other languages may send what the contract does not know.
	srv, err := polartest.Start(polartest.WithAddress(o.addr), polartest.WithoutContractCheck())
	if err != nil {
		return err
	}
	defer srv.Close()
	if o.load != "" {
		if err := load(srv, o.load); err != nil {
			return err
		}
	}
	welcome(out, srv, o)
	<-ctx.Done()
	if o.save == "" {
		return nil
	}
	if err := save(srv, o.save); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d customers saved to %s\n", len(srv.Customers()), o.save)
	return nil
}

func load(srv *polartest.Server, file string) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return srv.Load(f)
}

// save writes a new file and puts it in the place of the old one, which stays
// as it was if anything fails.
func save(srv *polartest.Server, file string) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".polar-sandbox-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(srv.Save(f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

func welcome(out io.Writer, srv *polartest.Server, o options) {
	token := srv.AddToken(polartest.Token{Value: o.token})
	readOnly := srv.Token(polartest.ScopeCustomersRead)
	fmt.Fprintf(out, `Polar's Customers API, in memory, with %[1]d customers.

  URL          %[2]s
  token        %[3]s
  read only    %[4]s
  organization %[5]s

Try:

  export POLAR_URL=%[2]s POLAR_ACCESS_TOKEN=%[3]s

  curl -s $POLAR_URL/v1/customers/ -H "Authorization: Bearer $POLAR_ACCESS_TOKEN" \
    -H 'Content-Type: application/json' -d '{"email":"ada@polar.sh","external_id":"ada"}'
  curl -s $POLAR_URL/v1/customers/external/ada/state -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"
  curl -s "$POLAR_URL/v1/customers/?query=ada" -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"
  curl -s $POLAR_URL/v1/customers/export -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"
  curl -si $POLAR_URL/v1/customers/external/ada -X DELETE -H "Authorization: Bearer %[4]s"

Press Ctrl-C to stop.
`, len(srv.Customers()), srv.URL, token, readOnly, srv.Organization().ID)
}
