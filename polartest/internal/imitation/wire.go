package imitation

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/apischema"
	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

// The objects of responses, with the fields in the service's order. They do not
// use the SDK's types, so that one tests the other.

// null turns "" into null.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// timestamp is a time in a response. The zero time is null.
func timestamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return apischema.Stamp(t)
}

// customerObject returns a customer in a response. Metadata that the request has set
// comes back as sent; other metadata comes back as stored.
func customerObject(db *store, row *customerRow, metadata *python.Object) *python.Object {
	billing := row.BillingName
	if billing == "" {
		billing = row.Name
	}
	return python.NewObject(
		"id", row.ID,
		"created_at", timestamp(row.CreatedAt),
		"modified_at", timestamp(row.ModifiedAt),
		"metadata", metadata,
		"external_id", row.shownExternalID(),
		"email", null(row.Email),
		"email_verified", row.EmailVerified,
		"type", row.Type,
		"name", null(row.Name),
		"billing_name", null(billing),
		"billing_address", addressObject(row.BillingAddress),
		"tax_id", taxIDValue(row.TaxID),
		"locale", null(row.Locale),
		"organization_id", row.OrganizationID,
		"default_payment_method_id", null(row.DefaultPaymentMethodID),
		"deleted_at", timestamp(row.DeletedAt),
		"first_user_event_at", timestamp(row.FirstUserEventAt),
		"avatar_url", avatarURL(db, row),
	)
}

func addressObject(a *Address) any {
	if a == nil {
		return nil
	}
	return (*polarrules.Address)(a).Object()
}

func taxIDValue(t *TaxID) any {
	if t == nil {
		return nil
	}
	return []any{t.Value, t.Format}
}

// avatarURL derives the URL from the email address, or else from the owner's.
func avatarURL(db *store, row *customerRow) any {
	if row.AvatarURL != "" {
		return row.AvatarURL
	}
	email := row.Email
	if email == "" {
		owner := db.owner(row.ID)
		if owner == nil {
			return nil
		}
		email = owner.Email
	}
	return fmt.Sprintf("https://www.gravatar.com/avatar/%x?d=404", sha256.Sum256([]byte(strings.ToLower(email))))
}

func memberObject(m *Member) *python.Object {
	return python.NewObject(
		"id", m.ID,
		"created_at", timestamp(m.CreatedAt),
		"modified_at", timestamp(m.ModifiedAt),
		"customer_id", m.CustomerID,
		"email", m.Email,
		"name", null(m.Name),
		"external_id", null(m.ExternalID),
		"role", m.Role,
	)
}

func paymentMethodObject(m *PaymentMethod, defaultID string) *python.Object {
	o := python.NewObject(
		"id", m.ID,
		"created_at", timestamp(m.CreatedAt),
		"modified_at", timestamp(m.ModifiedAt),
		"processor", "stripe",
		"customer_id", m.CustomerID,
		"type", m.Type,
	)
	switch {
	case m.Type == "card" && m.Card != nil:
		o.Set("method_metadata", python.NewObject("brand", m.Card.Brand, "last4", m.Card.Last4,
			"exp_month", m.Card.ExpMonth, "exp_year", m.Card.ExpYear, "wallet", null(m.Card.Wallet)))
	case m.Type == "kr_card" && m.KrCard != nil:
		o.Set("method_metadata", python.NewObject("brand", null(m.KrCard.Brand), "last4", null(m.KrCard.Last4)))
	}
	o.Set("is_default", m.ID == defaultID)
	return o
}

