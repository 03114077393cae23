package statecache

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Store holds values that the instances of a program share. Any that can
// compare and swap will do; the redisstore module has one on Redis and Valkey.
//
// Values hold customers' personal data. Methods are called from several
// goroutines at once; what takes longer than [WithStoreTimeout] is given up.
type Store interface {
	// Get returns the value of key, or nil if there is none.
	Get(ctx context.Context, key string) ([]byte, error)
	// Swap gives key the value new if it has the value old, where nil means
	// none, and reports whether it had. The value may be dropped after ttl.
	Swap(ctx context.Context, key string, old, new []byte, ttl time.Duration) (bool, error)
	// Watch calls changed with keys that may have changed in the store since,
	// whoever changed them, and with nil if any key may have: when the
	// connection that tells was lost. It returns a function that ends this.
	Watch(changed func(keys []string)) (stop func())
}

// ErrStore means that the store failed or did not answer in time.
var ErrStore = errors.New("statecache: store failed")

// storePause is how long checks do without a store that has failed.
const storePause = time.Second

// swaps is how often to try when other instances write the same key. Each of
// them learned of the same change, so that few tries settle it.
const swaps = 8

// withStore runs one use of the store within its limit, even if the store does
// not heed its context.
func (c *Cache) withStore(ctx context.Context, use func(context.Context) error) error {
	// That a caller goes away says nothing about the store.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.storeTimeout)
	defer cancel()
	begun := time.Now()
	done := make(chan error, 1)
	go func() { done <- use(ctx) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrStore, err)
		c.storeRetryAt.Store(c.now() + int64(storePause))
	} else {
		c.storeRetryAt.Store(0)
	}
	if c.hooks.Store != nil {
		c.hooks.Store(time.Since(begun), err)
	}
	return err
}

// recall reads what the store knows, if there is one and it has not just failed.
func (c *Cache) recall(ctx context.Context, k key) (*knowledge, error) {
	if c.store == nil {
		return nil, nil
	}
	if !claim(&c.storeRetryAt, c.now(), storePause) {
		return nil, ErrStore
	}
	// The use may outlive this call, and so must not write to its variables.
	values := make(chan []byte, 1)
	err := c.withStore(ctx, func(ctx context.Context) error {
		value, err := c.store.Get(ctx, k.name())
		values <- value
		return err
	})
	if err != nil {
		return nil, err
	}
	return decode(<-values), nil
}

// share merges news into the store under each of the keys, within one limit.
func (c *Cache) share(ctx context.Context, news *knowledge, keys ...key) error {
	if c.store == nil {
		return nil
	}
	return c.withStore(ctx, func(ctx context.Context) error { return c.shareKeys(ctx, news, keys) })
}

func (c *Cache) shareKeys(ctx context.Context, news *knowledge, keys []key) error {
	for i, k := range keys {
		known, err := c.shareKey(ctx, news, k)
		if err != nil {
			return err
		}
		if known.ends(news) {
			news = known
			c.learn(news, keys[i:]...)
		}
	}
	return nil
}

// shareKey merges news into the store under one key, and returns what is then
// known there.
func (c *Cache) shareKey(ctx context.Context, news *knowledge, k key) (*knowledge, error) {
	for range swaps {
		value, err := c.store.Get(ctx, k.name())
		if err != nil {
			return nil, err
		}
		old := decode(value)
		merged := merge(old, news, c.margin)
		if merged == old {
			return old, nil
		}
		if old == nil && !news.Asked && time.Since(news.AsOf) > c.margin {
			// A late event, and nothing here to tell whether it was overtaken.
			doubtful := *news
			doubtful.Doubtful = true
			merged = &doubtful
		}
		encoded, err := merged.encode()
		if err != nil {
			return nil, err
		}
		swapped, err := c.store.Swap(ctx, k.name(), value, encoded, c.ttl+c.maxStale)
		if err != nil || swapped {
			return merged, err
		}
	}
	return nil, errors.New("other instances kept changing the same key")
}

// changed hears of keys that other instances have changed. They are read when
// somebody next asks.
func (c *Cache) changed(names []string) {
	if names == nil {
		c.epoch.Add(1)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		k, ok := parseKey(name)
		if !ok {
			continue
		}
		if f := c.flights[k]; f != nil {
			f.outdated = true
		}
		if e, ok := c.memory.GetEntryQuietly(k); ok {
			c.put(k, c.unconfirmed(e.Value))
		}
	}
}

// unconfirmed is e, to be compared with the store before it is used again.
func (c *Cache) unconfirmed(e *entry) *entry {
	u := *e
	u.epoch = c.epoch.Load() - 1
	return &u
}
