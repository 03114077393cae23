package imitation

import (
	"cmp"
	"io"
	"net/http"
	"strings"
	"testing"
)

// baseURL returns the server's URL for a transport, with or without a socket.
func baseURL(srv *Server) string { return cmp.Or(srv.URL, socketless) }

// do sends one request with a token and returns status and body.
func do(t *testing.T, srv *Server, token, method, path, body string) (int, string) {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, srv.URL+path, r)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func TestFirstSteps(t *testing.T) {
	srv := NewServer(t)
	token := srv.Token()
	status, body := do(t, srv, token, "POST", "/v1/customers/", `{"email":"Ada@Polar.sh","external_id":"u1","metadata":{"zz":1,"a":1.0}}`)
	if status != 201 || !strings.Contains(body, `"metadata":{"zz":1,"a":1.0}`) || !strings.Contains(body, `"email":"Ada@polar.sh"`) {
		t.Errorf("create: %d %s", status, body)
	}
	status, body = do(t, srv, token, "GET", "/v1/customers/external/u1", "")
	if status != 200 || !strings.Contains(body, `"metadata":{"a":1.0,"zz":1}`) {
		t.Errorf("get: %d %s", status, body)
	}
	if status, body = do(t, srv, srv.Token(ScopeCustomersRead), "POST", "/v1/customers/", `{}`); status != 403 {
		t.Errorf("scope: %d %s", status, body)
	}
	if status, body = do(t, srv, srv.ExpiredToken(), "GET", "/v1/customers/", ""); status != 401 {
		t.Errorf("expired: %d %s", status, body)
	}
	if n := len(srv.Requests("customers:create")); n != 2 {
		t.Errorf("%d creates recorded, want 2", n)
	}
}
