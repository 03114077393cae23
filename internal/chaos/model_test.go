package chaos_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// state is what a customer can be: not there, or there with a name.
type state struct {
	there bool
	name  string
}

// key is a customer that one worker alone creates, changes and deletes, and what
// it can be after all that the client has reported about it.
type key struct {
	id, email  string // the external ID, if it has one
	can        []state
	customerID string // Polar's, as last reported
	wrong      []string
	history    []string // of reports
}

// report notes what was reported about a customer.
func (k *key) report(what, name string, err error) {
	line := what + " " + name
	if err != nil {
		line += ": " + err.Error()
	}
	k.history = append(k.history, line)
}

func (k *key) complain(format string, args ...any) {
	k.wrong = append(k.wrong, fmt.Sprintf("%s: ", k.email)+fmt.Sprintf(format, args...)+fmt.Sprintf("; it can be %v, after %q", k.can, k.history[max(0, len(k.history)-6):]))
}

// only keeps the states that agree with a report. If none does, the report, or
// one before it, was not true.
func (k *key) only(what string, agrees func(state) bool) {
	left := slices.DeleteFunc(slices.Clone(k.can), func(s state) bool { return !agrees(s) })
	if len(left) == 0 {
		k.complain("reported %s", what)
	} else {
		k.can = left
	}
}

func there(s state) bool { return s.there }
func gone(s state) bool  { return !s.there }

// maybe adds what every state has become if a change was made.
func (k *key) maybe(change func(state) state) {
	for _, s := range slices.Clone(k.can) {
		if next := change(s); !slices.Contains(k.can, next) {
			k.can = append(k.can, next)
		}
	}
}

// is sets what the customer is known to be.
func (k *key) is(s state) { k.can = []state{s} }

func known(err error) bool { return !errors.Is(err, polar.ErrOutcomeUnknown) }

// created advances the model by what Create reported.
func (k *key) created(name string, c *customers.Customer, err error) {
	k.report("create", name, err)
	switch {
	case err == nil:
		k.only("created", gone)
		k.is(state{true, name})
		k.customerID = c.ID
		if c.Name == nil || *c.Name != name {
			k.complain("created with another name than %s", name)
		}
	case errors.Is(err, polar.ErrDuplicate) && known(err):
		k.only("as a duplicate", there)
	case !known(err):
		k.maybeCreated(name)
		if errors.Is(err, polar.ErrDuplicate) {
			k.only("as a duplicate", there)
		}
	}
}

// maybeCreated notes that the customer exists now, if it did not.
func (k *key) maybeCreated(name string) {
	if slices.ContainsFunc(k.can, gone) {
		k.customerID = "" // it would have another
	}
	k.maybe(func(s state) state {
		if s.there {
			return s
		}
		return state{true, name}
	})
}

// found advances the model by what Ensure reported of a customer that it did not
// create, while a replica lags: it can be one that was deleted a moment ago, and
// stands in the way of the one that was created.
func (k *key) found(name string) {
	k.report("find", name, nil)
	k.maybeCreated(name)
}

// ensured advances the model by what Ensure reported.
func (k *key) ensured(name string, c *customers.Customer, created bool, err error) {
	if err != nil || created {
		k.created(name, c, err)
		return
	}
	k.report("ensure", name, nil)
	k.only("as there", there)
	k.customerID = c.ID
}

// updated advances the model by what Update reported.
func (k *key) updated(name string, err error) {
	k.report("update", name, err)
	switch {
	case err == nil:
		k.only("updated", there)
		k.is(state{true, name})
	case errors.Is(err, polar.ErrNotFound):
		k.only("not found by an update", gone)
	case !known(err):
		k.maybe(func(s state) state {
			if s.there {
				s.name = name
			}
			return s
		})
	}
}

// deleted advances the model by what Delete reported.
func (k *key) deleted(err error) {
	k.report("delete", "", err)
	switch {
	case err == nil:
		k.is(state{})
	case errors.Is(err, polar.ErrNotFound):
		k.only("not found by a deletion", gone)
	case !known(err):
		k.maybe(func(state) state { return state{} })
	}
}

// read advances the model by what Get reported.
func (k *key) read(c *customers.Customer, err error) {
	k.report("read", "", err)
	switch {
	case err == nil && c.Name != nil:
		k.only("with the name "+*c.Name, func(s state) bool { return s == state{true, *c.Name} })
		k.customerID = c.ID
	case errors.Is(err, polar.ErrNotFound):
		k.only("not found", gone)
	}
}
