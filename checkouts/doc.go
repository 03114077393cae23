// Package checkouts creates checkout sessions: pages on which a customer pays for
// a product.
//
//	client, err := polar.New(os.Getenv("POLAR_ACCESS_TOKEN"))
//	if err != nil {
//		return err
//	}
//	checkout, err := checkouts.New(client).Create(ctx, checkouts.CreateParams{
//		Products:           []string{productID},
//		ExternalCustomerID: "user_42",
//		SuccessURL:         "https://your-domain.com/thanks?checkout_id={CHECKOUT_ID}",
//	})
//	if err != nil {
//		return err
//	}
//	http.Redirect(w, r, checkout.URL, http.StatusSeeOther)
//
// # When is it paid
//
// A customer who comes back to the success URL has confirmed the session, which
// does not mean that the payment has arrived. Deliver when the event order.paid
// comes, see [github.com/polarexpress/polar-go/orders].
//
// # Secrets
//
// Whoever has a session's URL or ClientSecret can see what the customer has
// entered, and can change it. Do not log them.
//
// Amounts are in the smallest unit of their currency, such as cents.
//
// Package [github.com/polarexpress/polar-go/polar] describes tokens, errors,
// retries, rate limits and optional values.
package checkouts
