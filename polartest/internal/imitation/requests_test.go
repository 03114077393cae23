package imitation

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestRequests(t *testing.T) {
	srv := NewServer(t)
	do(t, srv, srv.Token(), "GET", "/v1/customers/external/a%20b?x", "")
	do(t, srv, "", "GET", "/nowhere", "")
	all := srv.Requests()
	if len(all) != 2 || all[0].Operation != "customers:get_external" || all[0].Path != "/v1/customers/external/a%20b?x" || all[0].Status != 404 || all[1].Operation != "" {
		t.Errorf("%+v", all)
	}
	if len(srv.Requests("customers:get_external")) != 1 || len(srv.Requests("customers.GetByExternalID")) != 1 {
		t.Error("requests are not found by operation")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	var h history
	body := make([]byte, 1<<20)
	for range 100 {
		h.add(Request{Operation: "customers:create", Body: body})
	}
	if n := len(h.requests); n != maxRequestBytes>>20 || h.bytes > maxRequestBytes {
		t.Errorf("%d requests of 1 MiB are kept, %d bytes", n, h.bytes)
	}
	h.add(Request{Operation: "customers:create", Body: make([]byte, 2*maxRequestBytes)})
	if n := len(h.requests); n != 1 {
		t.Errorf("%d requests are kept, want the last", n)
	}
	for range 3 * maxRequests {
		h.add(Request{Operation: "customers:get"})
	}
	if n := len(h.requests); n != maxRequests || h.bytes != 0 {
		t.Errorf("%d requests are kept, %d bytes", n, h.bytes)
	}
	if h.calls["customers:create"] != 101 || h.calls["customers:get"] != 3*maxRequests {
		t.Errorf("calls: %v", h.calls)
	}
}

// A request that is refused for its length is refused before its body arrives.
func TestRefusalsDoNotWaitForBody(t *testing.T) {
	srv := NewServer(t)
	for name, tc := range map[string]struct{ header, want string }{
		"too long":       {"Content-Length: 10485761", "HTTP/1.1 413 "},
		"unknown length": {"Transfer-Encoding: chunked", "HTTP/1.1 411 "},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, "POST /v1/customers/ HTTP/1.1\r\nHost: x\r\n"+tc.header+"\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(tc.want))
			if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, []byte(tc.want)) {
				t.Errorf("%q, %v, want %q", got, err, tc.want)
			}
		})
	}
}
