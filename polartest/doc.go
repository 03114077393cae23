// Package polartest is Polar's service in memory, for testing code that uses the
// SDK without an account and without a network. It covers customers and members,
// and everything that leads to a purchase and follows from it: products,
// discounts, checkouts, orders, refunds, subscriptions, benefits, license keys,
// meters and events, and the customer portal.
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
// and organizations are added in one line each. Zero values become what the
// service would fill in. What the service would refuse fails the test: example.com
// and its kin, for instance, take no mail. [Server.Token] makes tokens with chosen
// scopes. [Server.AddToken] makes users' tokens, expired tokens and others.
//
// # Purchases
//
// [Server.AddProduct], [Server.AddBenefit], [Server.AddDiscount] and
// [Server.AddMeterDefinition] set up what is sold. The code under test creates a
// checkout, and the test pays it:
//
//	license := srv.AddBenefit(polartest.Benefit{Type: "license_keys"})
//	pro := srv.AddProduct(polartest.Product{RecurringInterval: "month", Benefits: []string{license.ID}})
//	checkout, err := checkouts.New(client).Create(ctx, checkouts.CreateParams{Products: []string{pro.ID}})
//	bought := srv.Pay(checkout.ID)
//
// [Server.Pay] finds or creates the customer, pays the order, begins the
// subscription, grants the benefits and makes license keys. The customer's state
// follows, and webhooks get the events in the service's order.
// [Server.FailPayment] declines instead. [Server.Refund] gives money back.
//
// [Server.Advance] moves the clock, and what is due on the way happens: trials
// end, subscriptions are renewed, canceled ones end, checkouts expire. This holds
// for subscriptions from AddSubscription too. With [Server.FailPayments], renewals
// fail, and subscriptions are past due.
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
// All times in responses come from the server's clock. Delays are real, or follow
// the clock of testing/synctest with [WithoutSocket].
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
// Other operations fail with 501 and are named in the error. FailNext and Outage can
// give them any response:
//
//	srv.FailNext(polartest.Failure{Operation: "files.List", Status: 200, Body: filesJSON})
//
// Jobs that the service leaves to the background run at once. Nothing is charged,
// and the tax is made up: a fifth of the net price, contained in the price except
// in the United States, Canada and India, and no tax without a country. What
// benefits do elsewhere does not happen: no one is invited to Discord, Slack or
// GitHub, and files cannot be downloaded. Invoices are not rendered. The service
// asks the name service about the domain of each email
// address; here [WithMailDomains] decides. Tax numbers are checked for the shape
// of each format, and for the check digits of the common ones. Text sorts by its
// bytes; on the service that depends on the database.
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
