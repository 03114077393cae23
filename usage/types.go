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
	//   - ExternalID (string) is your own ID of the event. A second event with the same ID is ignored,
	//     even if its other fields differ.
	//   - Name (string) is what happened, at most 128 characters.
	//   - CustomerID (string) names the customer by its ID. It must exist.
	//   - ExternalCustomerID (string) is your own ID of the customer. It need not exist, so a typing
	//     error is not noticed.
	//   - ExternalMemberID (string) is your own ID of the member.
	//   - MemberID (string) names the member by its ID. It must exist.
	//   - Metadata (Metadata) is what meters filter and add up. The keys _cost and _llm hold objects of
	//     their own.
	//   - OrganizationID (string) is required with a user's token, and refused with an organization's
	//     token.
	//   - ParentID (string) is the ID or external ID of an event that this one belongs to.
	//   - Timestamp (*time.Time) is when it happened: now unless given, and not in the future.
	Event = commerce.EventCreate
	// Cost is what the use costs the seller, under the key "_cost" of an event.
	//
	// Fields:
	//
	//   - Amount (string) is the amount as a decimal, in the smallest unit of Currency, such as "0.25".
	//   - Currency (string) is the ISO 4217 code in lower case. The service takes "usd" only.
	Cost = commerce.CostMetadataInput
	// LLM is the use of a language model, under the key "_llm" of an event.
	//
	// Fields:
	//
	//   - CachedInputTokens (*int) is how many of the input tokens came from a cache.
	//   - InputTokens (int) is how many tokens went in.
	//   - Model (string) is the name of the model.
	//   - OutputTokens (int) is how many tokens came out.
	//   - Prompt (string) is the prompt.
	//   - Response (string) is the response of the model.
	//   - TotalTokens (int) is how many tokens were used in all.
	//   - Vendor (string) is who offers the model.
	LLM = commerce.LLMMetadata
	// MeterParams selects and orders customers' balances.
	//
	// Fields:
	//
	//   - CustomerID ([]string) selects objects of the customers with these IDs.
	//   - ExternalCustomerID ([]string) selects objects of the customers with these external IDs.
	//   - Limit (int) is the number of items per page. The default is 10, the maximum 100.
	//   - MeterID ([]string) selects the balances on these meters.
	//   - OrganizationID ([]string) selects objects of these organizations.
	//   - Page (int) is the number of the page, from 1. The default is 1.
	//   - Sorting ([]SortProperty) lists properties to order by, the most important first.
	MeterParams = commerce.CustomerMetersListParams
)

// What the service returns.
type (
	// IngestResult says how many events were new, and how many had come before.
	//
	// Fields:
	//
	//   - Duplicates (*int) is how many events were ignored, because their external ID is known.
	//   - Inserted (int) is how many events were recorded.
	IngestResult = commerce.EventsIngestResponse
	// Meter is a customer's balance on a meter.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Balance (float64) is the units credited less the units used. It is negative if more was used
	//     than credited.
	//   - ConsumedUnits (float64) is how many units were used.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CreditedUnits (int) is how many units were credited.
	//   - Customer (Customer) is the customer.
	//   - CustomerID (string) names the customer by its ID.
	//   - Meter (MeterDefinition) is the meter.
	//   - MeterID (string) is the ID of the meter.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	Meter = commerce.CustomerMeter
	// MeterDefinition says what a meter counts.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Name (string) is the name, which customers see.
	//   - Aggregation (commerce.MeterAggregation) is how a meter counts events.
	//   - ArchivedAt (*time.Time) is when the meter was archived.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - CustomLabel (*string) is the name of your own unit.
	//   - CustomMultiplier (*int) is the factor of your own unit for display.
	//   - Filter (commerce.Filter) says which events count.
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization.
	//   - Unit (commerce.MeterUnit) is what is counted.
	MeterDefinition = commerce.Meter
	// Customer is the customer of a balance.
	//
	// Fields:
	//
	//   - ID (string) is the service's own ID, a UUID in lower case.
	//   - Type (commerce.CustomerType) is individual or team. It is an open set.
	//   - ExternalID (*string) is your own ID of the customer, unique in the organization.
	//   - Email (*string) is the email address, unique in the organization, ignoring case. Only a team
	//     can be without one.
	//   - Name (*string) is the name of the person or team.
	//   - AvatarURL (*string) is a picture found by the email address of the customer or of its owner.
	//   - BillingAddress (*commerce.Address) is the address on invoices, which also determines taxes.
	//   - BillingName (*string) is the name on invoices. It is Name unless the customer chose another.
	//   - CreatedAt (time.Time) is when the object was created.
	//   - DefaultPaymentMethodID (*string) is the ID of the customer's default payment method.
	//   - DeletedAt (*time.Time) is when the customer was deleted. It is set only in webhooks.
	//   - EmailVerified (bool) reports whether the customer has confirmed the email address. A change
	//     through the API makes it false.
	//   - FirstUserEventAt (*time.Time) is when the customer's first event was recorded. It can be
	//     earlier than CreatedAt.
	//   - Locale (*string) is the preferred language as a BCP 47 tag, such as "en-US".
	//   - Metadata (Metadata) is your own data.
	//   - ModifiedAt (*time.Time) is when the object last changed, or nil if it never did.
	//   - OrganizationID (string) is the ID of the organization that the customer belongs to.
	//   - TaxID (*commerce.TaxID) is the tax number.
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