func subscriptionObject(s *Subscription) *python.Object {
	meters := make([]any, len(s.Meters))
	for i, m := range s.Meters {
		meters[i] = python.NewObject(
			"created_at", timestamp(m.CreatedAt),
			"modified_at", timestamp(m.ModifiedAt),
			"id", m.ID,
			"consumed_units", m.ConsumedUnits,
			"credited_units", m.CreditedUnits,
			"amount", m.Amount,
			"meter_id", m.MeterID,
		)
	}
	return python.NewObject(
		"id", s.ID,
		"created_at", timestamp(s.CreatedAt),
		"modified_at", timestamp(s.ModifiedAt),
		"custom_field_data", fromGo(s.CustomFieldData),
		"metadata", fromGo(s.Metadata),
		"status", s.Status,
		"amount", s.Amount,
		"currency", s.Currency,
		"recurring_interval", s.RecurringInterval,
		"current_period_start", timestamp(s.CurrentPeriodStart),
		"current_period_end", timestamp(s.CurrentPeriodEnd),
		"trial_start", timestamp(s.TrialStart),
		"trial_end", timestamp(s.TrialEnd),
		"cancel_at_period_end", s.CancelAtPeriodEnd,
		"canceled_at", timestamp(s.CanceledAt),
		"started_at", timestamp(s.StartedAt),
		"ends_at", timestamp(s.EndsAt),
		"product_id", s.ProductID,
		"discount_id", null(s.DiscountID),
		"price_id", s.PriceID,
		"meters", meters,
		"seats", positiveOrNull(s.Seats),
		"units", positiveOrNull(s.Units),
	)
}

func positiveOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// property is a property of a benefit. fits reports whether it may have a value.
type property struct {
	name string
	fits func(v any) bool
}

func isText(v any) bool { _, ok := v.(string); return ok }

func isTextOrNull(v any) bool { return v == nil || isText(v) }

func isTexts(v any) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(e any) bool { return !isText(e) })
}

func isPermission(v any) bool {
	return slices.Contains([]any{"pull", "triage", "push", "maintain", "admin"}, v)
}

func texts(names ...string) (list []property) {
	for _, n := range names {
		list = append(list, property{n, isText})
	}
	return list
}

// propertiesOf are the properties of each type of benefit, in order. Other types
// have none.
var propertiesOf = map[string][]property{
	"discord": append([]property{{"account_id", isTextOrNull}}, texts("guild_id", "role_id", "granted_account_id")...),
	"github_repository": append([]property{{"account_id", isTextOrNull}, {"repository_owner", isText}, {"repository_name", isText}, {"permission", isPermission}},
		texts("granted_account_id")...),
	"downloadables":        {{"files", isTexts}},
	"license_keys":         texts("user_provided_key", "license_key_id", "display_key"),
	"slack_shared_channel": texts("invited_email", "channel_id", "channel_name", "invite_id", "invite_url", "connected_team_id"),
}

// grantProperties drops properties that the type does not have. One value that
// does not fit drops all.
func grantProperties(benefitType string, given *python.Object) *python.Object {
	o := python.NewObject()
	for _, p := range propertiesOf[benefitType] {
		v, ok := given.Get(p.name)
		if !ok {
			continue
		}
		if !p.fits(v) {
			return python.NewObject()
		}
		o.Set(p.name, v)
	}
	return o
}

// fromGo turns a map of a seed into an object, with the keys in the database's
// order.
func fromGo(m map[string]any) *python.Object {
	o := python.NewObject()
	for k, v := range m {
		o.Set(k, goValue(v))
	}
	polarrules.SortKeys(o)
	return o
}

func goValue(v any) any {
	switch v := v.(type) {
	case nil, bool, string, float64, *big.Int, *python.Object:
		return v
	case float32:
		return float64(v)
	case time.Time:
		return timestamp(v)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = goValue(e)
		}
		return list
	case map[string]any:
		return fromGo(v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	out, _ := python.ParseJSON(data) // valid, as encoding/json wrote it
	return out
}

// toGo is the reverse of goValue.
func toGo(v any) any {
	switch v := v.(type) {
	case *big.Int:
		if v.IsInt64() {
			return int(v.Int64())
		}
		return v
	case *python.Object:
		m := make(map[string]any, v.Len())
		for _, k := range v.Keys() {
			m[k] = toGo(v.Value(k))
		}
		return m
	}
	return v
}
