package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polartest"
)

// app is the sign-up handler on a server in memory, with its log.
func app(t *testing.T) (*polartest.Server, *signUp, *bytes.Buffer) {
	t.Helper()
	srv := polartest.NewServer(t)
	var log bytes.Buffer
	return srv, &signUp{customers: customers.New(srv.Client()), users: newUsers(), log: slog.New(slog.NewTextHandler(&log, nil))}, &log
}

func submit(t *testing.T, h http.Handler, email, name string) (*httptest.ResponseRecorder, result) {
	t.Helper()
	form := url.Values{"email": {email}, "name": {name}}
	r := httptest.NewRequest(http.MethodPost, "/signup", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var a result
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Errorf("response %q: %v", w.Body, err)
	}
	return w, a
}

// A visitor who clicks many times becomes one customer.
func TestDoubleSubmit(t *testing.T) {
	srv, h, _ := app(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	statuses, ids := map[int]int{}, map[string]int{}
	for range 8 {
		wg.Go(func() {
			w, a := submit(t, h, "Ada@polar.sh", "Ada")
			mu.Lock()
			defer mu.Unlock()
			statuses[w.Code]++
			ids[a.User+" "+a.Customer]++
		})
	}
	wg.Wait()
	if statuses[http.StatusCreated] != 1 || statuses[http.StatusOK] != 7 {
		t.Errorf("statuses %v, want one 201 and seven 200", statuses)
	}
	if len(ids) != 1 || len(srv.Customers()) != 1 {
		t.Errorf("results %v and %d customers, want one of each", ids, len(srv.Customers()))
	}
	if c := srv.Customers()[0]; c.ExternalID != "user_1" || c.Name != "Ada" {
		t.Errorf("customer is %+v", c)
	}
}

// The visitor is signed up once, even if the response to the create is lost.
func TestLostResponse(t *testing.T) {
	srv, h, _ := app(t)
	srv.FailNext(polartest.Failure{Operation: "customers:create", Applied: true, Cut: polartest.CutBeforeResponse})
	w, a := submit(t, h, "ada@polar.sh", "Ada")
	if w.Code != http.StatusCreated || len(srv.Customers()) != 1 || a.Customer != srv.Customers()[0].ID {
		t.Errorf("status %d, result %+v, customers %+v", w.Code, a, srv.Customers())
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name    string
		email   string
		person  string // Ada, unless given
		arrange func(*polartest.Server, *signUp)
		status  int
		want    string // in the response
		logged  string
	}{
		{
			name: "no address", status: 422, want: "Enter an email address",
		}, {
			name: "an address without a domain", email: "ada@", status: 422, want: "must be an email address",
		}, {
			name: "a name that is too long", email: "ada@polar.sh", person: strings.Repeat("a", 300), status: 422, want: "at most 256 characters",
		}, {
			name: "a domain without mail", email: "ada@nullmx.polar.sh", status: 422, want: "does not accept email",
		}, {
			name: "the address of a customer who bought without an account", email: "ada@polar.sh",
			arrange: func(srv *polartest.Server, _ *signUp) {
				srv.AddCustomer(polartest.Customer{Email: "ADA@polar.sh"})
			},
			status: 409, want: "Sign in, or use another address",
		}, {
			name: "too many requests", email: "ada@polar.sh",
			arrange: func(srv *polartest.Server, _ *signUp) {
				srv.FailNext(polartest.Failure{Status: 429, RetryAfter: time.Minute})
			},
			status: 503, want: "Try again soon", logged: "level=WARN",
		}, {
			name: "a failure of the service", email: "ada@polar.sh",
			arrange: func(srv *polartest.Server, _ *signUp) {
				srv.FailNext(polartest.Failure{Status: 500})
			},
			status: 503, want: "Try again soon", logged: "level=WARN",
		}, {
			name: "a token that cannot write", email: "ada@polar.sh",
			arrange: func(srv *polartest.Server, h *signUp) {
				h.customers = customers.New(srv.ClientWithToken(srv.Token("customers:read")))
			},
			status: 500, want: "wrong on our side", logged: "customers:write",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv, h, log := app(t)
			if test.arrange != nil {
				test.arrange(srv, h)
			}
			w, _ := submit(t, h, test.email, cmp.Or(test.person, "Ada"))
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("%d %s, want %d and %q", w.Code, w.Body, test.status, test.want)
			}
			if !strings.Contains(log.String(), test.logged) || strings.Contains(log.String(), "@") {
				t.Errorf("log %q, want %q and no address", log, test.logged)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	srv, h, _ := app(t)
	srv.FailNext(polartest.Failure{Status: 429, RetryAfter: time.Minute})
	w, _ := submit(t, h, "ada@polar.sh", "Ada")
	if got := w.Header().Get("Retry-After"); got != "60" {
		t.Errorf("Retry-After is %q, want 60", got)
	}
}

// The whole program runs on the embedded server.
func TestRun(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	t.Setenv("POLAR_ENVIRONMENT", "")
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, "127.0.0.1:0", in)
		_ = in.CloseWithError(io.EOF)
		done <- err
	}()

	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v; run: %v", err, <-done)
	}
	address := regexp.MustCompile(`http://\S+`).FindString(line)
	resp, err := http.PostForm(address, url.Values{"email": {"ada@polar.sh"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		t.Errorf("%s: %s, want 201", address, resp.Status)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
