// Package polar is the client of Polar's API. Every request of this module goes
// through it: it authenticates, retries, limits and logs requests, and turns
// failures into errors.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	customer, err := customers.New(client).GetByExternalID(ctx, "user_42")
//	if errors.Is(err, polar.ErrNotFound) {
//		// ...
//	}
//
// The package knows operations only as data: [Operations] is a table that is
// generated from Polar's OpenAPI document. Packages such as
// [github.com/polarexpress/polar-go/customers] wrap operations in methods.
//
// # Tokens, scopes and environments
//
// Every operation needs a token with one of the scopes that its documentation
// names; any one is enough. Production and sandbox are separate: a token of one
// is unauthorized in the other. [New] talks to production; see [WithSandbox].
//
// # Errors
//
// Every error of a call is an [*Error]. With [errors.Is] it matches one or more of
// these, except for a failed connection, whose text says why it failed:
//
//   - [ErrInvalidArgument]: nothing was sent; fix the argument that the message names
//   - [ErrNotFound]: the object does not exist, or is not visible to this token
//   - [ErrDuplicate]: the email address or the external ID is taken
//   - [ErrValidation]: the service refused the input; see [Error.Fields]
//   - [ErrUnauthorized]: the token is not accepted; the environment may be wrong
//   - [ErrInsufficientScope]: the token lacks a scope; see [Error.RequiredScopes]
//   - [ErrNotPermitted]: the user's role, a setting or the object's state forbids it
//   - [ErrConflict]: the request conflicts with the present state
//   - [ErrPaymentFailed]: the customer's payment did not succeed
//   - [ErrRateLimited]: too many requests; see [Error.RetryAfter]
//   - [ErrServer]: the service failed
//   - [ErrUnexpectedResponse]: the response is not one of Polar's API
//   - [ErrOutcomeUnknown]: a change was sent and its response lost
//
// If a context ends, the error matches the context's error too, and keeps the
// service's last response if there was one. The text of an error is one line
// without personal data or secrets, fit for a log; the fields hold what the
// service said.
//
// # Null, absent and zero
//
// In responses, a pointer is nil where the service has no value; [Value] reads it.
// In a request that creates something, a zero value is left out. In a request that
// updates something, a [Field] is absent, null or a value: leave it zero to keep
// what the service has, use [Null] to clear it and [Set] to change it.
//
// # Retries and limits
//
// Transient failures are retried where that does no harm, within a second or two:
// see [RetryPolicy], and [BatchRetry] for jobs. A 429 pauses the whole client.
// [WithRateLimit] keeps the client below the service's limits.
package polar
