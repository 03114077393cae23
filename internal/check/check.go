// Package check refuses arguments that the service would refuse or misread, before a
// request is sent. Service packages share it.
package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/polarexpress/polar-go/polar"
)

// Arguments collects what is wrong with the arguments of one call.
type Arguments struct {
	at       string // what the paths of problems begin with
	problems []polar.FieldError
}

// Refuse adds a problem of the argument at path.
func (a *Arguments) Refuse(path, problem string) {
	a.problems = append(a.problems, polar.FieldError{Path: a.at + path, Message: problem})
}

// At lets check refuse arguments with paths that begin with prefix.
func (a *Arguments) At(prefix string, check func(*Arguments)) {
	before := a.at
	a.at += prefix
	check(a)
	a.at = before
}

// Problems returns everything that is wrong.
func (a *Arguments) Problems() []polar.FieldError { return a.problems }

// Err returns everything that is wrong as the error of an operation, or nil.
func (a *Arguments) Err(operationID string) error {
	return polar.InvalidArgument(operationID, a.problems...)
}

// ID refuses what is not a UUID. Anything else could reach another route.
func (a *Arguments) ID(path, id string) {
	a.objectID(path, id, "")
}

// ID refuses a call whose only argument, id, is not a UUID.
func ID(operationID, id string) error {
	var args Arguments
	args.ID("id", id)
	return args.Err(operationID)
}

// IDOfTwo is like [Arguments.ID], for objects that also have an external ID.
func (a *Arguments) IDOfTwo(path, id string) {
	a.objectID(path, id, "; for your own IDs, use the ByExternalID method")
}

func (a *Arguments) objectID(path, id, advice string) {
	switch {
	case id == "":
		a.Refuse(path, "is empty: must be Polar's ID, a UUID")
	case !isUUID(id):
		a.Refuse(path, "must be Polar's ID, a UUID"+advice)
	}
}

// UUID refuses what is not a UUID. An empty ID is left out of the request.
func (a *Arguments) UUID(path, id string) {
	if id != "" && !isUUID(id) {
		a.Refuse(path, "must be a UUID")
	}
}

// UUIDs refuses what is not a UUID.
func (a *Arguments) UUIDs(path string, ids []string) {
	if slices.ContainsFunc(ids, func(id string) bool { return !isUUID(id) }) {
		a.Refuse(path, "must be a UUID")
	}
}

func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// maxExternalID is the longest external ID that a URL carries, in bytes. The
// service stores up to about 2,700.
const maxExternalID = 2048

// ExternalID refuses an external ID that no path can carry. The service decodes a
// path before it routes the request, so that such an ID could name another object.
func (a *Arguments) ExternalID(path, id string) {
	switch {
	case id == "":
		a.Refuse(path, "is empty: must be the ID that you stored at Polar")
	case len(id) > maxExternalID:
		a.Refuse(path, fmt.Sprintf("must be at most %d bytes: use Polar's ID instead", maxExternalID))
	case id == "." || id == "..":
		a.Refuse(path, `is "." or "..", which have a meaning in a path: use Polar's ID instead`)
	case strings.Contains(id, "/"):
		a.Refuse(path, "contains a slash, which the service treats as a path separator: use Polar's ID instead")
	case !utf8.ValidString(id):
		a.Refuse(path, "is not valid UTF-8")
	case strings.ContainsFunc(id, unicode.IsControl):
		a.Refuse(path, "contains a control character, such as a line break: remove it, or use Polar's ID instead")
	case strings.TrimSpace(id) != id:
		a.Refuse(path, "begins or ends with white space, which the service removes: remove it first")
	}
}

