package customers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
)

// errAttemptTimeout ends an attempt that takes longer than the client allows.
var errAttemptTimeout = &timeoutError{}

type timeoutError struct{}

func (*timeoutError) Error() string { return "customers: attempt timed out" }
func (*timeoutError) Timeout() bool { return true }

// errTooLong ends the reading of an answer beyond the client's limit.
var errTooLong = errors.New("customers: the answer is longer than the client allows")

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
	return badCertificate(err) || errors.Is(err, errTooLong) ||
		strings.Contains(err.Error(), "server response headers exceeded")
}

// withoutURL strips what net/http wraps around an error: the URL holds IDs.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
