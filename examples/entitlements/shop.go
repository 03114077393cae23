package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/customers/statecache"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/webhook"
)

// patience is how long a request may wait for a state that is not in memory.
const patience = 3 * time.Second

// newShop returns the service: a public page, a page for customers with the plan, a
// page for customers with a feature, and the endpoint for events.
func newShop(cache *statecache.Cache, secret, proProduct string) (http.Handler, error) {
	handle := func(ctx context.Context, event webhook.Event) error {
		return errors.Join(cache.Apply(ctx, event), report(event))
	}
	events, err := webhook.Handler(secret, handle, webhook.WithErrorHandler(func(_ *http.Request, err error) {
		slog.Error("webhook", "err", err)
	}))
	if err != nil {
		return nil, err
	}
	pro := func(s *customers.State) bool { return s.HasProduct(proProduct) }
	support := func(s *customers.State) bool { return pro(s) || s.HasBenefitKey("support") }

	mux := http.NewServeMux()
	mux.Handle("POST "+webhookPath, events)
	mux.HandleFunc("GET /", page("Welcome!"))
	mux.Handle("GET /export", require(cache, pro, page("Here is your data.")))
	mux.Handle("GET /support", require(cache, support, page("How can we help?")))
	return mux, nil
}

// report logs what a customer has after a change. A real service might send a
// message or update a metric.
func report(event webhook.Event) error {
	if event.Type != webhook.CustomerStateChanged {
		return nil
	}
	state, err := webhook.Data[customers.State](event)
	if err != nil {
		return err
	}
	slog.Info("state changed", "customer", state.ID, "subscriptions", len(state.ActiveSubscriptions), "benefits", len(state.GrantedBenefits))
	return nil
}

// require allows a request if its user's state passes the check. It responds with
// 401 if there is no user, 402 if the check fails, and 503 if the state is
// unknown.
func require(cache *statecache.Cache, entitled func(*customers.State) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		user := user(r)
		if user == "" {
			http.Error(w, "Please sign in.", http.StatusUnauthorized)
			return
		}
		answer, err := cache.GetByExternalID(ctx, user)
		switch {
		case err != nil && !errors.Is(err, polar.ErrNotFound):
			slog.Error("entitlement", "err", err)
			http.Error(w, "Please try again in a moment.", http.StatusServiceUnavailable)
			return
		case !entitled(answer.State): // without a customer the state is nil, and allows nothing
			http.Error(w, "This is part of a paid plan.", http.StatusPaymentRequired)
			return
		case answer.Stale:
			// A customer who has paid should not suffer from an outage.
			slog.Warn("entitlement from before an outage", "as_of", answer.AsOf, "cause", answer.Cause)
		}
		next.ServeHTTP(w, r)
	})
}

// user returns the customer's external ID. A real service gets it from its session.
func user(r *http.Request) string { return r.Header.Get("X-User") }

func page(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, text) }
}
