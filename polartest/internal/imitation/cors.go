package imitation

import (
	"net/http"
	"slices"
	"strings"
)

// The service lets pages of any origin call it.

var (
	// corsMethods are the methods that a page may use.
	corsMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY"}
	// corsHeaders are the headers that a page may set.
	corsHeaders = []string{"Accept", "Accept-Language", "Authorization", "Content-Language", "Content-Type", "Polar-Version"}
)

// preflight returns the response to a CORS preflight request, or nil if r is not one.
func preflight(r *http.Request) *response {
	if r.Method != http.MethodOptions || r.Header.Get("Origin") == "" {
		return nil
	}
	method, asked := r.Header["Access-Control-Request-Method"]
	if !asked {
		return nil
	}
	var refused []string
	if !slices.Contains(corsMethods, method[0]) {
		refused = append(refused, "method")
	}
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		name = strings.TrimSpace(name)
		if name != "" && !slices.ContainsFunc(corsHeaders, func(h string) bool { return strings.EqualFold(h, name) }) {
			refused = append(refused, "headers")
			break
		}
	}
	resp := &response{status: http.StatusOK, contentType: textType, body: []byte("OK"), bare: true}
	if len(refused) > 0 {
		resp.status, resp.body = http.StatusBadRequest, []byte("Disallowed CORS "+strings.Join(refused, ", "))
	}
	return resp.set("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network").
		set("Access-Control-Allow-Origin", "*").
		set("Access-Control-Allow-Methods", strings.Join(corsMethods, ", ")).
		set("Access-Control-Allow-Headers", strings.Join(corsHeaders, ", ")).
		set("Access-Control-Max-Age", "600")
}

// allowOrigin adds the headers that let a page of another origin read the
// response.
func allowOrigin(r *http.Request, resp *response) {
	if r.Header.Get("Origin") == "" || resp.unversioned {
		return
	}
	resp.set("Access-Control-Allow-Origin", "*").set("Access-Control-Expose-Headers", "Polar-Version").set("Vary", "Origin")
}
