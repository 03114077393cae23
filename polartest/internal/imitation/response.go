package imitation

import (
	"net/http"
	"strconv"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// response is a response before it is written. The headers that all responses share are
// added when it is sent.
type response struct {
	status      int
	contentType string
	header      http.Header
	body        []byte
	// stream, if set, writes a body of unknown length.
	stream func(w http.ResponseWriter)
	// bare responses come from the layers in front of the application and lack its
	// Cache-Control. unversioned ones lack Polar-Version too.
	bare, unversioned bool
	// fault marks the response to a failure of the server itself.
	fault bool
}

const (
	jsonType = "application/json"
	textType = "text/plain; charset=utf-8"
)

// jsonResponse returns v as JSON. A value that JSON cannot express makes the service
// fail.
func jsonResponse(status int, v any) *response {
	if !python.Encodable(v) {
		return internalError()
	}
	return &response{status: status, contentType: jsonType, body: python.MarshalJSON(v)}
}

func (r *response) set(key, value string) *response {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(key, value)
	return r
}

// noContent is the response to a deletion. It names a content type, as the service
// does.
func noContent() *response {
	return &response{status: http.StatusNoContent, contentType: jsonType}
}

// domainError returns an error in the form of the service's own errors.
func domainError(status int, name, detail string) *response {
	return jsonResponse(status, python.NewObject("error", name, "detail", detail))
}

func notFound(detail string) *response {
	return domainError(http.StatusNotFound, "ResourceNotFound", detail)
}

func notPermitted(detail string) *response {
	return domainError(http.StatusForbidden, "NotPermitted", detail)
}

func ambiguousCustomer() *response {
	return domainError(http.StatusConflict, "AmbiguousExternalCustomerID",
		"Several customers across your organizations share this external customer ID. "+
			"Use an organization-scoped token, the Polar customer ID, or a unique external ID to disambiguate.")
}

// frameworkError returns an error of the routing layer, which has no error code.
func frameworkError(status int, detail string) *response {
	return jsonResponse(status, python.NewObject("detail", detail))
}

// spacedResponse returns v as JSON with spaces, as the layers in front of the
// application write it.
func spacedResponse(status int, v any) *response {
	return &response{status: status, contentType: jsonType, body: python.MarshalSpaced(v), bare: true}
}

func methodNotAllowed(method, allow string) *response {
	if method == http.MethodHead {
		return (&response{status: http.StatusMethodNotAllowed, contentType: jsonType}).set("Allow", allow)
	}
	return frameworkError(http.StatusMethodNotAllowed, "Method Not Allowed").set("Allow", allow)
}

func internalError() *response {
	return &response{
		status: http.StatusInternalServerError, contentType: textType,
		body: []byte("Internal Server Error"), bare: true, unversioned: true, fault: true,
	}
}

func validationError(name string, problems []pydantic.Problem) *response {
	list := make([]any, len(problems))
	for i, p := range problems {
		list[i] = p.Object()
	}
	return jsonResponse(http.StatusUnprocessableEntity, python.NewObject("error", name, "detail", list))
}

// schemaError returns the response to input of the wrong form.
func schemaError(problems ...pydantic.Problem) *response {
	return validationError("RequestValidationError", problems)
}

// businessError returns the response to input that breaks a rule of the service.
func businessError(problems ...pydantic.Problem) *response {
	return validationError("PolarRequestValidationError", problems)
}

// send writes r as the response to a request for an API version.
func (r *response) send(w http.ResponseWriter, version string) {
	h := w.Header()
	if !r.unversioned {
		h.Set("Polar-Version", version)
	}
	if !r.bare {
		h.Set("Cache-Control", "private, no-store")
	}
	if r.contentType != "" {
		h.Set("Content-Type", r.contentType)
	} else {
		h["Content-Type"] = nil // keeps net/http from guessing one
	}
	for k, v := range r.header {
		h[k] = v
	}
	if r.stream != nil {
		w.WriteHeader(r.status)
		r.stream(w)
		return
	}
	if r.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	w.WriteHeader(r.status)
	if len(r.body) > 0 {
		_, _ = w.Write(r.body) // the client may have disconnected
	}
}