// NewExternalID refuses an external ID that the service would store, but that no path
// could carry later. An empty ID is left out of the request.
func (a *Arguments) NewExternalID(path, id string) {
	var found Arguments
	if id != "" {
		found.ExternalID(path, id)
	}
	for _, p := range found.problems {
		reason, _, _ := strings.Cut(p.Message, ": use Polar's ID")
		reason, _, _ = strings.Cut(reason, ", or use Polar's ID")
		a.Refuse(path, reason+": no ByExternalID method could find it")
	}
}

// Text refuses a text that the service would change or fail on, and one of more than
// limit characters, unless limit is 0.
func (a *Arguments) Text(path, text string, limit int) {
	switch {
	case !utf8.ValidString(text):
		a.Refuse(path, "is not valid UTF-8, which the service would replace")
	case strings.ContainsRune(text, 0):
		a.Refuse(path, "contains a NUL character")
	case limit > 0 && utf8.RuneCountInString(text) > limit:
		a.Refuse(path, fmt.Sprintf("must be at most %d characters", limit))
	}
}

// Texts refuses empty texts, which match nothing, and texts that [Arguments.Text]
// refuses.
func (a *Arguments) Texts(path string, texts []string) {
	for i, text := range texts {
		if text == "" {
			a.Refuse(fmt.Sprintf("%s[%d]", path, i), "is empty")
		}
		a.Text(fmt.Sprintf("%s[%d]", path, i), text, 0)
	}
}

// Required refuses an empty text, and one that [Arguments.Text] refuses.
func (a *Arguments) Required(path, text string, limit int) {
	if text == "" {
		a.Refuse(path, "is required")
	}
	a.Text(path, text, limit)
}

// OneCustomer refuses both IDs of a customer together, because the service would
// silently choose one of them, and not always the same. Neither ID is required.
func (a *Arguments) OneCustomer(id, externalID string) {
	if id != "" && externalID != "" {
		a.Refuse("external_customer_id", "must be left out with customer_id: a customer is named by one of them")
	}
	a.UUID("customer_id", id)
	a.Text("external_customer_id", externalID, 0)
}

// ACustomer requires one of the two IDs of a customer, and refuses what
// [Arguments.OneCustomer] refuses.
func (a *Arguments) ACustomer(id, externalID string) {
	if id == "" && externalID == "" {
		a.Refuse("customer_id", "is required, or external_customer_id in its place")
	}
	a.OneCustomer(id, externalID)
}

// maxURL is the longest URL that the service stores, in characters.
const maxURL = 2083

// URL refuses what is not an absolute URL for a browser. An empty URL is left out of
// the request.
func (a *Arguments) URL(path, text string) {
	if text == "" {
		return
	}
	a.Text(path, text, maxURL)
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		a.Refuse(path, "must be an absolute http or https URL, such as https://your-domain.com/thanks")
	}
}

// Int refuses a number below least or above most. Nil is left out of the request.
func (a *Arguments) Int(path string, n *int, least, most int) {
	if n != nil && (*n < least || *n > most) {
		a.Refuse(path, fmt.Sprintf("must be %d to %d", least, most))
	}
}

// NotNegative refuses a number or a duration below zero.
func NotNegative[T int | time.Duration](a *Arguments, path string, n T) {
	if n < 0 {
		a.Refuse(path, "must not be negative")
	}
}

// Within refuses a number below least or above most, the values of the parameters
// min_path and max_path. A nil limit does not apply.
func (a *Arguments) Within(path string, n, least, most *int) {
	switch {
	case n != nil && least != nil && *n < *least:
		a.Refuse(path, "must be at least min_"+path)
	case n != nil && most != nil && *n > *most:
		a.Refuse(path, "must be at most max_"+path)
	}
}

// Currency refuses what is not the code of a currency. An empty code is left out of
// the request.
func (a *Arguments) Currency(path, code string) {
	if code != "" && (len(code) != 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "") {
		a.Refuse(path, "must be a code of three lower-case letters, such as usd")
	}
}

// Address is the address in a request. A pointer to a generated AddressInput converts
// to a pointer to an Address.
type Address struct{ City, Country, Line1, Line2, PostalCode, State string }

