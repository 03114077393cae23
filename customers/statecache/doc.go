// Package statecache reports from memory what a customer may use.
//
// A customer's state lists what the customer may use. Asking the service for it on
// every request of a shop takes a round trip each time, and soon reaches the rate
// limit. A [Cache] asks once per customer, and webhook events keep the state
// current:
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	cache, err := statecache.New(customers.New(client))
//	if err != nil {
//		return err
//	}
//	events, err := webhook.Handler(os.Getenv("POLAR_WEBHOOK_SECRET"), cache.Apply)
//	if err != nil {
//		return err
//	}
//	http.Handle("POST /webhooks/polar", events)
//
//	answer, err := cache.GetByExternalID(ctx, userID) // your own ID of the customer
//	switch {
//	case errors.Is(err, polar.ErrNotFound):
//		// not a customer, or deleted
//	case err != nil:
//		// the service cannot be asked, and nothing is in memory
//	case answer.State.HasProduct(proPlan):
//		// allowed
//	}
//
// # How current a state is
//
// Checks see an event as soon as [Cache.Apply] has returned. Without events, the
// cache asks the service again when a state's time to live ends ([WithTTL]), and
// for customers who are checked often somewhat earlier, in the background. With
// events, a long time to live is safe. Without events, a change can go unnoticed
// for that long.
//
// Events can arrive late, twice and in any order. The cache orders them by their
// timestamps and ignores those that are older than what it knows. So Apply needs
// no deduplicator. Responses of the service have no timestamp, and can lag behind
// its events; [WithClockMargin] describes how the cache orders the two.
//
// # When the service fails
//
// A state whose time to live has ended is kept for longer ([WithMaxStale]). While
// the service cannot be asked, checks get it at once, with [Answer.Stale] set.
// The cache then tries again with growing pauses, one check at a time.
//
// These pauses affect all customers only if the service as a whole fails: if
// there are no connections, timeouts, gateway errors or refused tokens for two
// customers in a row, or if it limits requests. A failure that concerns one
// customer has pauses of its own.
//
// # More than one instance
//
// The service delivers an event to one instance of a program. With a [Store],
// such as the one of the redisstore module, instances share what they know and
// learn of each other's changes. Checks wait for a slow store only for a limited
// time ([WithStoreTimeout]), and work without one that is down: then instances
// learn of each other's events when the time to live ends, or when the store is
// back. Apply reports that it could not write to the store, so that the service
// delivers the event again.
package statecache
