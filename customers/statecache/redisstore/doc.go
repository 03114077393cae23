// Package redisstore lets the instances of a program share customers' states
// through Redis or Valkey, and learn of each other's changes.
//
//	store, err := redisstore.New(rueidis.ClientOption{InitAddress: []string{"redis:6379"}})
//	if err != nil {
//		return err
//	}
//	defer store.Close()
//	cache, err := statecache.New(client, statecache.WithStore(store))
//
// The server itself tells every instance which keys have changed: they use
// its client-side caching in broadcasting mode, which costs it no memory per
// key and needs no channel to subscribe to. It takes Redis 6 or later, or any
// Valkey, without a proxy that keeps RESP3 from clients.
//
// A [Deduplicator] does the same for what [webhook.Handler] has handled.
//
// The package is a module of its own, so that programs that do without a
// store download nothing for it.
//
// Values are JSON and hold customers' personal data, for as long as an answer
// may be used. Give the server the protection that you give a database.
package redisstore
