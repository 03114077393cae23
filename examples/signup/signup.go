package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// signUp makes the visitor a user here and a customer at Polar.
type signUp struct {
	customers *customers.Client
	users     *users
	log       *slog.Logger
}

func showForm(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, form) // the visitor may have gone
}

const form = `<!DOCTYPE html>
<html lang="en">
<title>Sign up</title>
<form method="post">
<p><label>Email address <input type="email" name="email" required></label>
<p><label>Name <input name="name" maxlength="256"></label>
<p><button>Sign up</button>
</form>
</html>
`

type result struct {
	User     string            `json:"user,omitempty"`
	Customer string            `json:"customer,omitempty"`
	Problem  string            `json:"problem,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
}

func (s *signUp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	email, name := r.FormValue("email"), r.FormValue("name")
	if email == "" {
		reply(w, http.StatusUnprocessableEntity, result{Fields: map[string]string{"email": "Enter an email address."}})
		return
	}
	user := s.users.add(email)

	customer, created, err := s.customers.Ensure(r.Context(), customers.CreateParams{
		ExternalID: user,
		Email:      email,
		Name:       name,
	})
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case created:
		reply(w, http.StatusCreated, result{User: user, Customer: customer.ID})
	default: // sent twice, or signed up before
		reply(w, http.StatusOK, result{User: user, Customer: customer.ID})
	}
}

// refuse tells the visitor what to do.
func (s *signUp) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var e *polar.Error
	if !errors.As(err, &e) {
		e = &polar.Error{}
	}
	switch {
	case errors.Is(err, polar.ErrDuplicate):
		// The customer with this address is not a user here, or is another user. Check
		// who owns the address before you link the two.
		reply(w, http.StatusConflict, result{Problem: "This address already has an account. Sign in, or use another address."})

	case errors.Is(err, polar.ErrValidation), errors.Is(err, polar.ErrInvalidArgument):
		// The service refused the input, or the SDK did before it sent a request.
		fields := map[string]string{}
		for _, f := range e.Fields {
			fields[f.Path] = f.Message
		}
		reply(w, http.StatusUnprocessableEntity, result{Fields: fields})

	case r.Context().Err() != nil:
		// The visitor has gone. The next attempt finishes the sign-up.

	case errors.Is(err, polar.ErrRateLimited), errors.Is(err, polar.ErrServer), e.StatusCode == 0:
		// The SDK has already retried for as long as a visitor would wait.
		s.log.Warn("sign-up failed", "error", err)
		seconds := cmp.Or(math.Ceil(e.RetryAfter.Seconds()), 5)
		w.Header().Set("Retry-After", strconv.Itoa(int(seconds)))
		reply(w, http.StatusServiceUnavailable, result{Problem: "We cannot sign you up at the moment. Try again soon."})

	default: // the token, its scopes, a bug: nothing that the visitor can fix
		s.log.Error("sign-up failed", "error", err)
		reply(w, http.StatusInternalServerError, result{Problem: "Something is wrong on our side."})
	}
}

func reply(w http.ResponseWriter, status int, a result) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a) // the visitor may have gone
}
