package imitation

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// newChecker returns a checker of the shop's request bodies. It adds the rules that the
// contract leaves out.
func newChecker(s *Server) *apischema.Checker {
	bodies := s.bodies
	eventTime := s.eventTime(apischema.Time)
	return &apischema.Checker{
		Document: document(),
		Checks: map[string]pydantic.Check{
			"metadata": polarrules.Metadata, "customer_metadata": polarrules.Metadata, "conditions": polarrules.Metadata, "meta": polarrules.Metadata,
			"AddressInput": polarrules.CheckAddress, "customer_email": bodies.CheckEmail, "locale": polarrules.Locale,
			"ProductCreateOneTime.description": polarrules.OptionalText, "ProductCreateRecurring.description": polarrules.OptionalText,
			"ProductUpdate.description": polarrules.OptionalText, "customer_name": polarrules.OptionalText, "customer_billing_name": polarrules.OptionalText,
			"customer_tax_id": polarrules.OptionalText, "organization_id": pydantic.Nullable(pydantic.UUID(true)),
			"ProductCreateOneTime.name": sized(3, 64), "ProductCreateRecurring.name": sized(3, 64), "ProductUpdate.name": pydantic.Nullable(sized(3, 64)),
			"EventMetadataInput": s.eventMetadata, "EventCreateCustomer.metadata": s.eventMetadata, "EventCreateExternalCustomer.metadata": s.eventMetadata,
			"EventCreateCustomer.timestamp": eventTime, "EventCreateExternalCustomer.timestamp": eventTime,
			"RefundCreate.reason": literal("RefundReason", "duplicate", "fraudulent", "customer_request", "service_disruption", "satisfaction_guarantee", "other"),
			"query.timezone":      timeZone,
			"unit_amount":         decimal, "CostMetadata-Input.amount": decimal, "code": pydantic.Nullable(discountCode), "guild_token": guildToken,
		},
		Rules:  rules,
		Labels: unionLabels,
		Tags: map[string]apischema.Tag{
			"amount_type":    {Enum: "ProductPriceAmountType", Values: strings.Fields("fixed custom seat_based unit_based metered_unit")},
			"DiscountCreate": {Enum: "DiscountType", Values: strings.Fields("fixed percentage")},
			"BenefitCreate":  {Enum: "BenefitType", Values: strings.Fields("custom discord github_repository downloadables license_keys meter_credit feature_flag slack_shared_channel")},
		},
		Choose: map[string]func(*python.Object) (label, schema string){
			"ProductCreate": func(o *python.Object) (string, string) {
				if o.Value("recurring_interval") != nil {
					return "recurring", "ProductCreateRecurring"
				}
				return "one_time", "ProductCreateOneTime"
			},
		},
		Variants: map[string][]string{
			"EventCreateCustomer": {"EventCreateExternalCustomer", "EventCreateCustomer"},
		},
	}
}

// unionLabels are the names that errors give to the variants of unions.
var unionLabels = map[string]string{
	"CheckoutProductsCreate":         checkoutLabel + "CheckoutProductsCreate]]]",
	"CheckoutProductCreate":          checkoutLabel + "CheckoutProductCreate]]]",
	"CheckoutLinkCreateProducts":     linkLabel + "CheckoutLinkCreateProducts]",
	"CheckoutLinkCreateProduct":      linkLabel + "CheckoutLinkCreateProduct]",
	"CheckoutLinkCreateProductPrice": linkLabel + "CheckoutLinkCreateProductPrice]",
	"CheckoutPriceCreate":            checkoutLabel + "CheckoutPriceCreate]]]",
}

// sized checks the number of characters of a text. Its errors are worded like those for
// lists.
func sized(least, most int) pydantic.Check {
	return func(in any, loc []any) (any, []pydantic.Problem) {
		s, problems := pydantic.String(in, loc)
		if problems != nil {
			return nil, problems
		}
		s = python.Strip(s)
		switch n := python.Len(s); {
		case n < least:
			return nil, apischema.Size("too_short", "Value", loc, in, least, n)
		case n > most:
			return nil, apischema.Size("too_long", "Value", loc, in, most, n)
		}
		return s, nil
	}
}

