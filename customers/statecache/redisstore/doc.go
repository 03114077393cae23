// Package redisstore shares customers' states between the instances of a program
// through Redis or Valkey. Each instance learns of the others' changes within
// milliseconds.
//
//	store, err := redisstore.New(rueidis.ClientOption{InitAddress: []string{"redis:6379"}})
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	cache, err := statecache.New(client, statecache.WithStore(store))
//
// The server notifies every instance of changed keys through client-side caching
// in broadcasting mode, which needs no channel and no memory per key. The store
// needs Redis 6 or later, or Valkey, and connections without a proxy that does
// not support RESP3.
//
// A [Deduplicator] lets instances share which webhook events they have handled.
//
// # When Redis is not available
//
// Checks wait for Redis at most 50 milliseconds, and then do without it for a
// second at a time. They use memory and the service. Instances do not see each
// other's changes meanwhile, and compare what they have with the store when the
// connection is back. [statecache.Cache.Apply] updates its own instance and
// returns an error, so that the service delivers the event again. See
// [Deduplicator] for webhooks.
//
// # Data protection
//
// Values are JSON with customers' personal data. They expire when they can no
// longer be used: after the time to live plus the maximum staleness. Protect the
// server as you protect a database.
//
// # Module
//
// The package is a module of its own, so that programs without a store do not
// depend on a Redis client.
//
// [statecache.Cache.Apply]: https://pkg.go.dev/github.com/polarexpress/polar-go/customers/statecache#Cache.Apply
package redisstore
