package checkouts

import (
	"fmt"
	"math"
	"slices"

	"github.com/polarexpress/polar-go/internal/check"
)

// Limits of a session.
const (
	maxName       = 256 // characters
	maxSeats      = 10_000
	maxTrialCount = 1000
)

func checkCreate(args *check.Arguments, p CreateParams) {
	if len(p.Products) == 0 {
		args.Refuse("products", "must have at least one product")
	}
	for i, id := range p.Products {
		at := fmt.Sprintf("products[%d]", i)
		args.ID(at, id)
		if slices.Contains(p.Products[:i], id) {
			args.Refuse(at, "is listed twice")
		}
	}
	args.OneCustomer(p.CustomerID, p.ExternalCustomerID)
	args.NewExternalID("external_customer_id", p.ExternalCustomerID)
	args.UUID("subscription_id", p.SubscriptionID)
	args.Text("customer_ip_address", p.CustomerIPAddress, 0)
	args.Int("min_seats", p.MinSeats, 1, maxSeats)
	args.Int("max_seats", p.MaxSeats, 1, maxSeats)
	args.Int("min_units", p.MinUnits, 1, math.MaxInt32)
	args.Int("max_units", p.MaxUnits, 1, math.MaxInt32)
	args.Within("seats", p.Seats, p.MinSeats, p.MaxSeats)
	args.Within("units", p.Units, p.MinUnits, p.MaxUnits)
	if (p.TrialInterval == "") != (p.TrialIntervalCount == nil) {
		args.Refuse("trial_interval", "and trial_interval_count must come together")
	}
	checkShared(args, shared{
		amount: p.Amount, seats: p.Seats, units: p.Units, trialCount: p.TrialIntervalCount, currency: string(p.Currency),
		email: p.CustomerEmail, name: p.CustomerName, billingName: p.CustomerBillingName, taxID: p.CustomerTaxID, locale: p.Locale,
		discount: p.DiscountID, successURL: p.SuccessURL, returnURL: p.ReturnURL, embedOrigin: p.EmbedOrigin,
		address: (*check.Address)(p.CustomerBillingAddress), metadata: p.Metadata, customerMetadata: p.CustomerMetadata,
	})
}

func checkUpdate(args *check.Arguments, p UpdateParams) {
	if p.CustomerBillingAddress.IsNull() {
		args.Refuse("customer_billing_address", "cannot be null, which the service ignores: leave it out to keep it")
	}
	args.UUID("product_id", check.Value(p.ProductID))
	args.Text("customer_ip_address", check.Value(p.CustomerIPAddress), 0)
	checkShared(args, shared{
		amount: check.Pointer(p.Amount), seats: check.Pointer(p.Seats), units: check.Pointer(p.Units),
		trialCount: check.Pointer(p.TrialIntervalCount), currency: string(check.Value(p.Currency)),
		email: check.Value(p.CustomerEmail), name: check.Value(p.CustomerName), billingName: check.Value(p.CustomerBillingName),
		taxID: check.Value(p.CustomerTaxID), locale: check.Value(p.Locale), discount: check.Value(p.DiscountID),
		successURL: check.Value(p.SuccessURL), returnURL: check.Value(p.ReturnURL), embedOrigin: check.Value(p.EmbedOrigin),
		address: (*check.Address)(check.Pointer(p.CustomerBillingAddress)), metadata: p.Metadata, customerMetadata: p.CustomerMetadata,
	})
}

// shared are the arguments that a creation and an update have in common.
type shared struct {
	amount, seats, units, trialCount   *int
	currency, email, name, billingName string
	taxID, locale, discount            string
	successURL, returnURL, embedOrigin string
	address                            *check.Address
	metadata, customerMetadata         Metadata
}

func checkShared(args *check.Arguments, p shared) {
	args.Int("amount", p.amount, 0, math.MaxInt32)
	args.Int("seats", p.seats, 1, maxSeats)
	args.Int("units", p.units, 1, math.MaxInt32)
	args.Int("trial_interval_count", p.trialCount, 1, maxTrialCount)
	args.Currency("currency", p.currency)
	args.Email("customer_email", p.email)
	args.Text("customer_name", p.name, maxName)
	args.Text("customer_billing_name", p.billingName, 0)
	args.Text("customer_tax_id", p.taxID, 0)
	args.Text("locale", p.locale, 0)
	args.UUID("discount_id", p.discount)
	args.URL("success_url", p.successURL)
	args.URL("return_url", p.returnURL)
	args.URL("embed_origin", p.embedOrigin)
	args.Address("customer_billing_address", p.address)
	args.Metadata("metadata", p.metadata)
	args.Metadata("customer_metadata", p.customerMetadata)
}
