package polar

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

const csvText = "ID,Email\r\n" + testID + "," + testEmail + "\r\n"

// csvReply is a response with CSV of a known length.
func csvReply(body string) reply {
	return coded(200, body).with("Content-Type", "text/csv; charset=utf-8")
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(status(503), limited("1"), csvReply(csvText))
		var r Response
		body, err := openExport(t.Context(), s.client(t), CaptureResponse(&r), WithHeader("X-Trace", "7"))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // the caller may take its time
		got, err := io.ReadAll(body)
		if err != nil || string(got) != csvText {
			t.Errorf("got %q, %v", got, err)
		}
		if err := body.Close(); err != nil {
			t.Error(err)
		}
		if at := s.times(); !slices.Equal(at, seconds(0, .25, 1.25)) || s.sent[2].header.Get("Accept") != "text/csv, application/json;q=0.5" || s.sent[2].header.Get("X-Trace") != "7" {
			t.Errorf("requests at %v, header %v", at, s.sent[2].header)
		}
		if r.StatusCode != 200 || r.Attempts != 3 || len(r.Body) != 0 || r.Header.Get("Content-Type") == "" {
			t.Errorf("captured %+v", r)
		}
	})
}

// A failed attempt of a stream is the same error as that of any other call.
func TestStreamFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, tc := range map[string]struct {
			reply    reply
			attempts int
			want     string
		}{
			"reset":    {failing(syscall.ECONNRESET), 3, "customers: export: the connection was reset (3 attempts)"},
			"refused":  {unsent(refused), 3, "customers: export: connection refused (api.polar.sh): check the base URL and the network (3 attempts)"},
			"timeout":  {csvReply(csvText).later(time.Hour), 3, "customers: export: the service did not respond in time (3 attempts)"},
			"404":      {coded(404, notFoundBody), 1, "customers: export: 404 ResourceNotFound: not found, or not visible to this token"},
			"204":      {status(204).with("Content-Type", "text/csv"), 1, "customers: export: 204 no content: the response is not CSV: check the base URL and what is in front of the service"},
			"206":      {reply{status: 206, body: csvText, header: http.Header{"Content-Type": {"text/csv"}}}, 1, "customers: export: 206 partial content: the response is not CSV: check the base URL and what is in front of the service"},
			"JSON":     {ok(), 1, "customers: export: 200 ok: the response is not CSV: check the base URL and what is in front of the service"},
			"no type":  {reply{status: 200, body: csvText, header: http.Header{"Content-Type": {}}}, 1, "customers: export: 200 ok: the response is not CSV: check the base URL and what is in front of the service"},
			"cut JSON": {reply{status: 200, body: testThing, cut: true}, 3, "customers: export: 200 ok: the response was truncated (3 attempts)"},
		} {
			err := export(t.Context(), play(tc.reply).client(t))
			if e := failureOf(t, err); e.Error() != tc.want || e.Attempts != tc.attempts || errors.Is(e, context.Canceled) {
				t.Errorf("%s: got %v, want %s", name, e, tc.want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := export(ctx, play(csvReply(csvText).later(time.Hour)).client(t)); !errors.Is(err, context.Canceled) {
			t.Errorf("canceled: %v", err)
		}
	})
}

// A stream that breaks is an error of Read, with the operation and the status.
func TestStreamBreaks(t *testing.T) {
	r := csvReply(csvText)
	r.cut = true
	s, err := openExport(t.Context(), play(status(503), r).client(t, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1})))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := io.ReadAll(s)
	e := failureOf(t, err)
	if string(got) != csvText[:len(csvText)/2] || !errors.Is(e, io.ErrUnexpectedEOF) || !errors.Is(e, ErrUnexpectedResponse) || e.Operation != "customers:export" || e.StatusCode != 200 || e.Attempts != 2 {
		t.Errorf("got %q, %v", got, e)
	}
}

// A response whose end cannot be told from a broken connection is refused.
func TestStreamEnds(t *testing.T) {
	zip := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := io.WriteString(z, s)
		if err := errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n"
	zipped := zip(csvText)
	length := "Content-Length: " + strconv.Itoa(len(zipped)) + "\r\n"
	for name, tc := range map[string]struct {
		response string
		want     string // the text; empty for an error at once
		err      error  // at the end
	}{
		"length":            {head + "Content-Length: " + strconv.Itoa(len(csvText)) + "\r\n\r\n" + csvText, csvText, nil},
		"chunked":           {head + "Transfer-Encoding: chunked\r\n\r\n3\r\nID,\r\n0\r\n\r\n", "ID,", nil},
		"chunked, broken":   {head + "Transfer-Encoding: chunked\r\n\r\n3\r\nID,\r\n", "ID,", io.ErrUnexpectedEOF},
		"neither":           {head + "\r\n" + csvText, "", ErrUnexpectedResponse},
		"gzip":              {head + "Content-Encoding: gzip\r\n" + length + "\r\n" + zipped, csvText, nil},
		"gzip, truncated":   {head + "Content-Encoding: gzip\r\n\r\n" + zipped[:len(zipped)-4], csvText, io.ErrUnexpectedEOF},
		"gzip without end":  {head + "Content-Encoding: gzip\r\n\r\n" + zipped, csvText, nil},
		"length, truncated": {head + "Content-Length: " + strconv.Itoa(len(csvText)+1) + "\r\n\r\n" + csvText, csvText, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, rw, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, err = rw.WriteString(tc.response)
				if err := errors.Join(err, rw.Flush(), conn.Close()); err != nil {
					t.Error(err)
				}
			}))
			defer srv.Close()
			s, err := openExport(t.Context(), local(t, srv.URL), WithoutRetry())
			if tc.want == "" {
				if !errors.Is(err, tc.err) || !strings.Contains(err.Error(), "the response has no length and is not chunked") {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(s)
			if string(got) != tc.want || !errors.Is(err, tc.err) || tc.err != nil && !errors.Is(err, ErrUnexpectedResponse) {
				t.Errorf("got %q, %v; want %q, %v", got, err, tc.want, tc.err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The content of a stream can turn out not to be what was promised.
func TestStreamUnexpected(t *testing.T) {
	s, err := openExport(t.Context(), play(status(503), csvReply(csvText)).client(t, WithRetry(RetryPolicy{BaseDelay: 1, MaxDelay: 1})))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	e := failureOf(t, s.Unexpected("a row has no ID", nil))
	if e.Error() != "customers: export: 200 ok: a row has no ID (2 attempts)" || sentinelsOf(e) != "ErrUnexpectedResponse" || e.Unwrap() != nil {
		t.Errorf("got %v", e)
	}
	syntax := &csv.ParseError{Line: 2, Err: errors.New(testEmail)}
	e = failureOf(t, s.Unexpected("line 2 is not CSV", syntax))
	if !errors.Is(e, syntax) || e.Error() != "customers: export: 200 ok: line 2 is not CSV (2 attempts)" {
		t.Errorf("got %v", e)
	}
	known := failureOf(t, InvalidArgument("customers:export", FieldError{Path: "x", Message: "y"}))
	if err := s.Unexpected("a row", known); err != error(known) {
		t.Errorf("an error of this package became %v", err)
	}
}

// A stream can be closed before its end. Reading on is an error.
func TestStreamClosed(t *testing.T) {
	srv := httptest.NewServer(drip("text/csv"))
	defer srv.Close()
	s, err := openExport(t.Context(), local(t, srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n, err := s.Read(make([]byte, 10)); n != 0 || err == nil || errors.Is(err, io.EOF) {
		t.Errorf("read %d, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
