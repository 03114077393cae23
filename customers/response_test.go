package customers

import (
	"errors"
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
		"success":             {[]reply{edge(ok())}, Response{StatusCode: 200, Body: []byte(testCustomer), Attempts: 1}, false},
		"success after one":   {[]reply{status(503), edge(ok())}, Response{StatusCode: 200, Body: []byte(testCustomer), Attempts: 2}, false},
		"failure":             {[]reply{edge(coded(404, notFoundBody))}, Response{StatusCode: 404, Body: []byte(notFoundBody), Attempts: 1}, true},
		"the last of several": {[]reply{status(502), status(503), edge(coded(504, "late"))}, Response{StatusCode: 504, Body: []byte("late"), Attempts: 3}, true},
		"none in the end":     {[]reply{edge(coded(503, "soon")), reset}, Response{StatusCode: 503, Body: []byte("soon"), Attempts: 3}, true},
		"none":                {[]reply{reset}, Response{Attempts: 3}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := Response{StatusCode: 1, Body: []byte("of a call before"), Attempts: 9}
				_, err := play(tc.replies...).client(t).Get(t.Context(), testID, CaptureResponse(&got))
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
	if _, err := c.Get(t.Context(), testID, CaptureResponse(nil)); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nil: %v", err)
	}
	var r Response
	if err := play(reply{status: 204}).client(t).Delete(t.Context(), testID, DeleteParams{}, CaptureResponse(&r)); err != nil || r.StatusCode != 204 {
		t.Errorf("Delete: %d, %v", r.StatusCode, err)
	}
	// What was captured is the caller's own.
	var first, second Response
	for _, r := range []*Response{&first, &second} {
		if _, err := c.Get(t.Context(), testID, CaptureResponse(r)); err != nil {
			t.Fatal(err)
		}
	}
	clear(first.Body)
	first.Header.Set("Content-Type", "x")
	if string(second.Body) != testCustomer || second.Header.Get("Content-Type") != "application/json" {
		t.Error("two captures share what they hold")
	}
}
