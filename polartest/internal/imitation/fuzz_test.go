package imitation

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/internal/polarrules"
)

// FuzzRequests sends arbitrary requests: the server must not panic, and its
// responses must match the contract.
func FuzzRequests(f *testing.F) {
	files, err := filepath.Glob("testdata/exchanges/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		seedRequests(f, string(data))
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		u, err := url.ParseRequestURI("http://127.0.0.1" + target)
		if err != nil || !strings.HasPrefix(target, "/") {
			return // no request
		}
		req, err := http.NewRequestWithContext(t.Context(), method, u.String(), strings.NewReader(body))
		if err != nil {
			return // no request
		}
		srv, err := Start(WithoutSocket())
		if err != nil {
			t.Fatal(err)
		}
		c := srv.AddCustomer(Customer{ID: "11111111-1111-4111-8111-111111111111", Type: polarrules.Team, ExternalID: "foo", Email: "foo@polar.sh"})
		srv.AddMember(Member{ID: "22222222-2222-4222-8222-222222222222", CustomerID: c.ID, ExternalID: "bar"})
		req.Header.Set("Authorization", "Bearer "+srv.Token())
		req.Header.Set("Content-Type", "application/json")
		resp, err := srv.Transport().RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Header.Get("Content-Type") == jsonType && len(data) > 0 && !json.Valid(data) {
			t.Errorf("not JSON: %s", data)
		}
		// Requests may violate the contract; only responses must not.
		for _, err := range srv.problems {
			if strings.Contains(err.Error(), ": response") {
				t.Error(err)
			}
		}
	})
}

// seedRequests takes the requests of a file of exchanges.
func seedRequests(f *testing.F, text string) {
	lines := strings.Split(text, "\n")
	ids := strings.NewReplacer("<id-1>", "11111111-1111-4111-8111-111111111111", "<id-2>", "22222222-2222-4222-8222-222222222222",
		"<id-3>", "22222222-2222-4222-8222-222222222222")
	for i, line := range lines {
		request, ok := strings.CutPrefix(line, "> ")
		if !ok {
			continue
		}
		words := strings.Fields(request)
		body := ""
		if i+1 < len(lines) {
			body, _ = strings.CutPrefix(lines[i+1], "| ")
		}
		f.Add(words[0], ids.Replace(words[1]), ids.Replace(body))
	}
}
