package polartest

import "github.com/polarexpress/polar-go/polartest/internal/imitation"

// The data that a server stores, sends and records.
type (
	// Address is a billing address. Only Country is required.
	//
	// Fields:
	//
	//   - Line1 (string) is the street and number.
	//   - Line2 (string) is the flat, floor or building.
	//   - PostalCode (string) is the postal code.
	//   - City (string) is the city.
	//   - State (string) is the state or province, "US-NY" for one of the United States.
	//   - Country (string) is the ISO 3166-1 alpha-2 code.
	Address = imitation.Address
	// Benefit is a benefit that buyers of a product are granted. Its zero value is
	// a custom benefit.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - Type (string) is "custom" (the default), "license_keys", "meter_credit", "feature_flag" or
	//     another of the service's types.
	//   - Description (string) defaults to "Benefit".
	//   - Properties (map[string]any) are the properties of the type, as in the body of
	//     benefits:create.
	//   - Metadata (map[string]any) is the seller's own data, which states show with a grant.
	Benefit = imitation.Benefit
	// Card holds the details of a card.
	//
	// Fields:
	//
	//   - Brand (string) is the card's brand, such as "visa".
	//   - Last4 (string) is the last four digits of its number.
	//   - ExpMonth (int) is the month in which it expires, 1 to 12.
	//   - ExpYear (int) is the year in which it expires.
	//   - Wallet (string) is null when it is empty.
	Card = imitation.Card
	// Customer is a stored customer. Empty strings and nil pointers are nulls.
	// AddCustomer fills in the defaults of a new customer.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - Type (string) is "individual" (the default) or "team".
	//   - Email (string) defaults to a generated address for an individual.
	//   - EmailVerified (bool) is set if the customer has confirmed the address.
	//   - Name (string) is null when it is empty.
	//   - BillingName (string) defaults to Name in responses.
	//   - ExternalID (string) is the seller's own ID, null when it is empty.
	//   - BillingAddress (*Address) is null when it is nil.
	//   - TaxID (*TaxID) is null when it is nil.
	//   - Locale (string) is a BCP 47 tag.
	//   - Metadata (map[string]any) holds strings, bools, ints and floats.
	//   - DefaultPaymentMethodID (string) is null when it is empty; AddPaymentMethod can set it.
	//   - FirstUserEventAt (time.Time) is null when it is zero.
	//   - AvatarURL (string) defaults to the address that the service derives from the email address.
	//   - DeletedAt (time.Time) is set once the customer has been deleted. AddCustomer ignores it.
	//   - WithoutOwner (bool) leaves out the owner member that a customer gets in an organization with
	//     the member model.
	Customer = imitation.Customer
	// Cut is the point at which a scripted failure cuts the connection.
	Cut = imitation.Cut
	// Delivery is one attempt to deliver an event. Its method OK() bool reports
	// whether the endpoint acknowledged the event.
	//
	// Fields:
	//
	//   - EventID (string) is the same in all attempts.
	//   - Type (string) is the type of the event, such as "customer.created".
	//   - Attempt (int) counts from 1. It is 0 for a manual redelivery.
	//   - Status (int) is the response's status, 0 without a response.
	//   - Err (error) is the reason if there was no response.
	//   - Header (http.Header) has the request's headers, including the signature.
	//   - Body ([]byte) is the request's body.
	//   - Time (time.Time) is when the attempt began, by the server's clock.
	Delivery = imitation.Delivery
	// Discount reduces a price. Its zero value is ten percent once.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - Name (string) defaults to "Discount".
	//   - Code (string) is what customers enter; null when it is empty.
	//   - BasisPoints (int) are hundredths of a percent. The default is 1000 if Amount is zero.
	//   - Amount (int) is in US cents.
	//   - Duration (string) is "once" (the default), "forever" or "repeating".
	//   - DurationInMonths (int) is the duration of a repeating discount.
	Discount = imitation.Discount
	// Event is a change on a server, for which webhooks are sent.
	//
	// Fields:
	//
	//   - Time (time.Time) is when it happened, by the server's clock.
	//   - Type (string) is the type of the event, such as "order.paid".
	//   - ObjectID (string) is the ID of the object that changed: for "order.paid", the order's ID.
	Event = imitation.Event
	// Failure is a response that replaces the service's own. Its zero value makes
	// the next request of any operation fail with 500.
	//
	// Fields:
	//
	//   - Operation (string) is the operation that fails, by its ID, "customers:create", or its Go
	//     name, "customers.Create". The default is any operation.
	//   - Times (int) is the number of requests that fail. The default is 1.
	//   - Status (int) is the response's status. The default is 500.
	//   - Header (http.Header) has headers to add to those that the service sends.
	//   - Body (string) is the response's body. By default a 429 has none, a 500 has the service's, and
	//     others have the page of a proxy in front of the service.
	//   - RetryAfter (time.Duration) is sent in whole seconds if it is positive.
	//   - Applied (bool) carries out the request before it fails, which the client cannot know.
	//   - Cut (Cut) closes the connection. A body that is cut is the service's own, unless Status is
	//     set.
	//   - Delay (time.Duration) is the time before the response.
	Failure = imitation.Failure
	// Grant is a benefit granted to a customer. Its zero value is a "custom"
	// benefit granted now.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - BenefitID (string) is the benefit's ID. The default is a random one.
	//   - CustomerID (string) is required.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - GrantedAt (time.Time) defaults to CreatedAt.
	//   - Pending (bool) leaves GrantedAt null. Such a grant is not part of the state.
	//   - Type (string) is "custom" (the default), "feature_flag", "discord", "github_repository",
	//     "downloadables", "license_keys", "meter_credit" or "slack_shared_channel".
	//   - Metadata (map[string]any) is the benefit's metadata.
	//   - Properties (map[string]any) are the properties of the type. Responses leave out others, as on
	//     the service.
	Grant = imitation.Grant
	// KrCard holds the details of a Korean card. Empty strings are nulls.
	//
	// Fields:
	//
	//   - Brand (string) is the card's brand.
	//   - Last4 (string) is the last four digits of its number.
	KrCard = imitation.KrCard
	// MailStatus is the result of a lookup of the mail settings of a domain.
	MailStatus = imitation.MailStatus
	// Member is a person who belongs to a customer.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - CustomerID (string) is required.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - Email (string) defaults to a generated address.
	//   - Name (string) is null when it is empty.
	//   - ExternalID (string) is the seller's own ID of the member, null when it is empty.
	//   - Role (string) is "owner", "billing_manager" or "member" (the default).
	Member = imitation.Member
	// Meter is a customer's usage of a meter.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - MeterID (string) is the meter's ID. The default is a random one.
	//   - CustomerID (string) is required.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - ConsumedUnits (float64) is the number of units used.
	//   - CreditedUnits (int) is the number of units credited.
	//   - Balance (float64) is the balance in responses. It is not computed from the units.
	Meter = imitation.Meter
	// MeterDefinition is a meter that counts events. Its zero value counts all.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - Name (string) defaults to "Meter".
	//   - Event (string) is the name of the events that count. The default is all events.
	//   - Aggregation (string) is "count" (the default), "sum", "max", "min", "avg" or "unique".
	//   - Property (string) is the metadata key that is aggregated. "count" needs none.
	MeterDefinition = imitation.MeterDefinition
	// Organization is a seller on the service. Its zero value is an organization in
	// good standing, with the member model, as the service creates it today.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - Name (string) is the name that customers see. The default is "Organization".
	//   - Slug (string) is its name in URLs. The default is derived from the ID.
	//   - AvatarURL (string) is null when it is empty.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - WithoutMembers (bool) turns the member model off: no owner member is created with a customer,
	//     and member operations fail with 403.
	//   - Blocked (bool) makes the organization's tokens unusable (401).
	Organization = imitation.Organization
	// PaymentMethod is a stored payment method.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - CustomerID (string) is required.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - Type (string) is "card" (the default), "kr_card", or any other, such as "sepa_debit".
	//   - Card (*Card) holds the details of a card. Without them, responses have no method_metadata, as
	//     on the service.
	//   - KrCard (*KrCard) holds the details of a kr_card.
	//   - Default (bool) makes it the customer's default payment method.
	PaymentMethod = imitation.PaymentMethod
	// Product is a product to sell. Its zero value is a one-time product for ten
	// dollars.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - Name (string) defaults to "Product".
	//   - Description (string) is null when it is empty.
	//   - RecurringInterval (string) is "day", "week", "month" or "year" for a subscription, and empty
	//     for a one-time product.
	//   - RecurringIntervalCount (int) defaults to 1.
	//   - TrialInterval (string) is the unit of the trial that a subscription begins with. The default
	//     is no trial.
	//   - TrialIntervalCount (int) is the length of the trial in these units.
	//   - PriceAmount (int) is the price in US cents. The default is 1000. Prices replace it.
	//   - Free (bool) makes the price 0. Prices replace it.
	//   - Prices ([]map[string]any) are prices as in the body of products:create, for other currencies
	//     and other kinds of prices.
	//   - PriceIDs ([]string) are the IDs of the prices. AddProduct fills them in.
	//   - Benefits ([]string) are the IDs of the benefits that buyers are granted.
	//   - Metadata (map[string]any) is the seller's own data.
	Product = imitation.Product
	// Purchase is the result of a paid checkout.
	//
	// Fields:
	//
	//   - CheckoutID (string) is the ID of the checkout.
	//   - CustomerID (string) is the ID of the customer, who existed before or was created.
	//   - OrderID (string) is the ID of the order. It is empty if the subscription begins with a trial,
	//     because nothing is charged yet.
	//   - SubscriptionID (string) is the ID of the subscription. It is empty for a one-time product.
	//   - GrantIDs ([]string) are the IDs of the grants of the product's benefits.
	//   - LicenseKeys ([]string) are the keys among these grants.
	Purchase = imitation.Purchase
	// RateLimit is a number of requests in each window of time.
	//
	// Fields:
	//
	//   - Requests (int) is the number of requests in a window.
	//   - Window (time.Duration) is the length of a window, which starts with its first request.
	RateLimit = imitation.RateLimit
	// Request is one request that reached the server.
	//
	// Fields:
	//
	//   - Operation (string) is the contract's operation ID, such as "customers:get". It is empty when
	//     the request reached no operation.
	//   - Method (string) is the HTTP method.
	//   - Path (string) is the request target as sent, with its query.
	//   - Header (http.Header) has the request's headers, including the token.
	//   - Body ([]byte) is the request's body.
	//   - Status (int) is the response's status, or zero if the connection was cut.
	//   - Time (time.Time) is when the request arrived, by the server's clock.
	Request = imitation.Request
	// Subscription is a customer's subscription. Its zero value is an active monthly
	// subscription that starts now.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - ProductID (string) is the product's ID. The default is a random one.
	//   - PriceID (string) is the price's ID. The default is a random one. The service sends it in a
	//     state although its document does not list it.
	//   - CustomerID (string) is required.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - Status (string) is "active" (the default), "trialing", "past_due", "canceled", "unpaid",
	//     "incomplete", "incomplete_expired" or "paused". A state shows the first two; the list filter
	//     active=true counts the first three.
	//   - Amount (int) is in the currency's smallest unit.
	//   - Currency (string) defaults to "usd".
	//   - RecurringInterval (string) defaults to "month".
	//   - CurrentPeriodStart (time.Time) defaults to CreatedAt.
	//   - CurrentPeriodEnd (time.Time) defaults to a month after CurrentPeriodStart.
	//   - TrialStart (time.Time) is null when it is zero.
	//   - TrialEnd (time.Time) is null when it is zero.
	//   - CancelAtPeriodEnd (bool) is set if the subscription ends with the current period.
	//   - CanceledAt (time.Time) is null when it is zero.
	//   - StartedAt (time.Time) defaults to CreatedAt.
	//   - EndsAt (time.Time) is null when it is zero.
	//   - DiscountID (string) is null when it is empty.
	//   - Seats (int) is null when it is zero.
	//   - Units (int) is null when it is zero.
	//   - Metadata (map[string]any) is the seller's own data.
	//   - CustomFieldData (map[string]any) is what the customer entered at checkout.
	//   - Meters ([]SubscriptionMeter) are the usage in the current period.
	Subscription = imitation.Subscription
	// SubscriptionMeter is the usage of one meter within a subscription.
	//
	// Fields:
	//
	//   - ID (string) is a version 4 UUID. The default is a random one.
	//   - MeterID (string) is the meter's ID. The default is a random one.
	//   - CreatedAt (time.Time) defaults to the server's clock.
	//   - ModifiedAt (time.Time) is null when it is zero.
	//   - ConsumedUnits (float64) is the number of units used.
	//   - CreditedUnits (int) is the number of units credited.
	//   - Amount (int) is in the currency's smallest unit.
	SubscriptionMeter = imitation.SubscriptionMeter
	// TaxID is a stored tax number: its value and its format, such as "eu_vat".
	//
	// Fields:
	//
	//   - Value (string) is the number without separators.
	//   - Format (string) is the kind of number.
	TaxID = imitation.TaxID
	// Token describes an access token. Its zero value is an organization token of
	// the server's first organization with all scopes.
	//
	// Fields:
	//
	//   - Value (string) is the token itself. The default is a random one.
	//   - Scopes ([]string) are the token's scopes. Nil means all, an empty slice none.
	//   - Organizations ([]string) are the IDs of the organizations that the token reaches. The default
	//     is the server's first organization.
	//   - User (bool) makes it a user's personal token, which may reach several organizations. Creating
	//     a customer with it requires an organization_id.
	//   - Role (string) is the user's role in these organizations: "owner" (the default), "admin",
	//     "member" or "finance", which may only read customers.
	//   - Expired (bool) makes requests with the token fail with 401.
	//   - Revoked (bool) makes requests with the token fail with 401.
	//   - Session (bool) makes it the token of a customer session. Such a token is valid, but the
	//     customers API does not accept it.
	Token = imitation.Token
	// Webhook is an endpoint that receives events as the service sends them: signed,
	// mostly in order, and repeated until the endpoint acknowledges them.
	//
	// Every change after AddWebhook sends an event, whether a request made the
	// change or a method of the server.
	//
	// Fields:
	//
	//   - URL (string) is the URL to which events are posted.
	//   - Handler (http.Handler) receives the events without a socket, as requests for URL. Tests under
	//     testing/synctest need it.
	//   - Secret (string) signs the events. The default is a random one.
	//   - OrganizationID (string) defaults to the server's first organization.
	//   - Types ([]string) are the types of events to send. The default is all.
	//   - JobDelay (time.Duration) is the duration of the service's jobs. Events about customers are
	//     created with this delay after the change, and with the data of that time. Events about
	//     members are created immediately.
	//   - RetryDelay (func(attempt int) time.Duration) returns the delay after a failed attempt. The
	//     first attempt is 1. The default is the service's delays, from seconds to twenty minutes.
	//   - OnDelivery (func(Delivery)) is called after each attempt, unless it is nil.
	Webhook = imitation.Webhook
)

