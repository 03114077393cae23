package polar

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
)

// cause is a failure below an [Error], for errors.Is and errors.As. The text of
// the failure itself can hold addresses, URLs and what was sent.
type cause struct{ err error }

func (c *cause) Error() string { return cmp.Or(causeText(c.err), "the connection failed") }

func (c *cause) Is(target error) bool { return errors.Is(c.err, target) }

func (c *cause) As(target any) bool { return errors.As(c.err, target) }

func (c *cause) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.Error()) }

// errAttemptTimeout ends an attempt that takes longer than the client allows.
var errAttemptTimeout = &timeoutError{}

type timeoutError struct{}

func (*timeoutError) Error() string { return "polar: attempt timed out" }

func (*timeoutError) Timeout() bool { return true }

// Responses beyond the client's limits.
var (
	errTooLong    = errors.New("polar: the response is longer than the client allows")
	errLongHeader = errors.New("polar: the header of the response is longer than the client allows")
)

// isLongHeader reports whether a transport gave up on a header. net/http has no
// error value for that.
func isLongHeader(err error) bool {
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

// failures are the ways in which a request can end without a response, the most
// specific first.
var failures = []struct {
	matches func(error) bool
	text    string
}{
	{is(context.Canceled), "context canceled"},
	{is(context.DeadlineExceeded), "context deadline exceeded"},
	{is(errAttemptTimeout), "the service did not respond in time"},
	{is(errTooLong), "the response is longer than the client allows (see WithMaxResponseBytes)"},
	{is(errLongHeader), "the header of the response is longer than the client allows"},
	{is(syscall.ECONNREFUSED), "connection refused"},
	{is(syscall.ECONNRESET), "the connection was reset"},
	{as[*net.DNSError], "the host was not found"},
	{as[tls.RecordHeaderError], "the connection does not use TLS"},
	{isBadCertificate, "the TLS certificate is not valid"},
	{is(io.ErrUnexpectedEOF), "the response was truncated"},
	{is(io.EOF), "the connection was closed before the response"},
	{func(err error) bool { var t interface{ Timeout() bool }; return errors.As(err, &t) && t.Timeout() }, "the service did not respond in time"},
}

// causeText describes a failure without the addresses, URLs and bytes that its
// own text can hold. It is empty for a failure that it does not know.
func causeText(err error) string {
	for _, known := range failures {
		if known.matches(err) {
			return known.text
		}
	}
	return ""
}

// isUnreachable reports whether a wrong base URL is a likely cause of err.
func isUnreachable(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || as[*net.DNSError](err) || isBadCertificate(err)
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}

func isBadCertificate(err error) bool {
	return as[*tls.CertificateVerificationError](err) || as[x509.UnknownAuthorityError](err) || as[tls.RecordHeaderError](err)
}

// isNeverSent reports whether err is one that comes before a request is sent.
func isNeverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	return as[*net.DNSError](err) || isBadCertificate(err)
}

// isPermanent reports whether the same request would fail in the same way.
func isPermanent(err error) bool {
	return isBadCertificate(err) || errors.Is(err, errTooLong) || errors.Is(err, errLongHeader)
}
