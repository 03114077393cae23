// Package statecache answers "may this customer do this now?" from memory.
//
// The service's answer is the customer's state. Asking for it at every request
// of a shop would take a round trip each time, and soon meet the service's
// limit on requests. A [Cache] asks once per customer and then keeps the answer
// current by the service's events:
//
//	cache, err := statecache.New(client)
//	if err != nil {
//		return err
//	}
//	events, err := webhook.Handler(secret, cache.Apply)
//	if err != nil {
//		return err
//	}
//	http.Handle("POST /webhooks/polar", events)
//
//	answer, err := cache.Get(ctx, userID) // the customer's external ID
//	switch {
//	case errors.Is(err, polar.ErrNotFound):
//		// never a customer, or deleted
//	case err != nil:
//		// the service cannot be asked, and nothing is in memory
//	case answer.State.HasProduct(proPlan):
//		// go ahead
//	}
//
// # How current an answer is
//
// An event that [Cache.Apply] has been given is visible at once. Without
// events, an answer is renewed when its time to live ends, and for customers
// who are asked about often, somewhat before that, in the background. So with
// events a long time to live costs nothing; without, it is how long a change
// can go unnoticed.
//
// Events come late, twice and out of order. Each says when the service wrote
// it down, and one that is older than what is known is dropped. The age of an
// answer that was asked for is known only by this machine's clock, and the
// service may lag behind its own events; so an event that is older by less
// than a margin ([WithClockMargin]) makes the next check ask again.
//
// # When the service is down
//
// An answer whose time to live has ended is kept for longer ([WithMaxStale]).
// While the service cannot be asked, or limits requests, it is given out,
// without waiting, and [Answer.Stale] says so. The service is then asked
// again by one check at a time, with growing pauses.
//
// # More than one instance
//
// An event reaches one instance of a program. With a [Store], such as that of
// the redisstore module, instances share what they know, and forget what
// another has learned better. A store that is slow or gone never holds a check
// up for longer than its limit ([WithStoreTimeout]).
package statecache
