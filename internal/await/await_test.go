package await_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polarexpress/polar-go/internal/await"
)

func TestUntil(t *testing.T) {
	const ms = time.Millisecond
	for _, tc := range []struct {
		name      string
		visible   time.Duration // when look first returns true
		limit     time.Duration
		canceled  time.Duration // when ctx ends, 0 for never
		wantLooks []time.Duration
	}{
		{"visible immediately", 0, time.Second, 0, []time.Duration{0}},
		{"visible later", 300 * ms, time.Second, 0, []time.Duration{0, 100 * ms, 300 * ms}},
		{"never visible", time.Hour, 600 * ms, 0, []time.Duration{0, 100 * ms, 300 * ms, 700 * ms}},
		{"no time to wait", time.Hour, 0, 0, []time.Duration{0}},
		{"canceled", time.Hour, time.Minute, 200 * ms, []time.Duration{0, 100 * ms, 200 * ms}},
		{"long delays", 15 * time.Second, time.Minute, 0, []time.Duration{0, 100 * ms, 300 * ms, 700 * ms, 1500 * ms, 3100 * ms, 6300 * ms, 11300 * ms, 16300 * ms}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tc.canceled > 0 {
					defer time.AfterFunc(tc.canceled, cancel).Stop()
				}
				start := time.Now()
				var looks []time.Duration
				await.Until(ctx, tc.limit, func() bool {
					looks = append(looks, time.Since(start))
					return time.Since(start) >= tc.visible
				})
				if !slices.Equal(looks, tc.wantLooks) {
					t.Errorf("looked after %v, want %v", looks, tc.wantLooks)
				}
			})
		})
	}
}

func TestSignal(t *testing.T) {
	for _, tc := range []struct {
		name                  string
		wait, signal, timeout time.Duration
		want                  time.Duration
	}{
		{"the time", 1, 2, 3, 1},
		{"the signal", 2, 1, 3, 1},
		{"the end of ctx", 3, 2, 1, 1},
		{"the time, without a signal", 2, 0, 3, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tc.timeout*time.Second)
				defer cancel()
				var signal chan struct{}
				if tc.signal > 0 {
					signal = make(chan struct{})
					defer time.AfterFunc(tc.signal*time.Second, func() { close(signal) }).Stop()
				}
				start := time.Now()
				await.Signal(ctx, tc.wait*time.Second, signal)
				if got := time.Since(start); got != tc.want*time.Second {
					t.Errorf("waited %v, want %v", got, tc.want*time.Second)
				}
			})
		})
	}
}
