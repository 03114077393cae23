package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/polartest"
	"github.com/polarexpress/polar-go/webhook"
)

// start runs the program and returns its URL. stop waits for its end.
func start(t *testing.T, args ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0", "-token", "polar_oat_test"}, args...), w)
		w.CloseWithError(err)
		done <- err
	}()
	lines := bufio.NewReader(r)
	form := regexp.MustCompile(`URL +(\S+)`)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the program ended: %v", err)
		}
		if m := form.FindStringSubmatch(line); m != nil {
			go io.Copy(io.Discard, lines)
			return m[1], func() error { cancel(); return <-done }
		}
	}
}

func send(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer polar_oat_test")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, v
}

func TestSaveAndLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "customers.json")
	url, stop := start(t, "-load", file, "-save", file)
	status, made := send(t, "POST", url+"/v1/customers/", `{"email":"ada@polar.sh","external_id":"ada","metadata":{"n":1.0}}`)
	if status != 201 {
		t.Fatalf("create: %d %v", status, made)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), `"n": 1.0`) {
		t.Fatalf("saved %s, %v", data, err)
	}

	url, stop = start(t, "-load", file)
	status, got := send(t, "GET", url+"/v1/customers/external/ada", "")
	if status != 200 || got["id"] != made["id"] || got["organization_id"] != made["organization_id"] {
		t.Errorf("after loading: %d %v, want %v", status, got, made)
	}
	status, members := send(t, "GET", url+"/v1/customers/external/ada/members", "")
	if status != 200 || len(members["items"].([]any)) != 1 {
		t.Errorf("members after loading: %d %v", status, members)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"customers":[{"id":"1"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-load", bad, "-addr", "127.0.0.1:0"}, {"-addr", "nowhere:-1"}, {"extra"}, {"-unknown"},
		{"-addr", "0.0.0.0:0"}, {"-addr", ":0"}, {"-addr", "192.0.2.1:0"}, {"-addr", "[::]:0"}, {"-addr", "8080"}, {"-url", "http://localhost"},
		{"-port", "0x"}, {"-webhooks", "localhost:3000"}, {"-seed", "nothing.json", "-addr", "127.0.0.1:0"}, {"-seed", bad, "-addr", "127.0.0.1:0"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("run(%q) = nil, want an error", args)
		}
	}
}

// TestSeed starts with the example seed, creates a checkout, and receives its event.
func TestSeed(t *testing.T) {
	received := make(chan webhook.Event, 100)
	handler, err := webhook.Handler(hookSecret, func(_ context.Context, e webhook.Event) error {
		received <- e
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	shop := httptest.NewServer(handler)
	defer shop.Close()
	url, stop := start(t, "-seed", "seed.json", "-webhooks", shop.URL, "-webhook-secret", hookSecret)
	status, list := send(t, "GET", url+"/v1/products/?sorting=name", "")
	if status != 200 || len(list["items"].([]any)) != 3 {
		t.Fatalf("products: %d %v", status, list)
	}
	pro := list["items"].([]any)[0].(map[string]any)
	if pro["name"] != "Pro" || len(pro["benefits"].([]any)) != 4 || pro["id"] != "3f29c32a-02b8-49d6-b4ab-4ca02e9580a3" {
		t.Errorf("product: %v", pro)
	}
	status, checkout := send(t, "POST", url+"/v1/checkouts/", `{"products":["`+pro["id"].(string)+`"],"external_customer_id":"ada"}`)
	if status != 201 || checkout["customer_email"] != "ada@polar.sh" {
		t.Fatalf("checkout: %d %v", status, checkout)
	}
	if e := <-received; e.Type != webhook.CheckoutCreated {
		t.Errorf("received %s", e.Type)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

const hookSecret = "whsec_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

// A saved sandbox is not seeded again.
func TestSeedOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.json")
	args := []string{"-seed", "seed.json", "-load", file, "-save", file}
	for range 2 {
		url, stop := start(t, args...)
		status, list := send(t, "GET", url+"/v1/customers/", "")
		if status != 200 || len(list["items"].([]any)) != 2 {
			t.Errorf("customers: %d %v", status, list)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLines(t *testing.T) {
	var out strings.Builder
	p := &printer{out: &out}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p.event(polartest.Event{Time: at, Type: "customer.created", ObjectID: "seeded"})
	p.start()
	p.event(polartest.Event{Time: at, Type: "order.paid", ObjectID: "o1"})
	p.delivery("http://localhost:3000/", polartest.Delivery{Time: at, Type: "order.paid", Attempt: 1, Status: 204})
	p.delivery("http://localhost:3000/", polartest.Delivery{Time: at, Type: "order.paid", Attempt: 2, Err: &url.Error{Op: "Post", URL: "x", Err: io.EOF}})
	want := `2026-01-02 03:04:05 event    order.paid                   o1
2026-01-02 03:04:05 delivery order.paid                   to http://localhost:3000/, attempt 1: 204
2026-01-02 03:04:05 delivery order.paid                   to http://localhost:3000/, attempt 2: no response: EOF
`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", &out, want)
	}
}

// TestPublic opens a checkout under a name that only -public allows.
func TestPublic(t *testing.T) {
	for _, test := range []struct {
		args []string
		host string
		want string // of the checkout's URL
	}{
		{nil, "shop.test:1", "http://127.0.0.1:"},
		{[]string{"-public"}, "shop.test:1", "http://shop.test:1/checkout/"},
	} {
		base, stop := start(t, append([]string{"-seed", "seed.json", "-addr", "127.0.0.1:0"}, test.args...)...)
		req, err := http.NewRequest("POST", base+"/v1/checkouts/", strings.NewReader(`{"products":["3f29c32a-02b8-49d6-b4ab-4ca02e9580a3"]}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Host = test.host
		req.Header.Set("Authorization", "Bearer polar_oat_test")
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var checkout struct{ URL string }
		err = json.NewDecoder(resp.Body).Decode(&checkout)
		resp.Body.Close()
		if err != nil || !strings.HasPrefix(checkout.URL, test.want) {
			t.Errorf("%v: checkout at %q, %v", test.args, checkout.URL, err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

// The image builds this program, and starts it with flags that it accepts.
func TestDockerfile(t *testing.T) {
	data, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, line, found := strings.Cut(string(data), "\nENTRYPOINT ")
	var entrypoint []string
	if err := json.Unmarshal([]byte(line), &entrypoint); err != nil || !found {
		t.Fatalf("ENTRYPOINT %s: %v", line, err)
	}
	o, err := parse(append(entrypoint[1:], "-webhooks", "http://host.docker.internal:3000/webhooks/polar"), io.Discard)
	if err != nil || !o.public || o.addr != "0.0.0.0:8080" {
		t.Errorf("parsed %+v, %v", o, err)
	}
	for _, want := range []string{"\nUSER 65532:65532\n", "CGO_ENABLED=0 go build", " ./cmd/polar-sandbox\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	image := regexp.MustCompile(`FROM golang:1\.(\d+)`).FindSubmatch(data)
	least := regexp.MustCompile(`(?m)^go 1\.(\d+)`).FindSubmatch(mod)
	if image == nil || least == nil || string(image[1]) < string(least[1]) {
		t.Errorf("the image has Go 1.%s, the module needs 1.%s", image, least)
	}
}