// literal checks that a value is one of some members of an enum.
func literal(enum string, words ...string) pydantic.Check {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = "<" + enum + "." + w + ": '" + w + "'>"
	}
	last := len(names) - 1
	expected := strings.Join(names[:last], ", ") + " or " + names[last]
	return func(in any, loc []any) (any, []pydantic.Problem) {
		if s, ok := in.(string); ok && slices.Contains(words, s) {
			return s, nil
		}
		return nil, []pydantic.Problem{{Type: "literal_error", Loc: loc, Msg: "Input should be " + expected, Input: in, Ctx: python.NewObject("expected", expected)}}
	}
}

// timeZone checks the name of a time zone.
func timeZone(in any, loc []any) (any, []pydantic.Problem) {
	if _, err := time.LoadLocation(text(in)); err != nil {
		return nil, []pydantic.Problem{{Type: "TimeZoneName", Loc: loc, Msg: "Invalid timezone name.", Input: in}}
	}
	return in, nil
}

// decimalForm matches decimals with exponents of at most two digits.
var decimalForm = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$`)

// decimal checks a number, or a text that spells one, and returns it as text.
func decimal(in any, loc []any) (any, []pydantic.Problem) {
	spelled := text(in)
	if in == nil {
		return nil, nil
	}
	if spelled == "" {
		spelled = python.Str(in)
	}
	if !isNumeric(in) || !decimalForm.MatchString(spelled) {
		return nil, []pydantic.Problem{{Type: "decimal_parsing", Loc: loc, Msg: "Input should be a valid decimal", Input: in}}
	}
	if strings.HasPrefix(spelled, "-") {
		return nil, []pydantic.Problem{{Type: "greater_than_equal", Loc: loc, Msg: "Input should be greater than or equal to 0", Input: in, Ctx: python.NewObject("ge", 0)}}
	}
	return spelled, nil
}

func isNumeric(v any) bool {
	switch v.(type) {
	case string, *big.Int, float64:
		return true
	}
	return false
}

func discountCode(in any, loc []any) (any, []pydantic.Problem) {
	s, problems := pydantic.String(in, loc)
	if problems != nil {
		return nil, problems
	}
	s = python.Strip(s)
	if s == "" {
		return nil, nil
	}
	for _, r := range s {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9') {
			return nil, []pydantic.Problem{pydantic.ValueError(in, loc, "Code must contain only alphanumeric characters.")}
		}
	}
	if n := len(s); n < 3 || n > 256 {
		return nil, []pydantic.Problem{pydantic.ValueError(in, loc, "Code must be between 3 and 256 characters long.")}
	}
	return s, nil
}

func guildToken(in any, loc []any) (any, []pydantic.Problem) {
	return nil, []pydantic.Problem{pydantic.ValueError(in, loc, "Invalid token. Please authenticate your Discord server again.")}
}

// rules are checks of whole models. They run once all fields are valid.
var rules = map[string]func(in, values *python.Object, loc []any) []pydantic.Problem{
	"CheckoutProductsCreate": uniqueProducts, "CheckoutProductCreate": checkoutLimits, "CheckoutPriceCreate": checkoutLimits,
	"ProductCreateRecurring":      trialRule,
	"ProductPriceFixedCreate":     fixedPriceRule,
	"ProductPriceCustomCreate":    customPriceRule,
	"DiscountFixedCreate":         discountRule,
	"DiscountPercentageCreate":    discountRule,
	"DiscountUpdate":              datesRule,
	"ProductPriceUnitBasedCreate": unitPriceRule,
	"ProductPriceSeatTiers-Input": seatTiersRule,
}

func trialRule(in, values *python.Object, loc []any) []pydantic.Problem {
	if (values.Value("trial_interval") == nil) != (values.Value("trial_interval_count") == nil) {
		return []pydantic.Problem{{Type: "missing", Loc: loc, Msg: "Both trial_interval and trial_interval_count must be set together.", Input: in}}
	}
	return nil
}

const (
	minimumPrice = 50
	maximumPrice = 99_999_999
)

func priceProblem(in *python.Object, field string, loc []any) []pydantic.Problem {
	v, given := in.Get(field)
	amount := intOf(v)
	at := pydantic.Within(loc, field)
	switch {
	case !given || v == nil:
	case amount > maximumPrice:
		return []pydantic.Problem{{Type: "maximum_price", Loc: at, Msg: "Amount must be at most $999,999.99", Input: v}}
	case amount != 0 && amount < minimumPrice:
		return []pydantic.Problem{{Type: "minimum_price", Loc: at, Msg: "Amount must be at least $0.50 or 0 for free pricing", Input: v}}
	}
	return nil
}

func fixedPriceRule(in, _ *python.Object, loc []any) []pydantic.Problem {
	return priceProblem(in, "price_amount", loc)
}

func customPriceRule(in, _ *python.Object, loc []any) (problems []pydantic.Problem) {
	for _, field := range []string{"minimum_amount", "maximum_amount", "preset_amount"} {
		problems = append(problems, priceProblem(in, field, loc)...)
	}
	return problems
}

func unitPriceRule(in, _ *python.Object, loc []any) []pydantic.Problem {
	for _, v := range listOf(objectOf(in, "tiers"), "tiers") {
		t, _ := v.(*python.Object)
		if r, ok := new(big.Rat).SetString(python.Str(t.Value("unit_amount"))); ok && !r.IsInt() {
			return []pydantic.Problem{pydantic.ValueError(in, loc, "Unit tier rates must be in smallest currency unit, got "+python.Str(t.Value("unit_amount")))}
		}
	}
	if label, ok := in.Value("unit_label").(*python.Object); ok && label != nil {
		for _, forms := range label.All() {
			if o, ok := forms.(*python.Object); ok && o.Text("other") == "" {
				return []pydantic.Problem{{Type: "missing_other_plural", Loc: pydantic.Within(loc, "unit_label"), Msg: "Each locale must include a non-empty 'other' form", Input: label}}
			}
		}
	}
	return nil
}

func seatTiersRule(in, _ *python.Object, loc []any) []pydantic.Problem {
	tiers := listOf(in, "tiers")
	for i := 1; i < len(tiers); i++ {
		before, _ := tiers[i-1].(*python.Object)
		tier, _ := tiers[i].(*python.Object)
		if end, start := intOf(before.Value("max_seats")), intOf(tier.Value("min_seats")); start != end+1 {
			return []pydantic.Problem{pydantic.ValueError(tiers, pydantic.Within(loc, "tiers"), "Gap or overlap between tiers: tier ending at "+python.Str(before.Value("max_seats"))+" and tier starting at "+python.Str(tier.Value("min_seats")))}
		}
	}
	return nil
}

func discountRule(in, values *python.Object, loc []any) []pydantic.Problem {
	switch {
	case values.Text("duration") == "repeating" && values.Value("duration_in_months") == nil:
		return []pydantic.Problem{pydantic.ValueError(in, loc, "`duration_in_months` is required when `duration` is `repeating`.")}
	case values.Text("type") == "fixed" && values.Value("amount") == nil && values.Value("amounts") == nil:
		return []pydantic.Problem{pydantic.ValueError(in, loc, "Must specify either `amount` or `amounts`.")}
	}
	return datesRule(in, values, loc)
}

func datesRule(in, values *python.Object, loc []any) []pydantic.Problem {
	start, end := timeOf(values.Value("starts_at")), timeOf(values.Value("ends_at"))
	if !start.IsZero() && !end.IsZero() && !start.Before(end) {
		return []pydantic.Problem{pydantic.ValueError(in, loc, "starts_at must be before ends_at")}
	}
	return nil
}
