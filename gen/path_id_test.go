package gen_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/gen"
)

// pathRequests build a request for each kind of path with IDs.
var pathRequests = map[string]func(server string, a, b gen.PathID) (*http.Request, error){
	"/v1/customers/{a}": func(server string, a, _ gen.PathID) (*http.Request, error) {
		return gen.NewCustomersGetRequest(server, a)
	},
	"/v1/customers/{a}/state": func(server string, a, _ gen.PathID) (*http.Request, error) {
		return gen.NewCustomersGetStateRequest(server, a)
	},
	"/v1/customers/external/{a}": func(server string, a, _ gen.PathID) (*http.Request, error) {
		return gen.NewCustomersDeleteExternalRequest(server, a, &gen.CustomersDeleteExternalParams{Anonymize: true})
	},
	"/v1/customers/{a}/members/{b}": func(server string, a, b gen.PathID) (*http.Request, error) {
		return gen.NewCustomersMembersUpdateRequest(server, a, b, gen.MemberUpdate{})
	},
}

func TestPathID(t *testing.T) {
	for id, escaped := range map[gen.PathID]string{
		"992fae2a-2a17-4b7a-8d9e-e287cf90131b": "992fae2a-2a17-4b7a-8d9e-e287cf90131b",
		"a?b=1":                                "a%3Fb=1",
		"a#b":                                  "a%23b",
		"ü":                                    "%C3%BC",
		"a b":                                  "a%20b",
		"a%2Fb":                                "a%252Fb",
		"%2e%2e":                               "%252e%252e",
		"a+b":                                  "a+b",
		":":                                    ":",
		"http:":                                "http:",
		"a:b@c":                                "a:b@c",
		`a\b`:                                  "a%5Cb",
		"...":                                  "...",
		".a":                                   ".a",
		"a;b":                                  "a%3Bb",
		"%":                                    "%25",
		gen.PathID(strings.Repeat("é", 1024)):  strings.Repeat("%C3%A9", 1024),
	} {
		for template, build := range pathRequests {
			for _, base := range []string{"https://api.polar.sh/", "http://127.0.0.1:8080/base/"} {
				req, err := build(base, id, id)
				if err != nil {
					t.Errorf("%s: %q: %v", template, id, err)
					continue
				}
				want := base + strings.NewReplacer("{a}", escaped, "{b}", escaped).Replace(template[1:])
				if got, _, _ := strings.Cut(req.URL.String(), "?"); got != want {
					t.Errorf("%s: %q: got %s, want %s", template, id, got, want)
				}
			}
		}
	}
}

func TestPathIDRefused(t *testing.T) {
	for id, want := range map[gen.PathID]string{
		"":                   "must not be empty",
		".":                  `must not be "." or ".."`,
		"..":                 `must not be "." or ".."`,
		"secret/b":           "must not contain a slash",
		"/":                  "must not contain a slash",
		"secret/members/bob": "must not contain a slash",
		"secret/state":       "must not contain a slash",
		"secret\x00":         "must not contain a control character",
		"secret\n":           "must not contain a control character",
		"secret\x7f":         "must not contain a control character",
		"secret\u0085x":      "must not contain a control character",
		"secret\xff":         "must be valid UTF-8",
		" secret":            "must not begin or end with white space",
		"secret\u00a0":       "must not begin or end with white space",
		" ":                  "must not begin or end with white space",
		gen.PathID("secret" + strings.Repeat("x", 2043)): "must be at most 2,048 bytes long, not 2049",
	} {
		for template, build := range pathRequests {
			name := "id: "
			if strings.Contains(template, "external") {
				name = "external_id: "
			}
			if req, err := build("https://api.polar.sh/", id, "b"); req != nil || err == nil || err.Error() != name+want {
				t.Errorf("%s: %q: got %v, %v, want %s", template, id, req, err, name+want)
			}
		}
		_, err := gen.NewCustomersMembersGetRequest("https://api.polar.sh/", "a", id)
		if err == nil || err.Error() != "member_id: "+want {
			t.Errorf("%q: got %v, want member_id: %s", id, err, want)
		}
	}
}

// An ID either is one segment of the path that the template names, or an error.
func FuzzPathID(f *testing.F) {
	for _, id := range []string{"a", "", "..", "a/b", "foo/members/bob", "foo/state", "a?b=1", "a#b", "ü", "a b", "a%2Fb", "a+b", ":", "//host", `\\host`, "%2e%2e", "\x00", "\xff", " a", "a;b", "http://x"} {
		f.Add(id, "b")
		f.Add("a", id)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for template, build := range pathRequests {
			req, err := build("https://api.polar.sh/base/", gen.PathID(a), gen.PathID(b))
			if err != nil {
				if req != nil {
					t.Errorf("%q: both a request and an error", template)
				}
				continue
			}
			if req.URL.Scheme != "https" || req.URL.Host != "api.polar.sh" || req.Host != "api.polar.sh" || req.URL.User != nil || req.URL.Fragment != "" {
				t.Fatalf("%q, %q: got %s", a, b, req.URL)
			}
			got := strings.Split(req.URL.EscapedPath(), "/")
			want := strings.Split("/base"+template, "/")
			if len(got) != len(want) {
				t.Fatalf("%q, %q: %s is not %s", a, b, req.URL.EscapedPath(), template)
			}
			for i := range want {
				switch want[i] {
				case "{a}":
					want[i] = a
				case "{b}":
					want[i] = b
				default:
					if got[i] != want[i] {
						t.Fatalf("%q, %q: %s is not %s", a, b, req.URL.EscapedPath(), template)
					}
				}
				if segment, err := url.PathUnescape(got[i]); err != nil || segment != want[i] {
					t.Fatalf("%q, %q: segment %d of %s is %q, %v", a, b, i, req.URL.EscapedPath(), segment, err)
				}
			}
		}
	})
}
