package customers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
)

// unanswered is the error of an attempt that got no answer.
func unanswered(ctx context.Context, op *Operation, err error) *Error {
	e := newError(op)
	e.unsent = neverSent(err)
	switch {
	case ctx.Err() != nil:
		err = contextError(ctx)
	case errors.Is(err, context.DeadlineExceeded): // a timeout, but not the caller's
		err = errAttemptTimeout
	case longHeader(err):
		e.kind, err = ErrUnexpectedResponse, errLongHeader
	}
	return e.because(err)
}

// broken is the error of an answer of which the end is missing.
func broken(ctx context.Context, op *Operation, a *answer, err error) *Error {
	if ctx.Err() != nil {
		err = contextError(ctx)
	}
	if a.status >= 200 && a.status < 300 {
		return unexpected(op, a.status, a.header, a.body, "").because(err)
	}
	return errorFrom(op, a.status, a.header, a.body, time.Now()).because(err)
}

// because sets what is below e.
func (e *Error) because(err error) *Error {
	e.cause = &cause{err}
	return e
}

// after puts e, with which a call ends, onto the failure before it, if the
// service answered that one: its own words are worth more than that nothing
// followed them.
func (e *Error) after(last *Error) *Error {
	if last == nil || last.StatusCode == 0 || e.StatusCode != 0 {
		return e
	}
	last.cause, last.RetryAfter = e.cause, e.RetryAfter
	return last
}

// cause is a failure below an [Error]. Its own text can hold addresses, URLs and
// what was sent, so that it is there for errors.Is and errors.As alone.
type cause struct{ err error }

func (c *cause) Error() string              { return causeText(c.err) }
func (c *cause) Is(target error) bool       { return errors.Is(c.err, target) }
func (c *cause) As(target any) bool         { return errors.As(c.err, target) }
func (c *cause) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.Error()) }

// errAttemptTimeout ends an attempt that takes longer than the client allows.
var errAttemptTimeout = &timeoutError{}

type timeoutError struct{}

func (*timeoutError) Error() string { return "customers: attempt timed out" }
func (*timeoutError) Timeout() bool { return true }

// Answers beyond the client's limits.
var (
	errTooLong    = errors.New("customers: the answer is longer than the client allows")
	errLongHeader = errors.New("customers: the header of the answer is longer than the client allows")
)

// longHeader reports whether a transport gave up on a header. It has no error
// of its own for that.
func longHeader(err error) bool {
	return strings.Contains(err.Error(), "server response headers exceeded") ||
		strings.Contains(err.Error(), "response header list larger than")
}

// contextError is the error of a context that has ended.
func contextError(ctx context.Context) error {
	if context.Cause(ctx) == error(errAttemptTimeout) {
		return errAttemptTimeout
	}
	return ctx.Err()
}

// failures are the ways in which a request can end without an answer, most
// telling first.
var failures = []struct {
	match func(error) bool
	text  string
}{
	{is(context.Canceled), "context canceled"},
	{is(context.DeadlineExceeded), "context deadline exceeded"},
	{is(errAttemptTimeout), "the service did not answer in time"},
	{is(errTooLong), "the answer is longer than the client allows (see WithMaxResponseBytes)"},
	{is(errLongHeader), "the header of the answer is longer than the client allows"},
	{is(syscall.ECONNREFUSED), "connection refused: check the base URL"},
	{is(syscall.ECONNRESET), "the connection was reset"},
	{as[*net.DNSError], "the service's host was not found: check the base URL and the network"},
	{badCertificate, "the service's TLS certificate is not valid"},
	{is(io.ErrUnexpectedEOF), "the answer was cut short"},
	{is(io.EOF), "the connection was closed before the answer"},
	{func(err error) bool { var t interface{ Timeout() bool }; return errors.As(err, &t) && t.Timeout() }, "the service did not answer in time"},
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}

func badCertificate(err error) bool {
	return as[*tls.CertificateVerificationError](err) || as[x509.UnknownAuthorityError](err) || as[tls.RecordHeaderError](err)
}

// neverSent reports whether a request failed so early that the service cannot
// have seen it.
func neverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	return as[*net.DNSError](err) || badCertificate(err)
}

// permanent reports whether the same request would fail in the same way.
func permanent(err error) bool {
	return badCertificate(err) || errors.Is(err, errTooLong) || errors.Is(err, errLongHeader)
}
