// Package polartest is Polar's service in memory, for testing code that uses the
// SDK without an account and without a network. It covers customers and members,
// and the whole purchase: products, benefits and discounts, checkouts, subscriptions,
// orders and refunds, license keys, usage, the customer portal and webhooks.
//
//	srv := polartest.NewServer(t) // stops with the test
//	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
//	srv.AddGrant(polartest.Grant{CustomerID: ada.ID})
//	client := customers.New(srv.Client()) // with a token that has all scopes
//
// It behaves as the service does, including the texts of errors: TestTranscripts plays
// recordings of Polar's own server against it and compares each response. Programs that
// are not tests use [Start]. Programs in other languages use cmd/polar-sandbox.
//
// # Setting up
//
// A method adds each kind of object in one line: customers, members, payment methods,
// subscriptions, benefit grants, meters, organizations, products, benefits and
// discounts. [Server.Seed] adds a whole catalogue. Zero values become the service's
// defaults. An object that the service would refuse fails the test; for instance,
// example.com accepts no mail. [Server.Token] adds tokens with chosen scopes.
// [Server.AddToken] adds users' tokens, expired tokens and others.
//
// # Buying
//
// The code under test creates a checkout. [Server.Pay] completes it as if the customer
// had paid:
//
//	license := srv.AddBenefit(polartest.Benefit{Type: "license_keys"})
//	pro := srv.AddProduct(polartest.Product{RecurringInterval: "month", PriceAmount: 1900, Benefits: []string{license.ID}})
//	checkout, err := checkouts.New(srv.Client()).Create(ctx, checkouts.CreateParams{Products: []string{pro.ID}})
//	bought := srv.Pay(checkout.ID) // or checkout.URL: an order, a subscription, a license key
//
// The customer's state changes, and webhooks get the events in the service's order.
// [Server.FailPayment] makes a payment fail, and [Server.FailPayments] makes the
// payments of renewals fail. [Server.Refund] refunds an order.
//
// # Failures
//
// [Server.FailNext] scripts failures for the next requests: error responses, and
// connections that are cut before, within or after the work. [Server.Outage] makes
// requests fail until it is stopped. [Server.SetLatency], [Server.SetRateLimit] and
// [Server.SetReplicaLag] add the delays and limits of a real deployment.
// [WithStateCache] makes states stale until the background jobs run, as on the service.
//
// [Server.Advance] moves the clock of all times in responses and events, and renews and
// ends subscriptions on the way. Signatures of webhooks use the receiver's time. Delays
// are real, or follow the clock of testing/synctest with [WithoutSocket].
//
// # In a browser
//
// The URL of a checkout opens a page with buttons to pay or to decline. The URL of a
// portal session opens the customer's subscriptions, orders and license keys. The root
// of the server is a dashboard: it lists products, customers, events and deliveries,
// and moves the clock. Without [WithPublicPages], only this machine can open the pages.
// They do not count as requests. [Server.Seed] fills the server from a hand-written
// file.
//
// # Looking back
//
// [Server.Requests] returns the latest requests. [Server.Customers] and
// [Server.Members] return the stored rows, and [Server.Customer] also finds deleted
// customers. [Server.Expect] requires calls. A test fails at its end if an expectation
// is unmet, if no request met a scripted failure, or if a response, or a request that
// succeeded, does not match the contract; the message has the path into the schema.
// [WithoutContractCheck] is for tests that deliberately violate the contract.
//
// Methods accept the ID of an operation, "customers:create", or its Go name,
// "customers.Create". An unknown name fails the test immediately.
//
// # Differences from the service
//
// Operations that the server does not implement, such as those on files, disputes and
// custom fields, fail with 501. FailNext and Outage can script any response:
//
//	srv.FailNext(polartest.Failure{Operation: "files.Create", Status: 201, Body: fileJSON})
//
// No money moves. The tax is a fifth of the net price. The price includes it, except in
// the United States, Canada and India; a checkout without a country has no tax.
// Subscriptions are renewed and trials end only with Advance, even if time passes
// without it. Background jobs run immediately. Benefits have no effect elsewhere: no
// one is invited to Discord, Slack or GitHub. [Server.AddWebhook] reports all changes
// in the service's own events.
//
// The service looks up the domain of each email address in DNS; here [WithMailDomains]
// decides. The check of a tax number covers the shape of its format and, for common
// formats, the check digits. Text sorts by its bytes; on the service the order depends
// on the database.
//
// The service does not order rows of equal rank. In a list sorted by name alone,
// customers with the same name, or with none, have a different order on each page. A
// program that reads such a list page by page sees some customers twice and others
// never, as on the service. Sort by created_at as well.
//
// Some input makes the server fail with 500, as it does on the service: NUL in a query,
// an external ID or a billing address, NaN and infinities in metadata, lone surrogates
// in texts, page numbers that overflow the database's offset, an email address that is
// taken together with a new external ID in one update, a member's external ID that is
// taken, and one external ID in two organizations of a user's token.
package polartest
