package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed request, as Standard Webhooks names them.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// What can be wrong with a request. Compare with [errors.Is].
var (
	// ErrSecret means that a secret is empty or has surrounding white space. The
	// program's configuration is wrong, not the request.
	ErrSecret = errors.New("webhook: unusable secret")
	// ErrHeader means that a header is missing or malformed.
	ErrHeader = errors.New("webhook: missing or malformed header")
	// ErrTimestamp means that the request was signed too long ago or in the
	// future: it is a replay, or a clock is wrong.
	ErrTimestamp = errors.New("webhook: timestamp outside the tolerance")
	// ErrSignature means that no signature matches the secret, the body and the
	// other headers.
	ErrSignature = errors.New("webhook: no matching signature")
)

const secretPrefix = "whsec_"

// signingKeys returns the keys to verify with: the bytes of the secret, as the
// service signs, and the decoded remainder, as Standard Webhooks signs.
func signingKeys(secret string) ([][]byte, error) {
	switch {
	case strings.TrimSpace(secret) == "" || secret == secretPrefix:
		return nil, fmt.Errorf("%w: it is empty; copy it from the endpoint's page in Polar's dashboard", ErrSecret)
	case strings.TrimSpace(secret) != secret:
		return nil, fmt.Errorf("%w: it begins or ends with white space; remove that", ErrSecret)
	}
	keys := [][]byte{[]byte(secret)}
	if encoded, ok := strings.CutPrefix(secret, secretPrefix); ok {
		key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
		if err == nil && len(key) > 0 {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// Verify returns nil if the holder of the secret has signed body and header
// within the tolerance, which is 5 minutes unless [WithTolerance] changes it.
// The body must be exactly as it arrived. Header names are case-insensitive.
//
// A captured request verifies again within the tolerance. [Handler] recognizes
// it by its ID.
//
// The error matches [ErrSecret], [ErrHeader], [ErrTimestamp] or [ErrSignature].
// It names the header at fault and quotes neither the request nor the secret.
func Verify(body []byte, header http.Header, secret string, opts ...Option) error {
	c, err := newConfig(secret, opts)
	if err != nil {
		return err
	}
	_, err = c.verify(body, header)
	return err
}

// verify returns the event's ID.
func (c *config) verify(body []byte, header http.Header) (string, error) {
	id := first(header, HeaderID)
	stamp := first(header, HeaderTimestamp)
	signatures := values(header, HeaderSignature)
	for _, h := range []struct{ name, value string }{
		{HeaderID, id}, {HeaderTimestamp, stamp}, {HeaderSignature, strings.Join(signatures, "")},
	} {
		if h.value == "" {
			return "", fmt.Errorf("%w: %s is missing", ErrHeader, h.name)
		}
	}
	seconds, err := parseTimestamp(stamp)
	if err != nil {
		return "", err
	}
	// Checked first, so that an old request costs no hashing.
	switch age := time.Since(seconds); {
	case age > c.tolerance:
		return "", fmt.Errorf("%w: signed more than %v ago", ErrTimestamp, c.tolerance)
	case age < -c.tolerance:
		return "", fmt.Errorf("%w: signed more than %v in the future; check this machine's clock", ErrTimestamp, c.tolerance)
	}
	wanted := make([][sha256.Size]byte, len(c.keys))
	for i, key := range c.keys {
		wanted[i] = mac(key, id, seconds, body)
	}
	for _, list := range signatures {
		for s := range strings.SplitSeq(list, " ") {
			if matches(s, wanted) {
				return id, nil
			}
		}
	}
	return "", ErrSignature
}

// matches reports whether a versioned signature is one of those wanted.
func matches(versioned string, wanted [][sha256.Size]byte) bool {
	encoded, ok := strings.CutPrefix(versioned, "v1,")
	if !ok {
		return false
	}
	encoded = strings.TrimRight(encoded, "=")
	if len(encoded) != base64.RawStdEncoding.EncodedLen(sha256.Size) {
		return false
	}
	var got [sha256.Size]byte
	if _, err := base64.RawStdEncoding.Decode(got[:], []byte(encoded)); err != nil {
		return false
	}
	for i := range wanted {
		if hmac.Equal(got[:], wanted[i][:]) {
			return true
		}
	}
	return false
}

// mac signs the ID, the time in whole seconds and the body.
func mac(key []byte, id string, at time.Time, body []byte) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	h.Write(body)
	h.Sum(sum[:0])
	return sum
}

// Sign returns the value of [HeaderSignature] for an event, as the service makes
// it. It is for tests and for programs that forward events. The header
// [HeaderTimestamp] must hold the same time in seconds since 1970.
func Sign(secret, id string, at time.Time, body []byte) string {
	sum := mac([]byte(secret), id, at, body)
	return "v1," + base64.StdEncoding.EncodeToString(sum[:])
}

// parseTimestamp reads seconds since 1970. Some senders add a fraction, which is
// not signed.
func parseTimestamp(s string) (time.Time, error) {
	whole, fraction, dot := strings.Cut(s, ".")
	seconds, err := strconv.ParseUint(whole, 10, 40)
	if err != nil || dot && !digits(fraction) {
		return time.Time{}, fmt.Errorf("%w: %s is not a number of seconds", ErrHeader, HeaderTimestamp)
	}
	return time.Unix(int64(seconds), 0), nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// values finds a header in any spelling: not every server makes names canonical.
func values(header http.Header, name string) []string {
	if v := header.Values(name); len(v) > 0 {
		return v
	}
	for k, v := range header {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func first(header http.Header, name string) string {
	if v := values(header, name); len(v) > 0 {
		return v[0]
	}
	return ""
}
