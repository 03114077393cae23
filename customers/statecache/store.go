package statecache

import (
	"context"
	"errors"
	"time"
)

// Store holds values that the instances of a program share. Any store with an
// atomic compare-and-swap is suitable. The redisstore module has one for Redis
// and Valkey.
//
// Values contain customers' personal data. Methods are called from several
// goroutines at once. The cache does not wait for one longer than
// [WithStoreTimeout] allows.
type Store interface {
	// Get returns the value of key, or nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Swap sets the value of key to new if it is old, where nil means none, and
	// reports whether it did. The store may drop the value after ttl.
	Swap(ctx context.Context, key string, old, new []byte, ttl time.Duration) (bool, error)
	// Watch calls changed with keys that any instance may have changed, and with
	// nil if every key may have changed because notifications were lost. The
	// function that it returns ends the calls.
	Watch(changed func(keys []string)) (stop func())
}

// ErrStore means that the store failed or did not respond in time.
var ErrStore = errors.New("statecache: store failed")
