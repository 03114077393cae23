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

// Prefix is what every key begins with, unless [WithPrefix] changes it.
const Prefix = "polar:"

// connectTimeout is how long a connection may take, unless the options say.
// Checks wait less: it bounds how soon the next try begins.
const connectTimeout = time.Second

// Option changes a [Store].
type Option func(*settings)

type settings struct{ prefix string }

// WithPrefix begins keys with prefix instead of [Prefix]. Programs that share a
// server but not their customers, such as production and a test, need
// prefixes of which none begins another.
func WithPrefix(prefix string) Option {
	return func(s *settings) { s.prefix = prefix }
}

// Store is a [statecache.Store] on Redis or Valkey. It is safe for concurrent
// use, and several caches may use one.
//
// [statecache.Store]: https://pkg.go.dev/github.com/polarexpress/polar-go/customers/statecache#Store
type Store struct {
	client rueidis.Client
	// prefix is that of all keys, states that of the keys of states.
	prefix, states string

	mu       sync.Mutex
	watchers []*func([]string)
}

// New connects to a server, cluster or sentinel. How is for options to say;
// ClientTrackingOptions and OnInvalidations are the store's own. It fails if
// the server cannot be reached now. Later, connections that are lost are made
// anew.
func New(client rueidis.ClientOption, opts ...Option) (*Store, error) {
	set := settings{prefix: Prefix}
	for _, opt := range opts {
		opt(&set)
	}
	if set.prefix == "" {
		return nil, errors.New("redisstore: the prefix is empty; every key of the server would be taken for ours")
	}
	s := &Store{prefix: set.prefix, states: set.prefix + "state:"}
	// BCAST tells of keys that this connection has not read, such as those that
	// the cache has learned from the service.
	client.ClientTrackingOptions = []string{"PREFIX", s.states, "BCAST"}
	client.OnInvalidations = s.changed
	client.DisableCache = false // or the server is not asked to tell
	if client.Dialer.Timeout == 0 {
		client.Dialer.Timeout = connectTimeout
	}
	// Repeating is for the cache to decide, whose limits are tight.
	client.DisableRetry = true
	var err error
	s.client, err = rueidis.NewClient(client)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the connections. The store cannot be used after it.
func (s *Store) Close() { s.client.Close() }

// Get returns the value of key, or nil if there is none.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	// The cache keeps what it reads itself, so that the client need not.
	value, err := s.client.Do(ctx, s.client.B().Get().Key(s.states+key).Build()).AsBytes()
	if rueidis.IsRedisNil(err) {
		return nil, nil
	}
	return value, err
}

// swap compares and sets. An empty old value stands for none: ours never are.
var swap = rueidis.NewLuaScript(`
local have = redis.call('GET', KEYS[1])
if (have or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

// Swap gives key the value new if it has the value old, where nil means none,
// and reports whether it had. The server drops the value after ttl.
func (s *Store) Swap(ctx context.Context, key string, old, new []byte, ttl time.Duration) (bool, error) {
	n, err := swap.Exec(ctx, s.client, []string{s.states + key}, []string{rueidis.BinaryString(old), rueidis.BinaryString(new), millis(ttl)}).AsInt64()
	return n == 1, err
}

func millis(d time.Duration) string { return strconv.FormatInt(max(d.Milliseconds(), 1), 10) }

// Watch calls f with keys that have changed, and with nil if any may have,
// until the function that it returns is called. Changes by this store are
// among them.
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

// changed hears from the server. No messages mean that the connection was lost,
// or that the server has been emptied.
func (s *Store) changed(messages []rueidis.RedisMessage) {
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