// Address refuses an address that cannot exist. Nil is left out of the request.
func (a *Arguments) Address(path string, address *Address) {
	if address == nil {
		return
	}
	if len(address.Country) != 2 {
		a.Refuse(path+".country", "must be a code of two letters, such as FR")
	}
	a.Text(path+".country", address.Country, 0)
	a.Text(path+".line1", address.Line1, 0)
	a.Text(path+".line2", address.Line2, 0)
	a.Text(path+".city", address.City, 0)
	a.Text(path+".state", address.State, 0)
	a.Text(path+".postal_code", address.PostalCode, 0)
}

// Email refuses what is clearly not an email address. An empty address is left out of
// the request.
func (a *Arguments) Email(path, address string) {
	before := len(a.problems)
	a.Text(path, address, 0)
	if len(a.problems) > before || address == "" {
		return
	}
	local, domain, _ := strings.Cut(strings.TrimSpace(address), "@")
	if local == "" || domain == "" {
		a.Refuse(path, "must be an email address, such as name@your-domain.com")
	}
}

// The limits of metadata: pairs, and characters of a key and of a value.
const (
	maxPairs = 50
	maxKey   = 40
	maxValue = 500
)

// Metadata refuses keys and values that the service would refuse or could not read
// back.
func (a *Arguments) Metadata(path string, metadata map[string]any) {
	if len(metadata) > maxPairs {
		a.Refuse(path, fmt.Sprintf("must have at most %d pairs, not %d", maxPairs, len(metadata)))
	}
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		at := fmt.Sprintf("%s[%.80q]", path, key)
		switch n := utf8.RuneCountInString(key); {
		case n < 1 || n > maxKey:
			a.Refuse(at, fmt.Sprintf("the key must be 1 to %d characters", maxKey))
		case !utf8.ValidString(key) || strings.ContainsRune(key, 0):
			a.Refuse(at, "the key contains invalid UTF-8 or a NUL character")
		case key == "__external_id":
			a.Refuse(at, "the key is reserved: the service could not read the customer, nor any list that includes it")
		}
		a.MetadataValue(at, metadata[key])
	}
}

// MetadataValue refuses a value that metadata cannot hold.
func (a *Arguments) MetadataValue(path string, value any) {
	if n, ok := value.(json.Number); ok {
		if _, err := n.Float64(); err != nil || !json.Valid([]byte(n)) { // such as NaN or 0x1p4
			a.Refuse(path, "must be a number that a float64 can hold")
		}
		return
	}
	switch v := reflect.ValueOf(value); {
	case v.Kind() == reflect.String:
		if n := utf8.RuneCountInString(v.String()); n < 1 || n > maxValue {
			a.Refuse(path, fmt.Sprintf("must be 1 to %d characters", maxValue))
			return
		}
		a.Text(path, v.String(), 0)
	case v.Kind() == reflect.Bool, v.CanInt(), v.CanUint():
	case v.CanFloat():
		if math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0) {
			a.Refuse(path, "must be a finite number")
		}
	default:
		a.Refuse(path, "must be a string, a number or a bool")
	}
}

// MetadataFilter refuses filters that the service would ignore or misread.
func (a *Arguments) MetadataFilter(path string, filter map[string][]string) {
	for _, key := range slices.Sorted(maps.Keys(filter)) {
		at := fmt.Sprintf("%s[%.80q]", path, key)
		switch {
		case key == "":
			a.Refuse(at, "the key is empty, so that the service would ignore the filter")
		case strings.Contains(key, "]"):
			a.Refuse(at, `the key contains "]", where the service would cut it off`)
		case len(filter[key]) == 0:
			a.Refuse(at, "has no values, so that the service would ignore the filter")
		}
		a.Text(at, key, 0)
		for _, value := range filter[key] {
			a.Text(at, value, 0)
		}
	}
}
