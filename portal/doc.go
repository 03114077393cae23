// Package portal signs customers in to the customer portal, the pages on which
// they see their orders, manage their subscriptions and update their payment
// methods.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	session, err := portal.New(client).CreateSession(ctx, portal.SessionParams{ExternalCustomerID: "user_42"})
//	if err != nil {
//		return err
//	}
//	http.Redirect(w, r, session.CustomerPortalURL, http.StatusSeeOther)
//
// Create the session when the customer clicks, after your program has signed the
// customer in: whoever has the URL is the customer, for an hour.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package portal
