// Package polartest is Polar's Customers API in memory, for testing code
// that uses the SDK without an account and without a network.
//
//	srv := polartest.NewServer(t)   // stops with the test
//	ada := srv.AddCustomer(polartest.Customer{ExternalID: "ada"})
//	srv.AddGrant(polartest.Grant{CustomerID: ada.ID})
//	client := srv.Client()              // a *customers.Client with all scopes
//
// It behaves as the service does, down to the texts of its errors, because it
// was compared with Polar's own server, exchange by exchange: TestTranscripts
// plays recordings of that server against this one. Programs that are not
// tests use [Start], and programs in other languages cmd/polar-sandbox.
//
// # What a test can set up
//
// Customers, members, payment methods, subscriptions, benefit grants, meters
// and organizations are added in a line each. Zero values are what the
// service itself would fill in. [Server.Token] makes tokens with chosen
// scopes, [Server.AddToken] users' tokens, expired ones and others.
//
// # What a test can make happen
//
// [Server.FailNext] scripts answers that are not the service's own: outages,
// limits, connections that are cut before, within or after the work.
// [Server.SetLatency], [Server.SetRateLimit] and [Server.SetReplicaLag] add
// what a real deployment has. [Server.Advance] moves the clock, which is the
// only source of the server's time; the time that answers wait is real, or
// that of testing/synctest with [WithoutSocket]. [WithStateCache] makes states
// stale, as they are on the service until its background jobs have run.
//
// # What a test can see
//
// [Server.Requests] lists what arrived, [Server.Customer], [Server.Customers]
// and [Server.Members] what is stored, deleted customers included.
// [Server.Expect] demands calls. At its end a test fails if an expectation is
// unmet, if nobody met a scripted failure, or if a request that succeeded, or
// any answer, broke the vendored contract; the message has the pointer into
// the schema. [WithoutContractCheck] is for tests that break it on purpose.
//
// # Where it differs
//
// Nothing changes by itself: benefits, subscriptions and meters are what the
// test added or changed. [Server.AddWebhook] tells of changes as the service's
// own events do. The service asks the name service about the domain of each
// e-mail address; here every domain takes mail but for those that
// [WithMailDomains] tells, example.com among them, which the service refuses.
// Tax numbers are held to the shape of each format and to the check digits of
// those in wide use. Text is sorted by its bytes, which depends on the
// database there.
//
// Some inputs make the service fail with a 500, and a client has to live with
// them, so they do the same here: NUL characters in a query or an external ID,
// NaN and infinities in metadata, pages beyond what a database can count, an
// e-mail address in use together with a new external ID in one update, a
// member's external ID that is in use, and one external ID in two
// organizations of a user's token.
package polartest
