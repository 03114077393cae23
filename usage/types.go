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
	Event = commerce.EventCreate
	// Cost is what the use costs the seller, under the key "_cost" of an event.
	Cost = commerce.CostMetadataInput
	// LLM is the use of a language model, under the key "_llm" of an event.
	LLM = commerce.LLMMetadata
	// MeterParams selects and orders customers' balances.
	MeterParams = commerce.CustomerMetersListParams
)

// What the service returns.
type (
	// IngestResult says how many events were new, and how many had come before.
	IngestResult = commerce.EventsIngestResponse
	// Meter is a customer's balance on a meter.
	Meter = commerce.CustomerMeter
	// MeterDefinition says what a meter counts.
	MeterDefinition = commerce.Meter
	// Customer is the customer of a balance.
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
