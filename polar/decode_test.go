package polar

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for name, tc := range map[string]struct {
		reply reply
		want  string // of the error; empty for success
		cause error
	}{
		"JSON":              {ok(), "", nil},
		"with a charset":    {ok().with("Content-Type", "application/json; charset=utf-8"), "", nil},
		"in capitals":       {ok().with("Content-Type", "Application/JSON"), "", nil},
		"a problem":         {ok().with("Content-Type", "application/problem+json"), notJSON, nil},
		"a broken type":     {ok().with("Content-Type", "application/json; ="), notJSON, nil},
		"no type":           {reply{status: 200, body: testThing, header: map[string][]string{"Content-Type": nil}}, notJSON, nil},
		"empty":             {reply{status: 200, header: map[string][]string{"Content-Type": {jsonType}}}, "the response was truncated", io.ErrUnexpectedEOF},
		"truncated":         {coded(200, testThing[:20]), "the response was truncated", io.ErrUnexpectedEOF},
		"broken":            {coded(200, `{"id":} `), "the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it", nil},
		"two values":        {coded(200, testThing+testThing), "the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it", nil},
		"a number as an ID": {coded(200, `{"id":7}`), "the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it", nil},
		"an empty ID":       {coded(200, `{"id":""}`), notAsked, nil},
		"null":              {coded(200, `null`), notAsked, nil},
		"with a mark":       {coded(200, "\ufeff"+testThing), "the response does not have the shape that the contract describes (see Error.Body): a newer version of this module may know it", nil},
	} {
		err := get(t.Context(), play(tc.reply).client(t), WithoutRetry())
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		e := failureOf(t, err)
		if e.Error() != "customers: get: 200 ok: "+tc.want || !errors.Is(e, ErrUnexpectedResponse) || tc.cause != nil && !errors.Is(e, tc.cause) || tc.cause == nil && e.Unwrap() != nil {
			t.Errorf("%s: got %v (%v), want %s", name, e, e.Unwrap(), tc.want)
		}
	}
}

// A text may hold as many braces and commas as it likes. Objects and values are
// counted.
func TestTooManyValues(t *testing.T) {
	const limit = 1 << 20
	objects, values := 4096+limit/4096, 65536+limit/512
	in := func(s string) string { return `{"a":"` + s + `"}` }
	for name, tc := range map[string]struct {
		body string
		want bool
	}{
		"objects":              {"[" + strings.Repeat("{},", objects-2) + "{}]", false},
		"too many objects":     {"[" + strings.Repeat("{},", objects-1) + "{}]", true},
		"too many lists":       {"[" + strings.Repeat("[],", objects-1) + "[]]", true},
		"too deep":             {strings.Repeat("[", objects+1), true},
		"values":               {"[" + strings.Repeat("1,", values) + "1]", false},
		"too many values":      {"[" + strings.Repeat("1,", values+1) + "1]", true},
		"braces in a text":     {in(strings.Repeat("{", 2*objects)), false},
		"commas in a text":     {in(strings.Repeat(",", 2*values)), false},
		"quotes in a text":     {in(strings.Repeat(`\"{`, 2*objects)), false},
		"escapes in a text":    {in(strings.Repeat(`{\\`, 2*objects)), false},
		"an open text":         {`"` + strings.Repeat("{", 2*objects), false},
		"an open escape":       {strings.Repeat("{", objects) + `"\`, false},
		"objects after a text": {`["` + strings.Repeat("{", objects) + `\\",` + strings.Repeat("{},", objects) + "{}]", true},
		"nothing":              {"", false},
	} {
		if got := tooManyValues([]byte(tc.body), limit); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTooManyValuesRefused(t *testing.T) {
	body := "[" + strings.Repeat("{},", 5000) + "{}]"
	const want = "the response holds more objects or values than the client allows (see WithMaxResponseBytes)"
	for name, call := range map[string]func(*Client) error{
		"customers: get": func(c *Client) error {
			_, err := Call[[]thing](t.Context(), c, "GET", "/v1/customers/"+testID, nil)
			return err
		},
		"customers: list": func(c *Client) error { _, err := things(c, 0).Page(t.Context()); return err },
		"customers: export": func(c *Client) error { // is not JSON
			return export(t.Context(), c)
		},
	} {
		s := play(coded(200, body))
		c := s.client(t, WithMaxResponseBytes(1<<16))
		if name == "customers: export" {
			s.replies[0] = csvReply(body)
			if err := call(c); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := failureOf(t, call(c)); e.Error() != name+": 200 ok: "+want || !errors.Is(e, ErrUnexpectedResponse) || e.Attempts != 1 {
			t.Errorf("got %v, want %s", e, name)
		}
	}
	s := play(coded(200, body))
	resp, err := do(t.Context(), s.client(t, WithMaxResponseBytes(1<<16)), "customers:get", "")
	if e := failureOf(t, err); resp != nil || e.Error() != "customers: get: 200 ok: "+want {
		t.Errorf("Do: got %v", err)
	}
	// An error keeps its status, without its fields.
	body = `{"error":"RequestValidationError","detail":[` + strings.Repeat(`{},`, 5000) + `{}]}`
	e := failureOf(t, get(t.Context(), play(coded(422, body)).client(t, WithMaxResponseBytes(1<<16))))
	if e.StatusCode != 422 || e.Fields != nil || e.Code != "" || !errors.Is(e, ErrUnexpectedResponse) {
		t.Errorf("got %v", e)
	}
}

func TestIDField(t *testing.T) {
	type embedded struct {
		ID string `json:"id"`
	}
	type key string
	for _, tc := range []struct {
		v    any
		want string
		has  bool
	}{
		{thing{ID: "a"}, "a", true},
		{thing{}, "", false},
		{struct {
			ID key `json:"id,omitempty"`
		}{"b"}, "b", true},
		{struct {
			ID int `json:"id"`
		}{}, "", true}, // not a text, so not looked at
		{struct{ embedded }{}, "", true},
		{struct {
			ID string `json:"-"`
		}{}, "", true},
		{map[string]string{"id": "a"}, "", true},
		{"a", "", true},
	} {
		for range 2 { // the second time from memory
			v := reflect.ValueOf(tc.v)
			if idOf(v) != tc.want || hasID(v) != tc.has {
				t.Errorf("%+v: ID %q, has one %t", tc.v, idOf(v), hasID(v))
			}
		}
	}
}

// A response that arrives as the context ends is not decoded any more.
func TestNotDecodedTooLate(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := clientOf(t, roundTripper(func(*http.Request) (*http.Response, error) {
		resp := jsonResponse(200, testThing)
		resp.Body = io.NopCloser(io.MultiReader(resp.Body, readerFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF })))
		return resp, nil
	}))
	if e := failureOf(t, get(ctx, c)); !errors.Is(e, context.Canceled) || e.StatusCode != 200 || e.Attempts != 1 {
		t.Errorf("got %v", e)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
