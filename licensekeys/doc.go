// Package licensekeys checks license keys in programs that run on customers'
// machines. It uses the service's public operations, so it needs no access token,
// which such a program could not keep secret.
//
//	client, err := polar.NewPublic()
//	if err != nil {
//		return err
//	}
//	_, err = licensekeys.New(client).Validate(ctx, licensekeys.ValidateParams{
//		OrganizationID: organizationID, Key: key, ActivationID: activationID,
//	})
//	switch {
//	case licensekeys.Denied(err):
//		// the service has said that the key does not allow the use
//	case err != nil:
//		// the service could not be asked: decide how long the program runs without it
//	}
//
// Only an error for which [Denied] is true is a denial. A network that fails, a rate
// limit, and an API version that the service has removed since the program was
// built are other errors.
//
// # Rate limit
//
// The service takes 3 requests a second from an IP address, for all operations of
// this package together, and then refuses that address for a minute, with
// [polar.ErrRateLimited]. Customers behind one address share it. Validate when the
// program starts and once a day, not for each action.
//
// # Personal data
//
// The service's record of a key has the name, the email address and the metadata
// of the customer: whoever has the key can read them.
//
// Package [github.com/polarexpress/polar-go/polar] describes errors, retries and
// optional values.
package licensekeys
