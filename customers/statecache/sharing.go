package statecache

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// storePause is for how long checks do without a store that has failed.
	storePause = time.Second
	// maxSwaps is how often to try when other instances write the same key. They
	// all learn of the same change, so that few tries are enough.
	maxSwaps = 8
)

// useStore runs one use of the store within its time limit, even if the store
// ignores its context.
func (c *Cache) useStore(ctx context.Context, use func(context.Context) error) error {
	// That a caller goes away says nothing about the store.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.storeTimeout)
	defer cancel()
	begun := c.clock.now()
	done := make(chan error, 1)
	go func() { done <- use(ctx) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	now := c.clock.now()
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrStore, err)
		c.storeRetryAt.set(now + int64(storePause))
	} else {
		c.storeRetryAt.clear()
	}
	if c.hooks.Store != nil {
		c.hooks.Store(time.Duration(now-begun), err)
	}
	return err
}

// readStore returns what the store knows, or nil. It fails at once if the store
// has just failed.
func (c *Cache) readStore(ctx context.Context, k key) (*snapshot, error) {
	if c.store == nil {
		return nil, nil
	}
	if !c.storeRetryAt.claim(c.clock.now(), storePause) {
		return nil, ErrStore
	}
	// The use may outlive this call, and so must not write to its variables.
	values := make(chan []byte, 1)
	err := c.useStore(ctx, func(ctx context.Context) error {
		value, err := c.store.Get(ctx, k.String())
		values <- value
		return err
	})
	if err != nil {
		return nil, err
	}
	return decodeSnapshot(<-values), nil
}

// share merges news into the store under each of the keys, within one limit.
func (c *Cache) share(ctx context.Context, news *snapshot, keys ...key) error {
	if c.store == nil {
		return nil
	}
	return c.useStore(ctx, func(ctx context.Context) error { return c.shareKeys(ctx, news, keys) })
}

func (c *Cache) shareKeys(ctx context.Context, news *snapshot, keys []key) error {
	for i, k := range keys {
		shared, err := c.shareKey(ctx, news, k)
		switch {
		case err != nil:
			return err
		case shared.supersedes(news):
			news = shared
			c.learn(news, keys[i:]...)
		case shared != news:
			c.learn(shared, k)
		}
	}
	return nil
}

// shareKey merges news into the store under one key, and returns what the store
// then knows.
func (c *Cache) shareKey(ctx context.Context, news *snapshot, k key) (*snapshot, error) {
	for range maxSwaps {
		value, err := c.store.Get(ctx, k.String())
		if err != nil {
			return nil, err
		}
		old, merged := decodeSnapshot(value), news
		switch {
		case old != nil:
			if merged = combine(old, news, c.margin); *merged == *old {
				return old, nil
			}
		case !news.Loaded && c.clock.moment().age(news.AsOf, c.margin) > c.margin:
			// A newer event may have come and been forgotten.
			merged = news.doubtful()
		}
		encoded, err := merged.encode()
		if err != nil {
			return nil, err
		}
		swapped, err := c.store.Swap(ctx, k.String(), value, encoded, c.ttl+c.maxStale)
		if err != nil {
			return nil, err
		}
		if swapped {
			return merged, nil
		}
	}
	return nil, errors.New("other instances kept changing the same key")
}

// storeChanged is called with keys that other instances have changed. The next
// check of such a key reads the store.
func (c *Cache) storeChanged(names []string) {
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
		if l := c.loads[k]; l != nil {
			l.storeChanged = true
		}
		if e := c.lookup(k); e != nil {
			unconfirmed := *e
			unconfirmed.epoch = c.unconfirmedEpoch()
			c.update(k, &unconfirmed)
		}
	}
}

// unconfirmedEpoch is the epoch of an entry that has yet to be compared with
// the store. Without a store there is nothing to compare.
func (c *Cache) unconfirmedEpoch() uint64 {
	if c.store == nil {
		return 0
	}
	return c.epoch.Load() - 1
}
