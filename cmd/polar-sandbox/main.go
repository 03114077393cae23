// Command polar-sandbox serves Polar from memory, for programs in any language, for
// curl and for browsers: the API, checkout pages, the customer portal, a dashboard and
// webhooks.
//
//	go run ./cmd/polar-sandbox -seed cmd/polar-sandbox/seed.json -webhooks http://localhost:3000/webhooks/polar
//
// It prints an access token, the secret of the webhooks, and a few commands to try,
// then a line for each event and for each delivery. It also prints the URL of the
// dashboard, which moves the time: subscriptions are renewed, and trials end.
//
// With -seed it starts with the catalogue and the customers of a JSON file in the form
// of [github.com/polarexpress/polar-go/polartest.Server.Seed]. With -save it saves its
// data when it is interrupted, and with -load it starts with saved data. Both may name
// the same file; -seed then applies only to the first start.
//
// It accepts connections from this machine only. With -public, other machines can use
// it as well, and can see all of its customers. The Dockerfile in its directory builds
// an image.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/polarexpress/polar-go/internal/hosted"
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
	addr, token, seed, load, save, secret, url string
	public                                     bool
	webhooks                                   []string
}

func parse(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("polar-sandbox", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "listen on this `address`")
	port := flags.Int("port", 0, "listen on this `port` of 127.0.0.1, instead of -addr")
	flags.BoolVar(&o.public, "public", false, "accept connections from other machines")
	flags.StringVar(&o.url, "url", "", "with -public: the `URL` of the sandbox for browsers, if it differs from the clients' URL")
	flags.StringVar(&o.token, "token", "", "accept this access `token` with all scopes instead of a random one")
	flags.StringVar(&o.seed, "seed", "", "start with the catalogue and customers of this JSON `file`")
	flags.StringVar(&o.load, "load", "", "start with the data saved in this JSON `file`, if it exists")
	flags.StringVar(&o.save, "save", "", "save all data to this JSON `file` when interrupted")
	flags.Func("webhooks", "send events to this `URL`; may be repeated", func(v string) error {
		if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("want a URL such as http://localhost:3000/webhooks/polar")
		}
		o.webhooks = append(o.webhooks, v)
		return nil
	})
	flags.StringVar(&o.secret, "webhook-secret", "", "sign events with this `secret` instead of a random one")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *port != 0 {
		o.addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(*port))
	}
	host, _, err := net.SplitHostPort(o.addr)
	if err != nil {
		return o, fmt.Errorf("-addr %s: want an address such as 127.0.0.1:8080", o.addr)
	}
	if !o.public && !hosted.IsLocalHost(host) {
		return o, fmt.Errorf("-addr %s: other machines could use the sandbox and see its customers; add -public to allow it", o.addr)
	}
	if !o.public && o.url != "" {
		return o, errors.New("-url needs -public")
	}
	return o, nil
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	lines := &printer{out: out}
	// Clients in other languages may send requests that the contract does not
	// allow.
	serverOptions := []polartest.Option{polartest.WithAddress(o.addr), polartest.WithoutContractCheck(), polartest.WithEventLog(lines.event)}
	if o.public {
		serverOptions = append(serverOptions, polartest.WithPublicPages(o.url))
	}
	srv, err := polartest.Start(serverOptions...)
	if err != nil {
		return err
	}
	defer srv.Close()
	if err := fill(srv, o); err != nil {
		return err
	}
	secrets := map[string]string{}
	for _, to := range o.webhooks {
		secrets[to] = srv.AddWebhook(polartest.Webhook{URL: to, Secret: o.secret, OnDelivery: func(d polartest.Delivery) { lines.delivery(to, d) }}).Secret()
	}
	welcome(out, srv, o, secrets)
	lines.start()
	<-ctx.Done()
	if o.save == "" {
		return nil
	}
	if err := save(srv, o.save); err != nil {
		return err
	}
	lines.printf("%d customers saved to %s\n", len(srv.Customers()), o.save)
	return nil
}

// printer prints a line for each event and each delivery, once it is started.
type printer struct {
	mu      sync.Mutex
	out     io.Writer
	started bool
}

func (p *printer) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started = true
}

func (p *printer) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started {
		fmt.Fprintf(p.out, format, args...)
	}
}

func (p *printer) event(e polartest.Event) {
	p.printf("%s event    %-28s %s\n", e.Time.Format(time.DateTime), e.Type, e.ObjectID)
}

func (p *printer) delivery(to string, d polartest.Delivery) {
	result := strconv.Itoa(d.Status)
	if d.Err != nil {
		result = "no response: " + d.Err.Error()
		var failed *url.Error
		if errors.As(d.Err, &failed) {
			result = "no response: " + failed.Err.Error() // the line already has the URL
		}
	}
	p.printf("%s delivery %-28s to %s, attempt %d: %s\n", d.Time.Format(time.DateTime), d.Type, to, d.Attempt, result)
}

// fill loads the saved data, or else the seed.
func fill(srv *polartest.Server, o options) error {
	if o.load != "" {
		switch found, err := read(o.load, srv.Load); {
		case err != nil:
			return err
		case found:
			return nil
		}
	}
	if o.seed == "" {
		return nil
	}
	found, err := read(o.seed, srv.Seed)
	if err == nil && !found {
		err = fmt.Errorf("-seed %s: the file does not exist", o.seed)
	}
	return err
}

// read passes the content of a file to into, and reports whether the file exists.
func read(file string, into func(io.Reader) error) (found bool, err error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if err := into(f); err != nil {
		return true, fmt.Errorf("%s: %w", file, err)
	}
	return true, nil
}

// save writes a new file and replaces the old one with it. If anything fails, the old
// file remains unchanged.
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

// address returns the URL of the sandbox for browsers and clients on this machine.
func (o options) address(srv *polartest.Server) string {
	if o.url != "" {
		return o.url
	}
	if _, port, err := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://")); err == nil && o.public {
		return "http://localhost:" + port
	}
	return srv.URL
}

func welcome(out io.Writer, srv *polartest.Server, o options, secrets map[string]string) {
	token := srv.AddToken(polartest.Token{Value: o.token})
	readOnly := srv.Token(polartest.ScopeCustomersRead)
	fmt.Fprintf(out, `Polar in memory, with %[1]d customers. Open it in a browser for the dashboard.

  URL          %[2]s
  token        %[3]s
  read only    %[4]s
  organization %[5]s
`, len(srv.Customers()), o.address(srv), token, readOnly, srv.Organization().ID)
	for _, to := range o.webhooks {
		fmt.Fprintf(out, "  webhooks     %s, signed with %s\n", to, secrets[to])
	}
	fmt.Fprintf(out, `
Try:

  export POLAR_URL=%[1]s POLAR_ACCESS_TOKEN=%[2]s

  curl -s $POLAR_URL/v1/products/ -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"
  curl -s $POLAR_URL/v1/customers/ -H "Authorization: Bearer $POLAR_ACCESS_TOKEN" \
    -H 'Content-Type: application/json' -d '{"email":"ada@polar.sh","external_id":"ada"}'
  curl -s $POLAR_URL/v1/customers/external/ada/state -H "Authorization: Bearer $POLAR_ACCESS_TOKEN"
  curl -si $POLAR_URL/v1/customers/external/ada -X DELETE -H "Authorization: Bearer %[3]s"

Press Ctrl-C to stop.

`, o.address(srv), token, readOnly)
}
