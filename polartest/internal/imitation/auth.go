package imitation

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/polarexpress/polar-go/internal/python"
	"github.com/polarexpress/polar-go/polar"
)

// The scopes of the operations under /v1/customers.
const (
	ScopeCustomersRead  = "customers:read"
	ScopeCustomersWrite = "customers:write"
	ScopeMembersRead    = "members:read"
	ScopeMembersWrite   = "members:write"
)

// allScopes returns the scopes of all operations outside the customer portal.
var allScopes = sync.OnceValue(func() (all []string) {
	for _, op := range polar.Operations() {
		for _, scope := range op.Scopes {
			if !strings.HasPrefix(scope, "customer_portal:") && !slices.Contains(all, scope) {
				all = append(all, scope)
			}
		}
	}
	return all
})

// Token describes an access token. Its zero value is an organization token of
// the server's first organization with all scopes.
type Token struct {
	// Value is the token itself. The default is a random one.
	Value string `json:"value,omitempty"`
	// Scopes are the token's scopes. Nil means all, an empty slice none.
	Scopes []string `json:"scopes,omitempty"`
	// Organizations are the IDs of the organizations that the token reaches. The
	// default is the server's first organization.
	Organizations []string `json:"organizations,omitempty"`
	// User makes it a user's personal token, which may reach several organizations.
	// Creating a customer with it requires an organization_id.
	User bool `json:"user,omitempty"`
	// Role is the user's role in these organizations: "owner" (the default),
	// "admin", "member" or "finance", which may only read customers.
	Role string `json:"role,omitempty"`
	// Expired makes requests with the token fail with 401.
	Expired bool `json:"expired,omitempty"`
	// Revoked makes requests with the token fail with 401.
	Revoked bool `json:"revoked,omitempty"`
	// Session makes it the token of a customer session. Such a token is valid, but
	// the customers API does not accept it.
	Session bool `json:"session,omitempty"`

	// customer, member, until and returnURL are those of a customer session.
	customer, member string
	until            time.Time
	returnURL        string
}

// principal is the caller whom a valid token identifies.
type principal struct {
	Token
	all []string // organizations, even if a header selects one of them
}

func (p *principal) sees(org string) bool { return slices.Contains(p.Organizations, org) }

// mayManage reports whether the role allows changes to customers. For
// organization tokens the scopes alone decide.
func (p *principal) mayManage() bool { return !p.User || p.Role != "finance" }

func (p *principal) hasAny(scopes []string) bool {
	for _, s := range scopes {
		if slices.Contains(p.Scopes, s) {
			return true
		}
	}
	return false
}

// tokenValue returns a random token with the prefix of its kind.
func tokenValue(t Token) string {
	switch {
	case t.Session:
		return "polar_cst_" + rand.Text()
	case t.User:
		return "polar_pat_" + rand.Text()
	}
	return "polar_oat_" + rand.Text()
}

const (
	invalidTokenText = "The access token provided is expired, revoked, malformed, or invalid for other reasons."
	scopeText        = "The request requires higher privileges than provided by the access token."
	realm            = `Bearer realm="polar"`
)

func unauthorized() *response {
	return domainError(http.StatusUnauthorized, "Unauthorized", "Unauthorized").set("WWW-Authenticate", realm)
}

func oauthError(status int, code, description, challenge string) *response {
	r := spacedResponse(status, python.NewObject("error", code, "error_description", description))
	return r.set("Cache-Control", "no-store").set("Pragma", "no-cache").set("WWW-Authenticate", challenge)
}

func invalidToken() *response {
	return oauthError(http.StatusUnauthorized, "invalid_token", invalidTokenText,
		realm+`, error="invalid_token", error_description="`+invalidTokenText+`"`)
}

func insufficientScope(scopes []string) *response {
	return oauthError(http.StatusForbidden, "insufficient_scope", scopeText,
		realm+`, scope="`+strings.Join(scopes, " ")+`", error="insufficient_scope", error_description="`+scopeText+`"`)
}

// bearer extracts the token. Anything that is not a bearer token counts as no
// credentials at all.
func bearer(header string) (string, bool) {
	scheme, rest, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "bearer") {
		return "", false
	}
	token := strings.TrimLeft(rest, " ")
	if token == "" {
		return "", false
	}
	for i := range len(token) {
		if token[i] >= 0x80 {
			return "", false
		}
	}
	return token, true
}

// authenticate resolves the token before routing. A nil principal without a
// response is an anonymous caller.
func (s *Server) authenticate(r *http.Request) (*principal, *response) {
	value, ok := bearer(r.Header.Get("Authorization"))
	if !ok {
		return nil, nil
	}
	t, known := s.tokens[value]
	if !known || t.Expired || t.Revoked {
		return nil, invalidToken()
	}
	if t.Session {
		if !t.until.IsZero() && !s.clock.time().Before(t.until) {
			return nil, invalidToken()
		}
		return &principal{t, t.Organizations}, nil
	}
	if !t.User {
		if org := s.orgs[t.Organizations[0]]; org == nil || org.Blocked {
			return nil, invalidToken()
		}
	}
	p := &principal{t, t.Organizations}
	if id := r.Header.Get("Polar-Organization"); id != "" && t.User {
		p.Organizations = slices.DeleteFunc(slices.Clone(t.Organizations), func(o string) bool { return o != strings.ToLower(id) })
	}
	return p, nil
}
