package usage

import "github.com/polarexpress/polar-go/gen/commerce"

// What the service is sent.
type (
	// Event is something that a customer has used. Name, and one of CustomerID and
	// ExternalCustomerID, are needed. Zero values are left out.
	//
	// Metadata is what meters filter and add up: values are strings of 1 to 500
	// characters, numbers or bools. The keys "_cost" and "_llm" stand for a [Cost] and
	// an [LLM].
	//
	// Fields:
	//
	//   - ExternalID (string) is the seller's own ID of the event. Events with the same ID count once,
	//     for ever.
	//   - Name (string) is what was used, 1 to 128 characters, which meters filter by.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - ExternalCustomerID (string) is the customer's external ID, the seller's own.
	//   - ExternalMemberID (string) is the external ID of the customer's member, the seller's own.
	//   - MemberID (string) is the ID of the customer's member, Polar's own.
	//   - Metadata (Metadata) is what meters filter by and add up.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - ParentID (string) is the ID or the external ID of an event that this one belongs to.
	//   - Timestamp (*time.Time) is when it happened, in the past. By default it is when the service
	//     receives the event.
	Event = commerce.EventCreate
	// Cost is what the use costs the seller, under the key "_cost" of an event.
	//
	// Fields:
	//
	//   - Amount (string) is the cost, a decimal number of the smallest unit of the currency, as text.
	//   - Currency (string) is the ISO 4217 code of the currency, in lower case, such as "usd".
	Cost = commerce.CostMetadataInput
	// LLM is the use of a language model, under the key "_llm" of an event.
	//
	// Fields:
	//
	//   - CachedInputTokens (*int) is how many of the input tokens came from a cache.
	//   - InputTokens (int) is how many tokens were sent.
	//   - Model (string) is the name of the model.
	//   - OutputTokens (int) is how many tokens were received.
	//   - Prompt (string) is what was sent.
	//   - Response (string) is what was received.
	//   - TotalTokens (int) is the sum of both.
	//   - Vendor (string) is who runs the model, such as "openai".
	LLM = commerce.LLMMetadata
	// MeterParams selects and orders customers' balances.
	//
	// Fields:
	//
	//   - CustomerID ([]string) keeps only objects of these customers, by Polar's ID.
	//   - ExternalCustomerID ([]string) keeps only objects of these customers, by the external ID.
	//   - Limit (int) is how many items a page holds: 10 unless given, at most 100.
	//   - MeterID ([]string) keeps only balances on these meters.
	//   - OrganizationID ([]string) keeps only objects of these organizations. IDs that the token
	//     cannot see match nothing.
	//   - Page (int) is the number of the page, from 1, which is the default.
	//   - Sorting ([]SortProperty) is what to order by, the first thing first. The newest come first
	//     unless given.
	MeterParams = commerce.CustomerMetersListParams
)

// What the service returns.
type (
	// IngestResult says how many events were new, and how many had come before.
	//
	// Fields:
	//
	//   - Duplicates (*int) is how many events the service had already.
	//   - Inserted (int) is how many events are new.
	IngestResult = commerce.EventsIngestResponse
	// Meter is a customer's balance on a meter.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Balance (float64) is the units credited less the units used; below zero when more was used
	//     than credited.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were given in advance.
	//   - Customer (Customer) is the customer.
	//   - CustomerID (string) is the ID of the customer, Polar's own.
	//   - Meter (MeterDefinition) is the meter.
	//   - MeterID (string) is the ID of the meter.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	Meter = commerce.CustomerMeter
	// MeterDefinition says what a meter counts.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name of the meter.
	//   - Aggregation (commerce.MeterAggregation)
	//   - ArchivedAt (*time.Time) is when it was archived.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomLabel (*string) is how custom units are called.
	//   - CustomMultiplier (*int) is how many units are one of those that customers see.
	//   - Filter (commerce.Filter) says which events count.
	//   - Metadata (Metadata) is the seller's own data. In an update it replaces all of it; nil leaves
	//     it alone.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the object belongs to. In requests
	//     it is for tokens of users.
	//   - Unit (commerce.MeterUnit) is what the meter counts.
	MeterDefinition = commerce.Meter
	// Customer is the customer of a balance.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is the seller's own ID of the customer, unique in the organization.
	//   - Email (*string) is the e-mail address, unique in the organization without regard to case.
	//     Only a team can be without.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the e-mail address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address that invoices carry and taxes follow.
	//   - BillingName (*string) is the name on invoices; Name, unless the customer has given another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the payment method that is charged first.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is nil but in webhooks, for a
	//     deleted customer is not found.
	//   - EmailVerified (bool) says whether the customer has confirmed the address. A change through
	//     the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded; it can be
	//     earlier than CreatedAt.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is the seller's own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number, checked by the service.
	Customer = commerce.Customer
	// Metadata is the data of an event.
	Metadata = commerce.Metadata
)

// SortProperty is a property by which a list of balances is ordered. It is an open
// set.
type SortProperty = commerce.CustomerMeterSortProperty

// Orders of balances. Package commerce has more, such as by the customer's name.
const (
	SortCreatedAt      = commerce.CustomerMeterSortPropertyCreatedAt
	SortCreatedAtDesc  = commerce.CustomerMeterSortPropertyMinusCreatedAt
	SortModifiedAt     = commerce.CustomerMeterSortPropertyModifiedAt
	SortModifiedAtDesc = commerce.CustomerMeterSortPropertyMinusModifiedAt
	SortBalance        = commerce.CustomerMeterSortPropertyBalance
	SortBalanceDesc    = commerce.CustomerMeterSortPropertyMinusBalance
)
