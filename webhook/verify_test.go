package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

// Secrets as the service makes them, and as it made them before.
const (
	secret    = "whsec_Xq3vYkT0mWn8LhJ2sRb5PdZc7GfA1uEo9iKxQt4yB6w"
	oldSecret = "polar_whs_Xq3vYkT0mWn8LhJ2sRb5PdZc7GfA1uEo9iK"
	eventID   = "5f0a7d3e-8f0c-4f3a-9c55-2b1d2f6f9a10"
)

var body = []byte(`{"type":"order.paid","timestamp":"2026-11-22T12:00:00.123456Z","data":{"id":"x"}}`)

// sign makes a signature independently of the code under test.
func sign(key []byte, id, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, key)
	fmt.Fprintf(h, "%s.%s.%s", id, timestamp, body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func standardKey(t testing.TB, secret string) []byte {
	t.Helper()
	key, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// request returns the headers of a delivery that the service signs now.
func request(secret string, body []byte) http.Header {
	h := http.Header{}
	h.Set("User-Agent", "polar.sh webhooks")
	h.Set("Content-Type", "application/json")
	h.Set("Webhook-Id", eventID)
	h.Set("Webhook-Timestamp", seconds(time.Now()))
	h.Set("Webhook-Signature", sign([]byte(secret), eventID, seconds(time.Now()), body))
	return h
}

func TestVerify(t *testing.T) {
	now := time.Now()
	stamp := seconds(now)
	good := sign([]byte(secret), eventID, stamp, body)
	noise := strings.Repeat("v1,"+base64.StdEncoding.EncodeToString(make([]byte, 32))+" ", 1<<20/48)
	set := func(name, value string) func(http.Header) {
		return func(h http.Header) { h.Set(name, value) }
	}
	for _, tc := range []struct {
		name   string
		secret string
		body   []byte
		change func(http.Header)
		opts   []webhook.Option
		want   error
	}{
		{name: "as the service signs"},
		{name: "old secret", secret: oldSecret, change: set("Webhook-Signature", sign([]byte(oldSecret), eventID, stamp, body))},
		{name: "secret of the seller's choice", secret: "correct horse battery staple, 32", change: set("Webhook-Signature", sign([]byte("correct horse battery staple, 32"), eventID, stamp, body))},
		{name: "as Standard Webhooks signs", change: set("Webhook-Signature", sign(standardKey(t, secret), eventID, stamp, body))},
		{name: "padded secret", secret: "whsec_" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef")), change: set("Webhook-Signature", sign([]byte("0123456789abcdef"), eventID, stamp, body))},
		{name: "no prefix, decoded", secret: "MDEyMzQ1Njc4OWFiY2RlZg==", change: set("Webhook-Signature", sign([]byte("0123456789abcdef"), eventID, stamp, body)), want: webhook.ErrSignature},
		{name: "decoded remainder of an old secret", secret: oldSecret, change: set("Webhook-Signature", sign(standardKey(t, "Xq3vYkT0mWn8LhJ2sRb5PdZc7GfA1uEo9iK"), eventID, stamp, body)), want: webhook.ErrSignature},
		{name: "tampered body", body: append(bytes.Clone(body), ' '), want: webhook.ErrSignature},
		{name: "empty body", body: []byte{}, want: webhook.ErrSignature},
		{name: "tampered ID", change: set("Webhook-Id", eventID+"0"), want: webhook.ErrSignature},
		{name: "tampered time", change: set("Webhook-Timestamp", seconds(now.Add(-time.Second))), want: webhook.ErrSignature},
		{name: "tampered signature", change: set("Webhook-Signature", strings.Replace(good, good[3:5], "AA", 1)), want: webhook.ErrSignature},
		{name: "wrong secret", secret: secret + "x", want: webhook.ErrSignature},
		{name: "swapped secrets", secret: oldSecret, want: webhook.ErrSignature},
		{name: "rotated secret", secret: oldSecret, opts: []webhook.Option{webhook.WithSecrets("another", secret)}},
		{name: "no secret", secret: " ", want: webhook.ErrSecret},
		{name: "prefix alone", secret: "whsec_", want: webhook.ErrSecret},
		{name: "secret with a line feed", secret: secret + "\n", want: webhook.ErrSecret},
		{name: "empty secret in a rotation", opts: []webhook.Option{webhook.WithSecrets("")}, want: webhook.ErrSecret},
		{name: "no ID", change: func(h http.Header) { h.Del("Webhook-Id") }, want: webhook.ErrHeader},
		{name: "empty ID", change: set("Webhook-Id", ""), want: webhook.ErrHeader},
		{name: "no timestamp", change: func(h http.Header) { h.Del("Webhook-Timestamp") }, want: webhook.ErrHeader},
		{name: "no signature", change: func(h http.Header) { h.Del("Webhook-Signature") }, want: webhook.ErrHeader},
		{name: "timestamp in words", change: set("Webhook-Timestamp", "now"), want: webhook.ErrHeader},
		{name: "negative timestamp", change: set("Webhook-Timestamp", "-"+stamp), want: webhook.ErrHeader},
		{name: "signed timestamp", change: set("Webhook-Timestamp", "+"+stamp), want: webhook.ErrHeader},
		{name: "hexadecimal timestamp", change: set("Webhook-Timestamp", "0x"+stamp), want: webhook.ErrHeader},
		{name: "infinite timestamp", change: set("Webhook-Timestamp", "Inf"), want: webhook.ErrHeader},
		{name: "huge timestamp", change: set("Webhook-Timestamp", strings.Repeat("9", 400)), want: webhook.ErrHeader},
		{name: "fractional timestamp", change: set("Webhook-Timestamp", stamp+".789")},
		{name: "empty fraction", change: set("Webhook-Timestamp", stamp+"."), want: webhook.ErrHeader},
		{name: "two fractions", change: set("Webhook-Timestamp", stamp+".1.2"), want: webhook.ErrHeader},
		{name: "unpadded signature", change: set("Webhook-Signature", strings.TrimRight(good, "="))},
		{name: "several signatures, the last right", change: set("Webhook-Signature", "v1,AAAA v1a,xyz v2,"+good[3:]+" nonsense v1 v1,!!! "+good)},
		{name: "several headers", change: func(h http.Header) { h["Webhook-Signature"] = []string{"v1,AAAA", good} }},
		{name: "right signature of another version", change: set("Webhook-Signature", "v2,"+good[3:]), want: webhook.ErrSignature},
		{name: "bare signature", change: set("Webhook-Signature", good[3:]), want: webhook.ErrSignature},
		{name: "signatures and no commas", change: set("Webhook-Signature", strings.ReplaceAll(good, ",", ";")), want: webhook.ErrSignature},
		{name: "1 MB of signatures, none right", change: set("Webhook-Signature", noise), want: webhook.ErrSignature},
		{name: "1 MB of signatures, the last right", change: set("Webhook-Signature", noise+good)},
		{name: "1 MB of one signature", change: set("Webhook-Signature", "v1,"+strings.Repeat("A", 1<<20)), want: webhook.ErrSignature},
		{name: "1 MB of spaces", change: set("Webhook-Signature", strings.Repeat(" ", 1<<20)), want: webhook.ErrSignature},
		{name: "header names in lower case", change: func(h http.Header) {
			for _, name := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
				h[strings.ToLower(name)] = h[name]
				delete(h, name)
			}
		}},
		{name: "header names in upper case", change: func(h http.Header) {
			for _, name := range []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"} {
				h[strings.ToUpper(name)] = h[name]
				delete(h, name)
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			header := request(secret, body)
			header.Set("Webhook-Timestamp", stamp)
			header.Set("Webhook-Signature", good)
			if tc.change != nil {
				tc.change(header)
			}
			with, sent := tc.secret, tc.body
			if with == "" {
				with = secret
			}
			if sent == nil {
				sent = body
			}
			err := webhook.Verify(sent, header, with, tc.opts...)
			if !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Fatalf("got %v, want %v", err, tc.want)
			}
			if _, parseErr := webhook.Parse(sent, header, with, tc.opts...); (parseErr == nil) != (err == nil) {
				t.Errorf("Verify says %v, Parse %v", err, parseErr)
			}
			if err != nil && (strings.Contains(err.Error(), with) || strings.Contains(err.Error(), good)) && strings.TrimSpace(with) != "" {
				t.Errorf("the error quotes the secret or the signature: %v", err)
			}
		})
	}
}

func TestTolerance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(789 * time.Millisecond) // whole seconds would hide rounding
		for _, tc := range []struct {
			age  time.Duration
			opts []webhook.Option
			want error
		}{
			{age: 0},
			{age: 4*time.Minute + 59*time.Second},
			{age: 5*time.Minute + time.Second, want: webhook.ErrTimestamp},
			{age: -4*time.Minute - 59*time.Second},
			{age: -5*time.Minute - 2*time.Second, want: webhook.ErrTimestamp},
			{age: 20 * 365 * 24 * time.Hour, want: webhook.ErrTimestamp},
			{age: 20 * time.Minute, opts: []webhook.Option{webhook.WithTolerance(time.Hour)}},
			{age: 2 * time.Second, opts: []webhook.Option{webhook.WithTolerance(time.Second)}, want: webhook.ErrTimestamp},
		} {
			header := http.Header{}
			stamp := time.Now().Add(-tc.age)
			header.Set(webhook.HeaderID, eventID)
			header.Set(webhook.HeaderTimestamp, seconds(stamp))
			header.Set(webhook.HeaderSignature, webhook.Sign(secret, eventID, stamp, body))
			if err := webhook.Verify(body, header, secret, tc.opts...); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Errorf("signed %v ago: got %v, want %v", tc.age, err, tc.want)
			}
		}
	})
}

