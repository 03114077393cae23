package licensekeys

import (
	"errors"
	"strings"

	"github.com/polarexpress/polar-go/polar"
)

// Why the service denies the use of a key, for [errors.Is]. The errors are
// [*polar.Error]s as well.
var (
	// ErrUnknownKey: there is no such key, or it is of another organization, or it does
	// not have the activation. The service does not say which.
	ErrUnknownKey = errors.New("licensekeys: unknown key")
	// ErrInactive: the key is revoked, such as after a refund or the end of a
	// subscription, or disabled by the seller. The service does not say which.
	ErrInactive = errors.New("licensekeys: key is revoked or disabled")
	// ErrExpired: the key has expired.
	ErrExpired = errors.New("licensekeys: key has expired")
	// ErrUsageLimit: the key's usage would exceed its limit.
	ErrUsageLimit = errors.New("licensekeys: usage limit is reached")
	// ErrActivationLimit: all activations of the key are in use.
	ErrActivationLimit = errors.New("licensekeys: activation limit is reached")
	// ErrNoActivations: the key has no activations. Validate it without one.
	ErrNoActivations = errors.New("licensekeys: key has no activations")
	// ErrWrongBenefit: the key is for another benefit.
	ErrWrongBenefit = errors.New("licensekeys: key is for another benefit")
	// ErrWrongCustomer: the key is another customer's.
	ErrWrongCustomer = errors.New("licensekeys: key is of another customer")
	// ErrWrongConditions: the conditions are not those of the activation.
	ErrWrongConditions = errors.New("licensekeys: conditions differ from those of the activation")
)

// denials are what the service says, which only its text tells apart. code is the
// service's name for the error.
var denials = []struct {
	code, begins string
	meaning      error
	text         string
}{
	{"ResourceNotFound", "Not found", ErrUnknownKey, "the license key is unknown, of another organization, or without this activation"},
	{"ResourceNotFound", "License key has expired", ErrExpired, "the license key has expired"},
	{"ResourceNotFound", "License key is no longer active", ErrInactive, "the license key is revoked or disabled"},
	{"ResourceNotFound", "License key does not match given benefit", ErrWrongBenefit, "the license key is for another benefit"},
	{"ResourceNotFound", "License key does not match given user", ErrWrongCustomer, "the license key is of another customer"},
	{"ResourceNotFound", "License key does not match required conditions", ErrWrongConditions, "the conditions are not those of the activation"},
	{"NotPermitted", "License key has expired", ErrExpired, "the license key has expired"},
	{"NotPermitted", "License key is no longer active", ErrInactive, "the license key is revoked or disabled"},
	{"NotPermitted", "License key activation limit already reached", ErrActivationLimit, "all activations of the license key are in use"},
	{"NotPermitted", "This license key does not support activations", ErrNoActivations, "the license key has no activations: validate it without one"},
	{"BadRequest", "License key only has", ErrUsageLimit, "the usage limit of the license key is reached"},
}

// meaning adds what the service's text means. A text that is not known means
// nothing.
func meaning(err error) error {
	var e *polar.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, d := range denials {
		if e.Code == d.code && strings.HasPrefix(e.Message, d.begins) {
			return e.WithMeaning(d.meaning, d.text)
		}
	}
	return e
}

// Denied reports whether err means that the service has denied the use of a key. It
// is false for nil, and for an error that leaves open whether the key is good, such
// as a failed connection. It is also true for [ErrNoActivations], which only
// [Client.Activate] returns: such a key can still be validated without an activation.
func Denied(err error) bool {
	for _, d := range denials {
		if errors.Is(err, d.meaning) {
			return true
		}
	}
	return false
}
