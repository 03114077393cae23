package customers

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"time"
)

// HasBenefit reports whether the customer has been granted the benefit with
// this ID. For a nil state, this and the other methods report false.
func (s *State) HasBenefit(benefitID string) bool {
	return s.hasGrant(func(g *BenefitGrant) bool { return g.BenefitID == benefitID })
}

// HasBenefitType reports whether the customer has been granted a benefit of
// this kind, whichever it is.
func (s *State) HasBenefitType(kind BenefitType) bool {
	return s.hasGrant(func(g *BenefitGrant) bool { return g.BenefitType == kind })
}

// HasBenefitKey reports whether the customer has been granted a benefit whose
// metadata has this key, with any value but false. A key, such as "export",
// lets a program ask for a feature without knowing the IDs of the benefits
// that carry it, which differ between sandbox and production.
func (s *State) HasBenefitKey(key string) bool {
	return s.hasGrant(func(g *BenefitGrant) bool {
		value, ok := g.BenefitMetadata[key]
		return ok && value != false
	})
}

// HasBenefitValue reports whether the customer has been granted a benefit
// whose metadata has this value under this key: a string, a bool or a number of
// any type. Numbers are equal if their values are, so that 3 finds 3.0.
func (s *State) HasBenefitValue(key string, value any) bool {
	return s.hasGrant(func(g *BenefitGrant) bool {
		have, ok := g.BenefitMetadata[key]
		return ok && sameValue(have, value)
	})
}

func (s *State) hasGrant(match func(*BenefitGrant) bool) bool {
	if s == nil {
		return false
	}
	for i := range s.GrantedBenefits {
		if match(&s.GrantedBenefits[i]) {
			return true
		}
	}
	return false
}

// sameValue compares metadata, in which a number has one of several types.
func sameValue(a, b any) bool {
	x, xok := number(a)
	y, yok := number(b)
	if xok || yok {
		return xok && yok && x == y
	}
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a == b
	case bool:
		b, ok := b.(bool)
		return ok && a == b
	}
	return false
}

func number(v any) (float64, bool) {
	if n, ok := v.(json.Number); ok {
		f, err := n.Float64()
		return f, err == nil
	}
	switch n := reflect.ValueOf(v); {
	case n.CanInt():
		return float64(n.Int()), true
	case n.CanUint():
		return float64(n.Uint()), true
	case n.Kind() == reflect.Float32: // the number that its JSON is read back as
		f, err := strconv.ParseFloat(strconv.FormatFloat(n.Float(), 'g', -1, 32), 64)
		return f, err == nil
	case n.CanFloat():
		return n.Float(), true
	}
	return 0, false
}

// HasProduct reports whether the customer has an active or trialing
// subscription to the product with this ID. One that was canceled counts until
// it ends; one that is past due does not, because the service leaves it out. It is
// false for a nil state.
func (s *State) HasProduct(productID string) bool { return s.SubscriptionTo(productID) != nil }

// SubscriptionTo returns the active or trialing subscription to the product
// with this ID, or nil. Of several it is the one whose current period ends last.
// It points into the state, which may be shared: do not write to it.
func (s *State) SubscriptionTo(productID string) *Subscription {
	if s == nil {
		return nil
	}
	var last *Subscription
	for i := range s.ActiveSubscriptions {
		sub := &s.ActiveSubscriptions[i]
		if sub.ProductID == productID && running(sub) && (last == nil || sub.CurrentPeriodEnd.After(last.CurrentPeriodEnd)) {
			last = sub
		}
	}
	return last
}

// running is strict: a status of the future must not give access by itself.
func running(sub *Subscription) bool {
	return sub.Status == SubscriptionActive || sub.Status == SubscriptionTrialing
}

// MeterBalance returns the customer's balance on the meter with this ID: units
// credited less units used, below zero when more was used than credited. It
// reports false if the customer has no such meter.
func (s *State) MeterBalance(meterID string) (balance float64, ok bool) {
	if s == nil {
		return 0, false
	}
	for i := range s.ActiveMeters {
		if s.ActiveMeters[i].MeterID == meterID {
			return s.ActiveMeters[i].Balance, true
		}
	}
	return 0, false
}

// RemainingUnits returns how many units of the meter with this ID the customer has
// left: the balance, or zero if that is negative or there is no such meter. It can be
// a fraction. It does not include usage that the service has not counted yet.
func (s *State) RemainingUnits(meterID string) float64 {
	balance, _ := s.MeterBalance(meterID)
	return math.Max(balance, 0)
}

// NextPeriodEnd returns when the first of the active and trialing
// subscriptions' current periods ends. It reports false if there are none. The
// time can have passed: the service may be renewing the subscription still.
func (s *State) NextPeriodEnd() (end time.Time, ok bool) {
	if s == nil {
		return time.Time{}, false
	}
	for i := range s.ActiveSubscriptions {
		sub := &s.ActiveSubscriptions[i]
		if running(sub) && (!ok || sub.CurrentPeriodEnd.Before(end)) {
			end, ok = sub.CurrentPeriodEnd, true
		}
	}
	return end, ok
}
