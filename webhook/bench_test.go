package webhook_test

import (
	"testing"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/webhook"
)

// BenchmarkEvents measures what a recorded order.paid costs: to verify it, to read
// its type and time as well, and to decode its order.
func BenchmarkEvents(b *testing.B) {
	var body []byte
	for _, r := range recordings(b) {
		if r.Name == "order.paid" {
			body = r.Body
		}
	}
	header := request(recordedSecret, body)
	b.Run("verify", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if err := webhook.Verify(body, header, recordedSecret); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := webhook.Parse(body, header, recordedSecret); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse and decode", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			event, err := webhook.Parse(body, header, recordedSecret)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := webhook.Data[commerce.Order](event); err != nil {
				b.Fatal(err)
			}
		}
	})
}
