package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/polarexpress/polar-go/customers"
)

// signUp makes the visitor a user here and a customer at Polar.
type signUp struct {
	polar *customers.Client
	users *users
	log   *slog.Logger
}

type answer struct {
	User     string            `json:"user,omitempty"`
	Customer string            `json:"customer,omitempty"`
	Problem  string            `json:"problem,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
}

func (s *signUp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	email, name := r.FormValue("email"), r.FormValue("name")
	if email == "" {
		reply(w, http.StatusUnprocessableEntity, answer{Fields: map[string]string{"email": "Give an e-mail address."}})
		return
	}
	user := s.users.add(email)

	customer, created, err := s.polar.Ensure(r.Context(), customers.CreateParams{
		ExternalID: user,
		Email:      email,
		Name:       name,
	})
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case created:
		reply(w, http.StatusCreated, answer{User: user, Customer: customer.ID})
	default: // sent twice, or signed up before
		reply(w, http.StatusOK, answer{User: user, Customer: customer.ID})
	}
}

// refuse tells the visitor what to do.
func (s *signUp) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var e *customers.Error
	if !errors.As(err, &e) {
		e = &customers.Error{}
	}
	switch {
	case errors.Is(err, customers.ErrDuplicate):
		// Somebody bought with this address who has no user here, or another one.
		// Whose it is must be proved before the two are brought together.
		reply(w, http.StatusConflict, answer{Problem: "This address has an account already. Sign in, or use another address."})

	case errors.Is(err, customers.ErrValidation), errors.Is(err, customers.ErrInvalidArgument):
		// Refused by the service, or by the SDK before it asked, as a name is that is too long.
		fields := map[string]string{}
		for _, f := range e.Fields {
			fields[f.Path] = f.Message
		}
		reply(w, http.StatusUnprocessableEntity, answer{Fields: fields})

	case r.Context().Err() != nil:
		// The visitor has gone. What was begun is finished by the next attempt.

	case errors.Is(err, customers.ErrRateLimited), errors.Is(err, customers.ErrServer), e.StatusCode == 0:
		// The SDK has tried again already, as long as a visitor would wait.
		s.log.Warn("sign-up failed", "error", err)
		seconds := cmp.Or(math.Ceil(e.RetryAfter.Seconds()), 5)
		w.Header().Set("Retry-After", strconv.Itoa(int(seconds)))
		reply(w, http.StatusServiceUnavailable, answer{Problem: "We cannot sign you up at the moment. Try again soon."})

	default: // the token, its scopes, our own mistake: nothing that a visitor can mend
		s.log.Error("sign-up failed", "error", err)
		reply(w, http.StatusInternalServerError, answer{Problem: "Something is wrong on our side."})
	}
}

func reply(w http.ResponseWriter, status int, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a) // the visitor may have gone
}
