package polar

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Call sends a request for any operation of the API and decodes the response into
// a T. It needs no generated types and no package for the service:
//
//	type benefit struct {
//		ID          string `json:"id"`
//		Description string `json:"description"`
//	}
//	b, err := polar.Call[benefit](ctx, client, "GET", "/v1/benefits/"+url.PathEscape(id), nil)
//
// path is the route as in Polar's documentation, with IDs and a query filled in.
// body is encoded as JSON, unless it is nil. Scopes in errors and the rule for
// retries come from [Operations]. A path that belongs to no operation is refused
// with [ErrInvalidArgument], and the message names operations that are close; to
// send it nevertheless, use [Client.Do].
//
// A response without content is a zero T. If T has a field for the ID, a response
// without an ID is [ErrUnexpectedResponse]. So is one that is not JSON: exports,
// which are CSV, need [Client.Do] or [Stream].
func Call[T any](ctx context.Context, c *Client, method, path string, body any, opts ...CallOption) (*T, error) {
	op, req, err := c.newRequest(method, path, body)
	out := new(T)
	if err := c.fetch(ctx, op, req, err, opts, func(r *response) *Error {
		if r.status == http.StatusNoContent || len(r.body) == 0 {
			return nil
		}
		if e := r.decode(out); e != nil {
			return e
		}
		if !hasID(reflect.ValueOf(out).Elem()) {
			return r.notTheResource()
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return out, nil
}

// Pages iterates over the items of any list of the API, page after page, as
// [List.All] does. path is as for [Call]; a page and a limit in its query are where
// the iteration begins and how many items it asks for at once:
//
//	for b, err := range polar.Pages[benefit](ctx, client, "/v1/benefits/?sorting=created_at") {
//		...
//	}
//
// Give an order that newer items come last in, such as created_at, or items can be
// lost when others are added meanwhile.
func Pages[T any](ctx context.Context, c *Client, path string, opts ...ListOption) iter.Seq2[*T, error] {
	op, req, err := c.newRequest(http.MethodGet, path, nil)
	l := List[T]{client: c, op: op, request: func(int, int) (*http.Request, error) { return req, err }}
	if err == nil {
		l.problems = slices.Concat(positive(req, "page", &l.page), positive(req, "limit", &l.limit))
		l.request = func(page, limit int) (*http.Request, error) {
			next := req.Clone(req.Context())
			query := next.URL.Query()
			query.Set("page", strconv.Itoa(page))
			query.Set("limit", strconv.Itoa(limit))
			next.URL.RawQuery = query.Encode()
			return next, nil
		}
	}
	return l.All(ctx, opts...)
}

// positive reads a number from the query of a request, if it has one with this name.
func positive(req *http.Request, name string, n *int) (problems []FieldError) {
	text := req.URL.Query().Get(name)
	if text == "" {
		return nil
	}
	var err error
	if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
		return []FieldError{{Path: name, Message: "must be a whole number above 0"}}
	}
	return nil
}

// newRequest builds a request, and finds the operation that it is for.
func (c *Client) newRequest(method, path string, body any) (*Operation, *http.Request, error) {
	op := &Operation{Method: method, Path: "(unknown)"}
	refuse := func(name, why string) (*Operation, *http.Request, error) {
		return op, nil, invalidArgument(op, []FieldError{{Path: name, Message: why}})
	}
	if c == nil {
		return op, nil, noClient(op)
	}
	u, err := url.Parse(path)
	switch {
	case err != nil:
		return refuse("path", "cannot be parsed: escape IDs with url.PathEscape")
	case u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "":
		return refuse("path", "must not have a scheme or a host: it is relative to the base URL, such as /v1/benefits/")
	case !strings.HasPrefix(path, "/"):
		return refuse("path", "must begin with a slash, such as /v1/benefits/")
	case unsafePath(u.EscapedPath()) != "":
		return refuse("path", unsafePath(u.EscapedPath()))
	case u.Fragment != "":
		return refuse("path", "must not have a fragment")
	}
	if op = operationAt(method, u.EscapedPath()); op.ID == "" {
		return refuse("path", "belongs to no operation; "+closeOperations(method, u.EscapedPath()))
	}
	var content []byte
	if body != nil {
		if content, err = json.Marshal(body); err != nil {
			return refuse("body", "cannot be encoded as JSON")
		}
	}
	req, err := http.NewRequest(method, c.BaseURL()+strings.TrimPrefix(path, "/"), bytes.NewReader(content))
	if err != nil {
		return refuse("path", "cannot be sent")
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return op, req, nil
}

// closeOperations names the operations that are closest to a path.
func closeOperations(method, path string) string {
	type candidate struct {
		op       *Operation
		distance int
	}
	candidates := make([]candidate, len(operations))
	for i := range operations {
		op := &operations[i]
		d := pathDistance(op.Path, path)
		if op.Method != method {
			d++
		}
		candidates[i] = candidate{op, d}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range candidates[:min(3, len(candidates))] {
		names = append(names, fmt.Sprintf("%s %s", c.op.Method, c.op.Path))
	}
	return "the closest are " + strings.Join(names, ", ")
}

// pathDistance is how many letters differ between a template and a path, segment
// by segment. A parameter matches any segment.
func pathDistance(template, path string) int {
	t, p := strings.Split(template, "/"), strings.Split(path, "/")
	distance := 0
	for i := range max(len(t), len(p)) {
		switch {
		case i >= len(t):
			distance += 2 + len(p[i])
		case i >= len(p):
			distance += 2 + len(t[i])
		case strings.HasPrefix(t[i], "{") && p[i] != "":
			distance++
		default:
			distance += editDistance(t[i], p[i])
		}
	}
	return distance
}

// editDistance is the Levenshtein distance of two short texts.
func editDistance(a, b string) int {
	b = b[:min(len(b), 100)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
