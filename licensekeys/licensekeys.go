package licensekeys

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/polarexpress/polar-go/gen/commerce"
	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Client checks license keys. It is safe for concurrent use.
type Client struct {
	polar   *polar.Client
	baseURL string
}

// New returns a client for license keys that sends its requests through client,
// which can be one of [polar.NewPublic].
func New(client *polar.Client) *Client {
	return &Client{polar: client, baseURL: client.BaseURL()}
}

// Validate asks whether a key allows the use that p describes, and returns the
// service's record of it. Keys are case-sensitive.
//
// A key that was activated with conditions must be validated with its ActivationID
// and equal Conditions. BenefitID and CustomerID make sure that it is a key for
// that benefit or of that customer. IncrementUsage adds to the key's usage, and is
// refused with [ErrUsageLimit] if that would go beyond a limit.
//
// It returns [ErrUnknownKey], [ErrInactive], [ErrExpired], [ErrUsageLimit],
// [ErrWrongBenefit], [ErrWrongCustomer] and [ErrWrongConditions]: [Denied] is true
// for these alone.
//
// Each call counts as a validation of the key, which does no harm, so a failed
// attempt is retried, and the call can be repeated at any time. With IncrementUsage
// a call is not retried, because the use would be counted twice, and after a lost
// response the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: none.
//
// API: POST /v1/customer-portal/license-keys/validate
func (c *Client) Validate(ctx context.Context, p ValidateParams, opts ...polar.CallOption) (*ValidatedKey, error) {
	var args check.Arguments
	checkKey(&args, p.Key, p.OrganizationID)
	args.UUID("activation_id", p.ActivationID)
	args.UUID("benefit_id", p.BenefitID)
	args.UUID("customer_id", p.CustomerID)
	args.Int("increment_usage", p.IncrementUsage, 0, math.MaxInt32)
	args.Metadata("conditions", p.Conditions)
	if err := args.Err("customer_portal:license_keys:validate"); err != nil {
		return nil, err
	}
	harmless := polar.Value(p.IncrementUsage) == 0
	if harmless {
		opts = append(slices.Clip(opts), polar.RetryUnknownOutcome())
	}
	req, err := commerce.NewCustomerPortalLicenseKeysValidateRequest(c.baseURL, p)
	key, err := polar.Fetch[ValidatedKey](ctx, c.polar, "customer_portal:license_keys:validate", req, err, opts...)
	var failure *polar.Error
	if harmless && errors.As(err, &failure) {
		err = failure.WithKnownOutcome() // another validation does no harm
	}
	return key, meaning(err)
}

// Activate takes one of the activations that a key allows, for a machine or an
// installation, and returns it. Store its ID: [Client.Validate] checks it, and
// [Client.Deactivate] releases it. Label is what the customer sees in the portal,
// such as the name of the machine.
//
// It returns [ErrUnknownKey], [ErrInactive], [ErrExpired], [ErrActivationLimit], and
// [ErrNoActivations] for a key without a limit of activations, which needs none.
//
// The service does not recognize a machine: the same label again takes another
// activation. So a call whose response is lost is not retried, and its error also
// matches [polar.ErrOutcomeUnknown]. Let the customer decide to try again: the lost
// activation can be released in the portal.
//
// Scopes: none.
//
// API: POST /v1/customer-portal/license-keys/activate
func (c *Client) Activate(ctx context.Context, p ActivateParams, opts ...polar.CallOption) (*Activation, error) {
	var args check.Arguments
	checkKey(&args, p.Key, p.OrganizationID)
	args.Required("label", p.Label, 0)
	args.Metadata("conditions", p.Conditions)
	args.Metadata("meta", p.Meta)
	if err := args.Err("customer_portal:license_keys:activate"); err != nil {
		return nil, err
	}
	req, err := commerce.NewCustomerPortalLicenseKeysActivateRequest(c.baseURL, p)
	activation, err := polar.Fetch[Activation](ctx, c.polar, "customer_portal:license_keys:activate", req, err, opts...)
	return activation, meaning(err)
}

// Deactivate releases an activation of a key, such as when the program is removed
// from a machine.
//
// It returns [ErrUnknownKey] also if the key has no such activation. A failed
// attempt is retried; after a lost response, ErrUnknownKey counts as success. If no
// attempt gets a response, the error also matches [polar.ErrOutcomeUnknown].
//
// Scopes: none.
//
// API: POST /v1/customer-portal/license-keys/deactivate
func (c *Client) Deactivate(ctx context.Context, p DeactivateParams, opts ...polar.CallOption) error {
	var args check.Arguments
	checkKey(&args, p.Key, p.OrganizationID)
	args.ID("activation_id", p.ActivationID)
	if err := args.Err("customer_portal:license_keys:deactivate"); err != nil {
		return err
	}
	req, err := commerce.NewCustomerPortalLicenseKeysDeactivateRequest(c.baseURL, p)
	err = meaning(polar.Discard(ctx, c.polar, "customer_portal:license_keys:deactivate", req, err, opts...))
	if errors.Is(err, ErrUnknownKey) && errors.Is(err, polar.ErrOutcomeUnknown) {
		return nil // an earlier attempt has done it, or there was nothing to do
	}
	return err
}

// checkKey checks what all operations need.
func checkKey(args *check.Arguments, key, organizationID string) {
	args.Required("key", key, 0)
	args.ID("organization_id", organizationID)
}
