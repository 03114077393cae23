package imitation

import (
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/python"
)

// route is one operation of the service.
type route struct {
	method, pattern string
	// operation is the contract's operation ID.
	operation string
	scopes    []string
	handle    func(*call) *response
	// body is set if the operation reads one.
	body bool
}

var (
	readCustomers  = []string{ScopeCustomersRead, ScopeCustomersWrite}
	writeCustomers = []string{ScopeCustomersWrite}
	readMembers    = []string{ScopeMembersRead, ScopeMembersWrite}
	writeMembers   = []string{ScopeMembersWrite}
)

const (
	byID  = "/v1/customers/{id}"
	byExt = "/v1/customers/external/{external_id}"
)

// customerRoutes are tried in order, which is the service's. The order decides what
// /v1/customers/external/state means, and which method a 405 allows.
var customerRoutes = []route{
	{"GET", "/v1/customers/", "customers:list", readCustomers, listCustomers, false},
	{"GET", "/v1/customers/export", "customers:export", readCustomers, exportCustomers, false},
	{"GET", byID, "customers:get", readCustomers, byCustomerID(getCustomer), false},
	{"GET", byExt, "customers:get_external", readCustomers, byExternalID(getCustomer), false},
	{"GET", byID + "/state", "customers:get_state", readCustomers, byCustomerID(getState), false},
	{"GET", byExt + "/state", "customers:get_state_external", readCustomers, byExternalID(getState), false},
	{"GET", byID + "/payment-methods", "customers:list_payment_methods", readCustomers, byCustomerID(listPaymentMethods), false},
	{"GET", byExt + "/payment-methods", "customers:list_payment_methods_external", readCustomers, byExternalID(listPaymentMethods), false},
	{"POST", "/v1/customers/", "customers:create", writeCustomers, createCustomer, true},
	{"PATCH", byID, "customers:update", writeCustomers, byCustomerID(updateCustomer), true},
	{"PATCH", byExt, "customers:update_external", writeCustomers, byExternalID(updateCustomerExternal), true},
	{"DELETE", byID, "customers:delete", writeCustomers, byCustomerID(deleteCustomer), false},
	{"DELETE", byExt, "customers:delete_external", writeCustomers, byExternalID(deleteCustomer), false},

	{"POST", byID + "/members", "customers:members:create", writeMembers, createMember, true},
	{"POST", byExt + "/members", "customers:members:create_external", writeMembers, createMemberExternal, true},
	{"GET", byID + "/members", "customers:members:list", readMembers, listCustomerMembers, false},
	{"GET", byExt + "/members", "customers:members:list_external", readMembers, listCustomerMembersExternal, false},
	{"GET", byID + "/members/{member_id}", "customers:members:get", readMembers, nestedMember(getMember), false},
	{"PATCH", byID + "/members/{member_id}", "customers:members:update", writeMembers, nestedMember(updateMember), true},
	{"DELETE", byID + "/members/{member_id}", "customers:members:delete", writeMembers, nestedMember(deleteMember), false},
	{"GET", byExt + "/members/{member_external_id}", "customers:members:get_external", readMembers, nestedMemberExternal(getMember), false},
	{"PATCH", byExt + "/members/{member_external_id}", "customers:members:update_external", writeMembers, nestedMemberExternal(updateMember), true},
	{"DELETE", byExt + "/members/{member_external_id}", "customers:members:delete_external", writeMembers, nestedMemberExternal(deleteMember), false},

	{"GET", "/v1/members/", "members:list_members", readMembers, listMembers, false},
}

// routes are the routes of customers and members, then those of the other services.
var routes = append(slices.Clone(customerRoutes), shopRoutes()...)

// healthPath is the path of the health check.
const healthPath = "/healthz"

// match compares a decoded path with a pattern. A parameter matches one or more
// characters other than a slash.
func match(pattern, path string) (map[string]string, bool) {
	var params map[string]string
	for more := true; more; {
		var want, got string
		var moreGot bool
		want, pattern, more = strings.Cut(pattern, "/")
		got, path, moreGot = strings.Cut(path, "/")
		switch {
		case more != moreGot:
			return nil, false
		case strings.HasPrefix(want, "{"):
			if got == "" {
				return nil, false
			}
			if params == nil {
				params = map[string]string{}
			}
			params[want[1:len(want)-1]] = got
		case want != got:
			return nil, false
		}
	}
	return params, true
}

// find returns the route of a request, or the error if only the path is known.
// All are nil if there is no such path.
func find(method, path string) (*route, map[string]string, *response) {
	var partial *route
	for i := range routes {
		rt := &routes[i]
		params, ok := match(rt.pattern, path)
		if !ok {
			continue
		}
		if rt.method == method {
			return rt, params, nil
		}
		if partial == nil {
			partial = rt
		}
	}
	if partial != nil {
		return nil, nil, methodNotAllowed(method, partial.method)
	}
	return nil, nil, nil
}

// toggleSlash is the path with its trailing slash removed or added.
func toggleSlash(path string) string {
	if strings.HasSuffix(path, "/") {
		return strings.TrimRight(path, "/")
	}
	return path + "/"
}

// redirect sends the client to the path with or without its trailing slash. The URL is
// absolute and built from the decoded path, as on the service.
func redirect(r *http.Request, path, rawQuery string) *response {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	target := scheme + "://" + host(r) + python.QuotePath(path)
	if rawQuery != "" {
		target += "?" + rawQuery
	}
	return (&response{status: http.StatusTemporaryRedirect}).set("Location", target)
}

// target splits the request target: the decoded path and the raw query. A path
// below the API's old root, /api/v1, becomes one below /v1.
func target(r *http.Request) (path, rawQuery string, oldRoot bool) {
	raw := r.RequestURI
	if raw == "" {
		raw = r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			raw += "?" + r.URL.RawQuery
		}
	}
	if i := strings.Index(raw, "://"); i > 0 && !strings.HasPrefix(raw, "/") {
		raw = raw[i+3:] // absolute form
		if i := strings.IndexByte(raw, '/'); i >= 0 {
			raw = raw[i:]
		} else {
			raw = "/"
		}
	}
	raw, _, _ = strings.Cut(raw, "#")
	raw, rawQuery, _ = strings.Cut(raw, "?")
	path = python.Unquote(raw)
	if rest, ok := strings.CutPrefix(path, "/api/v1"); ok && (rest == "" || rest[0] == '/') {
		return "/v1" + rest, rawQuery, true
	}
	return path, rawQuery, false
}

// portal reports whether the route is for customers, who use the token of a session.
func (r *route) portal() bool {
	return len(r.scopes) > 0 && strings.HasPrefix(r.scopes[0], "customer_portal:")
}