// The scopes of the operations under /v1/customers.
const (
	ScopeCustomersRead  = imitation.ScopeCustomersRead
	ScopeCustomersWrite = imitation.ScopeCustomersWrite
	ScopeMembersRead    = imitation.ScopeMembersRead
	ScopeMembersWrite   = imitation.ScopeMembersWrite
)

// Where a connection can be cut.
const (
	// CutNone sends the whole response.
	CutNone Cut = imitation.CutNone
	// CutBeforeResponse closes the connection without a response.
	CutBeforeResponse Cut = imitation.CutBeforeResponse
	// CutWithinBody closes it after half of the body.
	CutWithinBody Cut = imitation.CutWithinBody
)

// The results of a lookup.
const (
	// MailAccepted means that the domain accepts mail, or that the lookup timed
	// out.
	MailAccepted MailStatus = imitation.MailAccepted
	// MailNoDomain means that the domain does not exist.
	MailNoDomain MailStatus = imitation.MailNoDomain
	// MailRefused means that the domain accepts no mail.
	MailRefused MailStatus = imitation.MailRefused
	// MailNeverSends means that the domain declares that it sends no mail.
	MailNeverSends MailStatus = imitation.MailNeverSends
)

// ElevatedLimit is the limit for an organization that has asked Polar for more.
func ElevatedLimit() RateLimit { return imitation.ElevatedLimit() }

// ProductionLimit is the service's limit for an organization or a personal
// token.
func ProductionLimit() RateLimit { return imitation.ProductionLimit() }

// RestrictedLimit is the limit for an organization that Polar has restricted.
func RestrictedLimit() RateLimit { return imitation.RestrictedLimit() }

// SandboxLimit is the same limit in Polar's sandbox.
func SandboxLimit() RateLimit { return imitation.SandboxLimit() }
