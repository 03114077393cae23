package customers_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/polarexpress/polar-go/customers"
)

const helperState = `{
  "id": "c", "type": "individual", "metadata": {}, "created_at": "2026-11-01T00:00:00Z",
  "granted_benefits": [
    {"benefit_id": "b1", "benefit_type": "feature_flag", "benefit_metadata": {"export": true, "seats": 3, "tier": "gold", "off": false, "rate": 0.5, "blank": "", "huge": 1e400, "none": null}},
    {"benefit_id": "b2", "benefit_type": "license_keys", "benefit_metadata": {"tier": "silver"}}
  ],
  "active_subscriptions": [
    {"id": "s1", "product_id": "p1", "status": "active", "current_period_end": "2026-12-10T00:00:00Z"},
    {"id": "s2", "product_id": "p1", "status": "active", "current_period_end": "2026-12-20T00:00:00Z"},
    {"id": "s3", "product_id": "p2", "status": "trialing", "current_period_end": "2026-12-05T00:00:00Z"},
    {"id": "s4", "product_id": "p3", "status": "paused", "current_period_end": "2026-12-01T00:00:00Z"}
  ],
  "active_meters": [
    {"id": "x1", "meter_id": "m1", "balance": 2.5},
    {"id": "x2", "meter_id": "m2", "balance": -4}
  ]
}`

func decodeState(t testing.TB) *customers.State {
	t.Helper()
	var s customers.State
	if err := json.Unmarshal([]byte(helperState), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestStateBenefits(t *testing.T) {
	s := decodeState(t)
	for _, tc := range []struct {
		what string
		got  bool
		want bool
	}{
		{"ID", s.HasBenefit("b1"), true},
		{"second ID", s.HasBenefit("b2"), true},
		{"unknown ID", s.HasBenefit("b3"), false},
		{"empty ID", s.HasBenefit(""), false},
		{"type", s.HasBenefitType(customers.BenefitLicenseKeys), true},
		{"type not granted", s.HasBenefitType(customers.BenefitDiscord), false},
		{"key", s.HasBenefitKey("export"), true},
		{"key with an empty value", s.HasBenefitKey("blank"), true},
		{"key that is off", s.HasBenefitKey("off"), false},
		{"unknown key", s.HasBenefitKey("import"), false},
		{"string", s.HasBenefitValue("tier", "gold"), true},
		{"string of the second grant", s.HasBenefitValue("tier", "silver"), true},
		{"other string", s.HasBenefitValue("tier", "lead"), false},
		{"int", s.HasBenefitValue("seats", 3), true},
		{"int64", s.HasBenefitValue("seats", int64(3)), true},
		{"uint32", s.HasBenefitValue("seats", uint32(3)), true},
		{"float of an int", s.HasBenefitValue("seats", 3.0), true},
		{"float", s.HasBenefitValue("rate", 0.5), true},
		{"JSON number", s.HasBenefitValue("rate", json.Number("0.5")), true},
		{"other number", s.HasBenefitValue("seats", 4), false},
		{"number as a string", s.HasBenefitValue("seats", "3"), false},
		{"number out of range", s.HasBenefitValue("huge", math.Inf(1)), false},
		{"bool", s.HasBenefitValue("export", true), true},
		{"false", s.HasBenefitValue("off", false), true},
		{"bool as a string", s.HasBenefitValue("export", "true"), false},
		{"nil value", s.HasBenefitValue("export", nil), false},
		{"null", s.HasBenefitValue("none", nil), false},
		{"unknown key's value", s.HasBenefitValue("import", nil), false},
		{"value that cannot be compared", s.HasBenefitValue("export", []int{1}), false},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.what, tc.got, tc.want)
		}
	}
}

func TestStateProducts(t *testing.T) {
	s := decodeState(t)
	for product, want := range map[string]string{"p1": "s2", "p2": "s3", "p3": "", "p4": "", "": ""} {
		got := ""
		if sub := s.SubscriptionTo(product); sub != nil {
			got = sub.ID
		}
		if got != want || s.HasProduct(product) != (want != "") {
			t.Errorf("product %q: got subscription %q, want %q", product, got, want)
		}
	}
}

func TestStateMeters(t *testing.T) {
	s := decodeState(t)
	for _, tc := range []struct {
		meter              string
		balance, remaining float64
		ok                 bool
	}{{"m1", 2.5, 2.5, true}, {"m2", -4, 0, true}, {"m3", 0, 0, false}} {
		balance, ok := s.MeterBalance(tc.meter)
		if balance != tc.balance || ok != tc.ok || s.RemainingUnits(tc.meter) != tc.remaining {
			t.Errorf("meter %s: got %v, %v, %v", tc.meter, balance, ok, s.RemainingUnits(tc.meter))
		}
	}
}

func TestStateNextPeriodEnd(t *testing.T) {
	s := decodeState(t)
	end, ok := s.NextPeriodEnd()
	if want := time.Date(2026, 12, 5, 0, 0, 0, 0, time.UTC); !ok || !end.Equal(want) {
		t.Errorf("got %v, %v; want %v", end, ok, want)
	}
	s.ActiveSubscriptions = s.ActiveSubscriptions[3:]
	if end, ok := s.NextPeriodEnd(); ok || !end.IsZero() {
		t.Errorf("without a running subscription: got %v, %v", end, ok)
	}
}

// A nil state gives access to nothing.
func TestStateNil(t *testing.T) {
	var s *customers.State
	_, meter := s.MeterBalance("m1")
	_, period := s.NextPeriodEnd()
	if s.HasBenefit("b1") || s.HasBenefitType(customers.BenefitCustom) || s.HasBenefitKey("k") || s.HasBenefitValue("k", 1) ||
		s.HasProduct("p1") || s.SubscriptionTo("p1") != nil || meter || s.RemainingUnits("m1") != 0 || period {
		t.Error("a nil state gave access")
	}
}

func TestStateHelpersDoNotAllocate(t *testing.T) {
	s := decodeState(t)
	if n := testing.AllocsPerRun(100, func() {
		s.HasBenefit("b2")
		s.HasBenefitType(customers.BenefitLicenseKeys)
		s.HasBenefitKey("export")
		s.HasBenefitValue("tier", "silver")
		s.HasProduct("p2")
		s.RemainingUnits("m1")
		s.NextPeriodEnd()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
