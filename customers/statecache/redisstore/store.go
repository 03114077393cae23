package redisstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

// Prefix is the prefix of all keys, unless [WithPrefix] changes it.
const Prefix = "polar:"

// connectTimeout limits how long a connection attempt takes, unless the client's
// options do. Checks do not wait that long, but the next attempt does.
const connectTimeout = time.Second

// Option configures a [Store].
type Option func(*settings)

type settings struct{ prefix string }

// WithPrefix sets the prefix of all keys. Programs that share a server but not
// customers, such as production and a test, need different prefixes, and none
// may be a prefix of another.
func WithPrefix(prefix string) Option {
	return func(s *settings) { s.prefix = prefix }
}

// Store is a [statecache.Store] on Redis or Valkey. It is safe for concurrent
// use. Several caches can use one.
//
// [statecache.Store]: https://pkg.go.dev/github.com/polarexpress/polar-go/customers/statecache#Store
type Store struct {
	client rueidis.Client
	// prefix begins all keys, states those of states.
	prefix, states string

	mu       sync.Mutex
	watchers []*func([]string)
}

// New connects to a server, a cluster or a sentinel, as the client's options
// say. The store sets ClientTrackingOptions, OnInvalidations, DisableCache and
// DisableRetry itself. New fails if it cannot connect. The store restores
// connections that it loses later.
func New(client rueidis.ClientOption, opts ...Option) (*Store, error) {
	set := settings{prefix: Prefix}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("redisstore: an option is nil")
		}
		opt(&set)
	}
	if set.prefix == "" {
		return nil, errors.New("redisstore: the prefix is empty; it must distinguish the store's keys from others")
	}
	s := &Store{prefix: set.prefix, states: set.prefix + "state:"}
	// BCAST reports all keys with the prefix, not only those that this connection
	// has read.
	client.ClientTrackingOptions = []string{"PREFIX", s.states, "BCAST"}
	client.OnInvalidations = s.invalidate
	client.DisableCache = false // tracking needs it
	if client.Dialer.Timeout == 0 {
		client.Dialer.Timeout = connectTimeout
	}
	// The cache has tight time limits and decides when to retry.
	client.DisableRetry = true
	var err error
	s.client, err = rueidis.NewClient(client)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the connections. The store must not be used afterwards.
func (s *Store) Close() { s.client.Close() }

// Get returns the value of key, or nil if there is none.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	// The state cache keeps what it reads, so that the client need not.
	value, err := s.client.Do(ctx, s.client.B().Get().Key(s.states+key).Build()).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, nil
	}
	return value, err
}

// swapScript compares and sets. An empty old value means that there is none: the
// state cache's values are never empty.
var swapScript = rueidis.NewLuaScript(`
local value = redis.call('GET', KEYS[1])
if (value or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// Swap sets the value of key to new if it is old, where nil means none, and
// reports whether it did. The server drops the value after ttl.
func (s *Store) Swap(ctx context.Context, key string, old, new []byte, ttl time.Duration) (bool, error) {
	n, err := swapScript.Exec(ctx, s.client, []string{s.states + key}, []string{rueidis.BinaryString(old), rueidis.BinaryString(new), millis(ttl)}).AsInt64()
	return n == 1, err
}

func millis(d time.Duration) string { return strconv.FormatInt(max(d.Milliseconds(), 1), 10) }

// Watch calls f with keys that may have changed, and with nil if every key may
// have changed, until the function that it returns is called. It reports this
// store's own changes too.
func (s *Store) Watch(f func(keys []string)) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &f
	s.watchers = append(s.watchers, w)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watchers = slices.DeleteFunc(s.watchers, func(other *func([]string)) bool { return other == w })
	}
}

// invalidate receives the server's notifications. nil means that the connection
// was lost, or that the server was flushed.
func (s *Store) invalidate(messages []rueidis.RedisMessage) {
	var keys []string
	if messages != nil {
		keys = make([]string, 0, len(messages))
	}
	for _, m := range messages {
		if key, err := m.ToString(); err == nil {
			if key, ours := strings.CutPrefix(key, s.states); ours {
				keys = append(keys, key)
			}
		}
	}
	s.mu.Lock()
	watchers := slices.Clone(s.watchers)
	s.mu.Unlock()
	for _, w := range watchers {
		(*w)(keys)
	}
}
