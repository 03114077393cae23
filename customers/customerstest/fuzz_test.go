package customerstest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzRequests sends arbitrary requests: the server must not panic, and what
// it answers must be what the contract promises.
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
		c := srv.AddCustomer(Customer{ID: "11111111-1111-4111-8111-111111111111", Type: typeTeam, ExternalID: "foo", Email: "foo@example.com"})
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
		// What the service puts up with in requests is not the server's fault.
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

// FuzzJSON compares the reader with the standard library's, where the two are
// to agree, and reads again what the writer wrote.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e10,"\u00e9\ud83d\ude00",null,true]}`, `{"a":1,"a":2}`, `[NaN]`, `{"k":01}`, `"\ud800"`, `-0.0`, `1e400`, "\"\t\"", `[1,]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := parseJSON(data)
		if err != nil {
			if json.Valid(data) && !tooMuch(string(data)) {
				t.Errorf("valid JSON is refused: %v", err)
			}
			return
		}
		written := marshalJSON(v)
		if !json.Valid(written) {
			t.Fatalf("wrote %s", written)
		}
		again, err := parseJSON(written)
		if err != nil || string(marshalJSON(again)) != string(written) {
			t.Errorf("%s comes back as %s, %v", written, marshalJSON(again), err)
		}
	})
}

// tooMuch tells what the service gives up on although it is valid: integers
// of thousands of digits, nesting of hundreds of levels.
func tooMuch(s string) bool {
	digits := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			digits = 0
			continue
		}
		if digits++; digits > maxIntDigits {
			return true
		}
	}
	return strings.Count(s, "[")+strings.Count(s, "{") > maxDepth || strings.ContainsRune(s, '\ufffd')
}
