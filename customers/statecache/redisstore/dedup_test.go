package redisstore_test

import (
	"context"
	"testing"

	"github.com/polarexpress/polar-go/webhook"
)

func TestDeduplicator(t *testing.T) {
	s := startServer(t)
	a, b := s.store().Deduplicator(), s.store().Deduplicator()
	ctx := context.Background()
	claim := func(d webhook.Deduplicator, want webhook.Claim) {
		t.Helper()
		if got, err := d.Claim(ctx, "e"); err != nil || got != want {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	}
	settle := func(d webhook.Deduplicator, handled bool) {
		t.Helper()
		if err := d.Settle(ctx, "e", handled); err != nil {
			t.Error(err)
		}
	}
	claim(a, webhook.Claimed)
	claim(b, webhook.InProgress)
	settle(a, false)
	claim(b, webhook.Claimed)
	settle(b, true)
	claim(a, webhook.Handled)
	claim(b, webhook.Handled)
	s.stop()
	if _, err := a.Claim(ctx, "f"); err == nil {
		t.Error("claimed without a server")
	}
}
