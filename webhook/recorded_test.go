package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

// The secrets of the recorded deliveries. Each event was sent to an endpoint
// with a secret of today's kind, and to one with a secret of the older kind.
const (
	recordedSecret    = "whsec_wXUDlBxToIVOhiHuYGQPP9SAklnFx3YjVHx682VJx6B"
	recordedOldSecret = "polar_whs_recorderTestSecret0123456789ABCDEF"
)

type recording struct {
	Name     string          `json:"name"`
	Whsec    signedHeaders   `json:"whsec"`
	PolarWhs signedHeaders   `json:"polar_whs"`
	Body     json.RawMessage `json:"body"`
}

type signedHeaders struct {
	ID        string `json:"id"`
	Timestamp string `json:"timestamp"`
	Signature string `json:"signature"`
}

func (h signedHeaders) header() http.Header {
	return http.Header{"Webhook-Id": {h.ID}, "Webhook-Timestamp": {h.Timestamp}, "Webhook-Signature": {h.Signature}}
}

func recordings(t testing.TB) []recording {
	t.Helper()
	lines, err := os.ReadFile("testdata/deliveries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []recording
	for line := range bytes.Lines(lines) {
		var r recording
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if len(all) != 43 {
		t.Fatalf("%d recordings", len(all))
	}
	return all
}

// atRecording runs f just after the recordings were signed.
func atRecording(t *testing.T, f func(*testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 24, 16, 15, 10, 0, time.UTC)))
		f(t)
	})
}

func TestRecordedSignatures(t *testing.T) {
	atRecording(t, func(t *testing.T) {
		for _, r := range recordings(t) {
			for _, d := range []struct {
				headers       signedHeaders
				secret, other string
			}{{r.Whsec, recordedSecret, recordedOldSecret}, {r.PolarWhs, recordedOldSecret, recordedSecret}} {
				if err := webhook.Verify(r.Body, d.headers.header(), d.secret); err != nil {
					t.Errorf("%s, %.9s: %v", r.Name, d.secret, err)
				}
				if err := webhook.Verify(r.Body, d.headers.header(), d.other, webhook.WithSecrets(d.secret)); err != nil {
					t.Errorf("%s, %.9s during a rotation: %v", r.Name, d.secret, err)
				}
				if err := webhook.Verify(r.Body, d.headers.header(), d.other); !errors.Is(err, webhook.ErrSignature) {
					t.Errorf("%s, %.9s with the other secret: %v", r.Name, d.secret, err)
				}
				if err := webhook.Verify(append(bytes.Clone(r.Body), '\n'), d.headers.header(), d.secret); !errors.Is(err, webhook.ErrSignature) {
					t.Errorf("%s, %.9s with a line feed more: %v", r.Name, d.secret, err)
				}
			}
		}
	})
}

// Nothing of a recorded body is lost on its way through Event and Data.
func TestRecordedEvents(t *testing.T) {
	atRecording(t, func(t *testing.T) {
		carried := map[webhook.Type]string{}
		for _, info := range webhook.Types() {
			carried[info.Type] = info.Data
		}
		for _, r := range recordings(t) {
			event, err := webhook.Parse(r.Body, r.Whsec.header(), recordedSecret)
			if err != nil {
				t.Errorf("%s: %v", r.Name, err)
				continue
			}
			if event.ID != r.Whsec.ID || !strings.HasPrefix(r.Name, string(event.Type)) || carried[event.Type] == "" || event.Extra != nil {
				t.Errorf("%s: got %+v", r.Name, event)
			}
			data, err := webhook.Data[map[string]any](event)
			if err != nil {
				t.Errorf("%s: %v", r.Name, err)
				continue
			}
			got := map[string]any{
				"type":      string(event.Type),
				"timestamp": event.Timestamp.Format("2006-01-02T15:04:05.000000Z07:00"),
				"data":      *data,
			}
			var want map[string]any
			if err := json.Unmarshal(r.Body, &want); err != nil {
				t.Fatal(err)
			}
			for k := range want {
				if !reflect.DeepEqual(got[k], want[k]) {
					t.Errorf("%s: %s: got %v, want %v", r.Name, k, got[k], want[k])
				}
			}
			if _, err := webhook.Data[identified](event); err != nil {
				t.Errorf("%s: %v", r.Name, err)
			}
		}
	})
}

func TestRecordedOrder(t *testing.T) {
	atRecording(t, func(t *testing.T) {
		for _, r := range recordings(t) {
			if r.Name != "order.paid" {
				continue
			}
			event, err := webhook.Parse(r.Body, r.Whsec.header(), recordedSecret)
			if err != nil {
				t.Fatal(err)
			}
			o, err := webhook.Data[order](event)
			if err != nil {
				t.Fatal(err)
			}
			if !o.Paid || o.TotalAmount == 0 || o.BillingReason == "" || o.Customer.Email != "alice@rec-mail.com" || o.CreatedAt.Year() != 2026 {
				t.Errorf("got %+v", o)
			}
		}
	})
}

// An endpoint whose format is Slack gets a body without an envelope.
func TestSlackFormat(t *testing.T) {
	slack, err := os.ReadFile("testdata/slack.json")
	if err != nil {
		t.Fatal(err)
	}
	_, err = webhook.Parse(slack, request(secret, slack), secret)
	if !errors.Is(err, webhook.ErrPayload) || !strings.Contains(err.Error(), "format must be Raw") {
		t.Errorf("got %v", err)
	}
}

// 10,000 damaged events, genuinely signed, are decoded or refused without a panic.
func TestDamagedEvents(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	recorded := recordings(t)
	junk := []string{"null", "{}", "[]", `""`, "1e999", "-1", `"\ud800"`, "true", "[[[[", "}", ",", `{"id":null}`, "\x00", "\xff", "é"}
	counts := map[bool]int{}
	for range 10_000 {
		damaged := bytes.Clone(recorded[random.IntN(len(recorded))].Body)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(damaged))
			switch random.IntN(4) {
			case 0: // another byte
				damaged[at] = byte(random.Uint32())
			case 1: // a cut
				damaged = damaged[:at+1]
			case 2: // a piece left out
				damaged = append(damaged[:at], damaged[min(at+1+random.IntN(40), len(damaged)):]...)
			case 3: // another value after the next colon
				if colon := bytes.IndexByte(damaged[at:], ':'); colon >= 0 {
					start := at + colon + 1
					end := start + max(0, bytes.IndexAny(damaged[start:], ",}"))
					damaged = bytes.Join([][]byte{damaged[:start], []byte(junk[random.IntN(len(junk))]), damaged[end:]}, nil)
				}
			}
			if len(damaged) == 0 {
				break
			}
		}
		event, err := webhook.Parse(damaged, request(secret, damaged), secret)
		counts[err == nil]++
		if err == nil {
			decodeAll(t, event)
		} else if !errors.Is(err, webhook.ErrPayload) {
			t.Fatalf("%q: %v", damaged, err)
		}
	}
	if counts[true] < 1000 || counts[false] < 1000 {
		t.Errorf("one-sided: %v", counts)
	}
}
