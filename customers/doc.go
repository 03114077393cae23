// Package customers wraps Polar's Customers API: customers, their state, payment
// methods and members, each by Polar's ID or by your own external ID.
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
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
//
// # Scopes
//
// Each method names the OAuth scopes that allow it; any one is enough. A scope to
// write customers also allows reading them. Members have scopes of their own.
//
// # Lists
//
// [Client.List] reads one page. [Client.All] iterates over all pages, and fetches
// them ahead with [polar.WithConcurrency]. [Client.Export] streams all customers
// as CSV, and [Client.ExportRows] decodes them. Every iterator yields a nil item
// with an error; only a [*RowError] lets the loop go on.
//
// # Stability
//
// The functions, methods and constants of this package follow semantic versioning,
// and so do the types that it names, together with their fields, although package
// gen declares them. Fields can be added when Polar's API gains them. What package
// gen exports beyond that, such as the raw client, follows Polar's contract.
//
// # Related packages
//
// [github.com/polarexpress/polar-go/polartest] is the service in memory, for tests
// without an account. [github.com/polarexpress/polar-go/webhook] verifies events.
// [github.com/polarexpress/polar-go/customers/statecache] reports from memory what
// a customer may use.
package customers
