package polar

import (
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
)

func TestCaptureResponse(t *testing.T) {
	edge := func(r reply) reply { return r.with("X-Edge", "7") }
	for name, tc := range map[string]struct {
		replies []reply
		want    Response
		failed  bool
	}{
		"success":             {[]reply{edge(ok())}, Response{StatusCode: 200, Body: []byte(testThing), Attempts: 1}, false},
		"success after one":   {[]reply{status(503), edge(ok())}, Response{StatusCode: 200, Body: []byte(testThing), Attempts: 2}, false},
		"failure":             {[]reply{edge(coded(404, notFoundBody))}, Response{StatusCode: 404, Body: []byte(notFoundBody), Attempts: 1}, true},
		"the last of several": {[]reply{status(502), status(503), edge(coded(504, "late"))}, Response{StatusCode: 504, Body: []byte("late"), Attempts: 3}, true},
		"none in the end":     {[]reply{edge(coded(503, "soon")), failing(syscall.ECONNRESET)}, Response{StatusCode: 503, Body: []byte("soon"), Attempts: 3}, true},
		"none":                {[]reply{failing(syscall.ECONNRESET)}, Response{Attempts: 3}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := Response{StatusCode: 1, Body: []byte("of a call before"), Attempts: 9}
				err := get(t.Context(), play(tc.replies...).client(t), CaptureResponse(&got))
				if (err != nil) != tc.failed {
					t.Fatal(err)
				}
				if got.StatusCode != tc.want.StatusCode || string(got.Body) != string(tc.want.Body) || got.Attempts != tc.want.Attempts {
					t.Errorf("captured %d, %q, %d attempts; want %+v", got.StatusCode, got.Body, got.Attempts, tc.want)
				}
				if tc.want.StatusCode != 0 && got.Header.Get("X-Edge") != "7" {
					t.Errorf("header %v", got.Header)
				}
			})
		})
	}
	c := play(ok()).client(t)
	if err := get(t.Context(), c, CaptureResponse(nil)); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nil: %v", err)
	}
	var r Response
	if err := remove(t.Context(), play(status(204)).client(t), CaptureResponse(&r)); err != nil || r.StatusCode != 204 {
		t.Errorf("without content: %d, %v", r.StatusCode, err)
	}
	// A captured response belongs to the caller.
	var first, second Response
	for _, r := range []*Response{&first, &second} {
		if err := get(t.Context(), c, CaptureResponse(r)); err != nil {
			t.Fatal(err)
		}
	}
	clear(first.Body)
	first.Header.Set("Content-Type", "x")
	if string(second.Body) != testThing || second.Header.Get("Content-Type") != "application/json" {
		t.Error("two captures share memory")
	}
}
