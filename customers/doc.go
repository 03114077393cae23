// Package customers calls Polar's Customers API: customers, their state, payment
// methods and members, each by Polar's ID or by the seller's own.
//
//	client, err := customers.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	customer, err := client.GetByExternalID(ctx, "user_42")
//	if errors.Is(err, customers.ErrNotFound) {
//		// ...
//	}
//
// # Tokens, scopes and environments
//
// Every operation needs a token with one of the scopes that its documentation
// names; any one is enough, and a scope to write lets read as well. The scopes
// for members are others than those for customers. [Operations] lists them all.
// An error for a missing scope names the scopes that would do.
//
// Production and sandbox know nothing of each other: a token of one is
// unauthorized at the other. [New] talks to production; see [WithSandbox].
//
// # Errors
//
// Every error is an [*Error] that matches a sentinel with [errors.Is]:
//
//   - [ErrInvalidArgument]: nothing was sent; mend the call
//   - [ErrNotFound]: the token sees no such customer or member
//   - [ErrDuplicate]: the e-mail address or the external ID is taken
//   - [ErrValidation]: the service refused the input; see [Error.Fields]
//   - [ErrUnauthorized]: the token is not accepted; the environment may be wrong
//   - [ErrInsufficientScope]: the token lacks a scope; see [Error.RequiredScopes]
//   - [ErrNotPermitted]: the user's role or the organization's settings forbid it
//   - [ErrConflict]: the external ID is used in several organizations
//   - [ErrRateLimited]: too many requests; see [Error.RetryAfter]
//   - [ErrServer]: the service failed
//   - [ErrUnexpectedResponse]: what answered is not Polar's API
//   - [ErrOutcomeUnknown]: a change was sent and its answer lost
//
// A context that ends gives its own error too, together with the service's last
// answer if there was one. The text of an error is one line without personal
// data or secrets, fit for a log; what the service said is in the fields.
//
// # Null, absent and zero
//
// In answers, a pointer is nil where the service has no value; [Value] reads it. To create
// something, a zero value is left out. To update something, a [Field] is absent,
// null or a value: leave it zero to keep what the service has, [Null] to clear
// it, [Set] to change it. Metadata is replaced as a whole: nil keeps it, an empty
// map clears it.
//
// # Lists
//
// [Client.List] reads one page; [Client.All] iterates over all of them, lazily.
// It can be ranged over again, and fetches pages ahead if asked to by
// [WithConcurrency]. [Client.Export] streams all customers as CSV, and
// [Client.ExportRows] decodes them, in the memory of one.
//
// # Retries and limits
//
// Failures that a repeat can mend are repeated where that does no harm, within a
// second or two: see [RetryPolicy], and [BatchRetry] for jobs. [Client.Create]
// ends with one customer whatever the network does, and [Client.Ensure] gets the
// customer who exists. A 429 pauses the whole client. [WithRateLimit] keeps below
// the service's limits to begin with.
//
// # Below and beside
//
// [Client.Raw] is the generated client, through the same pipeline. Beside this
// package, [github.com/polarexpress/polar-go/customers/customerstest] holds the
// service in memory, for tests without an account;
// [github.com/polarexpress/polar-go/customers/webhook] verifies the service's
// events; [github.com/polarexpress/polar-go/customers/statecache] answers what a
// customer may use from memory.
package customers