// A megabyte of signatures costs one hash per key and little memory.
func TestManySignaturesAreCheap(t *testing.T) {
	header := request(secret, body)
	header.Set("Webhook-Signature", strings.Repeat("v1,"+base64.StdEncoding.EncodeToString(make([]byte, 32))+" ", 1<<20/48))
	allocs := testing.AllocsPerRun(3, func() {
		if err := webhook.Verify(body, header, secret); !errors.Is(err, webhook.ErrSignature) {
			t.Error(err)
		}
	})
	if allocs > 100 {
		t.Errorf("%v allocations", allocs)
	}
}

func FuzzVerify(f *testing.F) {
	stamp := seconds(time.Now())
	f.Add(secret, eventID, stamp, sign([]byte(secret), eventID, stamp, body), body)
	f.Add(oldSecret, eventID, stamp+".5", "v1,AAAA v2,BBBB "+sign([]byte(oldSecret), eventID, stamp, body), body)
	f.Add("whsec_AA==", "", "1e9", "v1, v1,", []byte{})
	f.Fuzz(func(t *testing.T, secret, id, timestamp, signature string, body []byte) {
		header := http.Header{"webhook-id": {id}, "WEBHOOK-TIMESTAMP": {timestamp}, "Webhook-Signature": {signature}}
		if err := webhook.Verify(body, header, secret); err != nil {
			return
		}
		// An accepted signature was made with one of the keys over the body.
		whole, _, _ := strings.Cut(timestamp, ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			t.Fatalf("accepted the timestamp %q", timestamp)
		}
		if age := time.Since(time.Unix(n, 0)); age > 6*time.Minute || age < -6*time.Minute {
			t.Fatalf("accepted a request of %v ago", age)
		}
		keys := [][]byte{[]byte(secret)}
		if rest, ok := strings.CutPrefix(secret, "whsec_"); ok {
			key, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(rest, "="))
			if err == nil && len(key) > 0 {
				keys = append(keys, key)
			}
		}
		for _, key := range keys {
			want := strings.TrimRight(sign(key, id, strconv.FormatInt(n, 10), body), "=")
			if strings.Contains(signature, want[:len(want)-1]) {
				return
			}
		}
		t.Fatalf("accepted %q", signature)
	})
}
