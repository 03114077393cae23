// Package webhook receives the service's events about customers and members,
// and proves that they come from the service.
//
// [Handler] is all that most programs need:
//
//	events, err := webhook.Handler(secret, func(ctx context.Context, event webhook.Event) error {
//		switch event.Type {
//		case webhook.CustomerStateChanged:
//			return grantAccess(ctx, event.State)
//		case webhook.CustomerDeleted:
//			return removeAccess(ctx, event.Customer)
//		}
//		return nil
//	})
//	if err != nil {
//		return err
//	}
//	http.Handle("POST /webhooks/polar", events)
//
// Where requests do not come through net/http, give [Parse] the body exactly
// as it arrived, and its headers.
//
// # What the service promises
//
// An event can come more than once: the service repeats it, up to ten times
// within an hour, until it is answered with a 2xx within ten seconds, and
// sellers can send it again by hand. Every repetition has the same ID. Events
// can come in any order: a member's creation usually precedes that of its
// customer, and what failed once is overtaken. So compare [Event.Timestamp]
// before an event overwrites what a later one has said. Package statecache does.
//
// An event tells what was true when it was written down, some seconds after
// the change: a customer.created can show later edits already.
//
// # Secrets
//
// The service signs with all bytes of the secret, "whsec_" included. Senders
// that follow the Standard Webhooks specification to the letter sign with what
// follows that prefix, decoded as base64. Signatures made either way are
// accepted. While a secret is being replaced, accept both with [WithSecrets].
package webhook
