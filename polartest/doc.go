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
// It behaves as the service does, down to the texts of its errors:
// TestTranscripts plays recordings of Polar's own server against it and
// compares each response. Programs that are not tests use [Start]. Programs in
// other languages use cmd/polar-sandbox.
//
// # Setting up
//
// Customers, members, payment methods, subscriptions, benefit grants, meters
// and organizations are added in one line each. So are products, benefits and
// discounts; [Server.Seed] adds a whole catalogue. Zero values become what the
// service would fill in. What the service would refuse fails the test: example.com
// and its kin, for instance, take no mail. [Server.Token] makes tokens with chosen
// scopes. [Server.AddToken] makes users' tokens, expired tokens and others.
//
// # Buying
//
// The code under test creates a checkout. [Server.Pay] does what happens when the
// customer pays:
//
//	license := srv.AddBenefit(polartest.Benefit{Type: "license_keys"})
//	pro := srv.AddProduct(polartest.Product{RecurringInterval: "month", PriceAmount: 1900, Benefits: []string{license.ID}})
//	checkout, err := checkouts.New(srv.Client()).Create(ctx, checkouts.CreateParams{Products: []string{pro.ID}})
//	bought := srv.Pay(checkout.ID) // or checkout.URL: an order, a subscription, a license key
//
// The customer's state follows, and webhooks get the events in the service's order.
// [Server.FailPayment] lets a payment fail, [Server.FailPayments] those of renewals.
// [Server.Refund] gives money back.
//
// # Failures
//
// [Server.FailNext] scripts failures for the next requests: error responses, and
// connections that are cut before, within or after the work. [Server.Outage]
// makes requests fail until it is stopped. [Server.SetLatency],
// [Server.SetRateLimit] and [Server.SetReplicaLag] add what a real deployment
// has. [WithStateCache] makes states stale, as they are until the service's
// background jobs have run.
//
// [Server.Advance] moves the clock that all times in responses and events come from,
// and renews and ends subscriptions on the way. Signatures of webhooks keep the
// receiver's time. Delays are real, or follow the clock of testing/synctest with
// [WithoutSocket].
//
// # In a browser
//
// The URL of a checkout leads to a page on which one can pay or decline, and that of a
// portal session to the customer's subscriptions, orders and license keys. The root of
// the server is a dashboard: it lists products, customers, events and deliveries, and
// moves the clock. The pages are served to this machine alone, unless
// [WithPublicPages] is given, and do not count as requests. [Server.Seed] fills the
// server from a file that is written by hand.
//
// # Looking back
//
// [Server.Requests] returns the latest requests. [Server.Customer],
// [Server.Customers] and [Server.Members] return what is stored, deleted
// customers included. [Server.Expect] demands calls. A test fails at its end if
// an expectation is unmet, if no request met a scripted failure, or if a request
// that succeeded, or any response, does not match the contract; the message has
// the path into the schema. [WithoutContractCheck] is for tests that break the
// contract on purpose.
//
// Operations are named by their ID, "customers:create", or as in Go,
// "customers.Create". An unknown name fails the test at once.
//
// # Differences from the service
//
// Operations that the server does not implement, such as those on files, disputes
// and custom fields, fail with 501. FailNext and Outage can give them any response:
//
//	srv.FailNext(polartest.Failure{Operation: "files.Create", Status: 201, Body: fileJSON})
//
// No money moves. The tax is a fifth of the net price. The price contains it, except
// in the United States, Canada and India; a checkout without a country has none.
// Subscriptions are renewed and trials end only with Advance, even if time passes
// without it. The service's background jobs run at once. Benefits have no effect
// elsewhere: no one is invited to Discord, Slack or GitHub. [Server.AddWebhook]
// reports all changes in the service's own events.
//
// The service asks the name service about the domain of each email address; here
// [WithMailDomains] decides. Tax numbers are checked for the shape of each format,
// and for the check digits of the common ones. Text sorts by its bytes; on the
// service that depends on the database.
//
// The service does not order rows of equal rank. So a list that is sorted by
// name alone has customers with the same name, or none, in another order on each
// page. A program that reads such a list page by page meets some customers twice
// and others never, here as on the service. Sort by created_at as well.
//
// Some input makes the service fail with 500, and so it does here: NUL in a
// query, an external ID or a billing address, NaN and infinities in metadata,
// lone surrogates in texts, pages beyond what a database can count, an email
// address that is taken together with a new external ID in one update, a member's
// external ID that is taken, and one external ID in two organizations of a user's
// token.
package polartest
