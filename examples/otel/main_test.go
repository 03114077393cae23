package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"

	"go.opentelemetry.io/otel"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Each attempt has a span with the route as its name, a child of the caller's span.
// No span contains the URL, and the service receives the URL and the trace.
func TestTrace(t *testing.T) {
	otel.SetTextMapPropagator(propagation.TraceContext{})
	recorder := tracetest.NewInMemoryExporter()
	spans := sdktrace.NewTracerProvider(sdktrace.WithSyncer(recorder))
	srv := polartest.NewServer(t)
	ada := srv.AddCustomer(polartest.Customer{Email: "ada@polar.sh", ExternalID: "ada@polar.sh"})
	srv.FailNext(polartest.Failure{Status: 503})
	token := srv.Token()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := customers.New(srv.ClientWithToken(token, polar.WithMiddleware(Trace(spans)), polar.WithHTTPClient(&http.Client{Transport: transport})))

	ctx, parent := spans.Tracer("test").Start(t.Context(), "caller")
	if got, err := c.GetByExternalID(ctx, ada.ExternalID); err != nil || got.ID != ada.ID {
		t.Fatalf("got %v, %v", got, err)
	}
	if _, err := c.List(ctx, customers.ListParams{Email: ada.Email}); err != nil {
		t.Fatal(err)
	}
	parent.End()

	want := []struct {
		name   string
		status codes.Code
	}{
		{"GET /v1/customers/external/:external_id", codes.Error},
		{"GET /v1/customers/external/:external_id", codes.Unset},
		{"GET /v1/customers/", codes.Unset},
		{"caller", codes.Unset},
	}
	got := recorder.GetSpans()
	if len(got) != len(want) {
		t.Fatalf("%d spans, want %d", len(got), len(want))
	}
	requests := srv.Requests()
	for i, span := range got {
		if span.Name != want[i].name || span.Status.Code != want[i].status {
			t.Errorf("span %d is %s, %v; want %v", i, span.Name, span.Status.Code, want[i])
		}
		if i < 3 && (span.Parent.SpanID() != parent.SpanContext().SpanID() || !strings.Contains(requests[i].Header.Get("Traceparent"), span.SpanContext.SpanID().String())) {
			t.Errorf("span %d is not part of the trace", i)
		}
		text := fmt.Sprintf("%+v", span)
		for _, secret := range []string{"ada", token} {
			if strings.Contains(text, secret) {
				t.Errorf("span %d shows %s: %s", i, secret, text)
			}
		}
	}
	if path := requests[0].Path; path != "/v1/customers/external/ada@polar.sh" {
		t.Errorf("the service was asked for %s", path)
	}
}

func TestRoute(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/customers/":                     "/v1/customers/",
		"/v1/customers/export":               "/v1/customers/export",
		"/v1/customers/5b1e":                 "/v1/customers/:id",
		"/v1/customers/external/a%40b":       "/v1/customers/external/:external_id",
		"/v1/customers/external/state":       "/v1/customers/external/:external_id",
		"/v1/customers/external/x/members/m": "/v1/customers/external/:external_id/members/:member_external_id",
		"/polar/v1/customers/5b1e/state":     "/v1/customers/:id/state",
		"/v1/nothing/ada":                    "/unknown",
		"/v1/customers/external/x/y/ada":     "/unknown",
		"/elsewhere":                         "/unknown",
	} {
		if got := route("GET", path); got != want {
			t.Errorf("route of %s is %s, want %s", path, got, want)
		}
	}
}

func TestRun(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 customers", `"Name": "GET /v1/customers/"`, `"Name": "report"`, "503"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, &out)
		}
	}
	if strings.Contains(out.String(), "ada@") {
		t.Errorf("an address is in %s", &out)
	}
}
