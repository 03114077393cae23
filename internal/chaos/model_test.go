package chaos_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
)

// state is a state of a customer: absent, or there with a name.
type state struct {
	there bool
	name  string
}

// key is a customer that only one worker creates, changes and deletes, with the states
// that it can have according to the client's reports.
type key struct {
	id, email  string // the external ID, if it has one
	can        []state
	customerID string // Polar's, as last reported
	wrong      []string
	history    []string // of reports
}

// report records what the client reported about a customer.
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

// only keeps the states that agree with a report. If none does, the report, or one
// before it, was wrong.
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

// maybe adds the states after a change that may have been made.
func (k *key) maybe(change func(state) state) {
	for _, s := range slices.Clone(k.can) {
		if next := change(s); !slices.Contains(k.can, next) {
			k.can = append(k.can, next)
		}
	}
}

// is sets the state of the customer, which is known now.
func (k *key) is(s state) { k.can = []state{s} }

func known(err error) bool { return !errors.Is(err, polar.ErrOutcomeUnknown) }

// created updates the model with what Create reported.
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

// maybeCreated adds the states in which the customer has been created.
func (k *key) maybeCreated(name string) {
	if slices.ContainsFunc(k.can, gone) {
		k.customerID = "" // a new customer has another
	}
	k.maybe(func(s state) state {
		if s.there {
			return s
		}
		return state{true, name}
	})
}

// found updates the model with a customer that Ensure found while a replica lags. The
// replica can still show a customer that was just deleted, and hide that Ensure has
// created a new one.
func (k *key) found(name string) {
	k.report("find", name, nil)
	k.maybeCreated(name)
}

// ensured updates the model with what Ensure reported.
func (k *key) ensured(name string, c *customers.Customer, created bool, err error) {
	if err != nil || created {
		k.created(name, c, err)
		return
	}
	k.report("ensure", name, nil)
	k.only("as there", there)
	k.customerID = c.ID
}

// updated updates the model with what Update reported.
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

// deleted updates the model with what Delete reported.
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

// read updates the model with what Get reported.
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
