package imitation

import (
	"strings"
	"sync"

	"github.com/polarexpress/polar-go/internal/python"
)

// blanks are new objects of each kind, with the fields in the service's order.
// Objects within them are null: show fills them in.
var blanks = map[kind]string{
	kindProduct: `{"id":null,"created_at":null,"modified_at":null,"trial_interval":null,"trial_interval_count":null,"name":null,"description":null,
		"visibility":"public","recurring_interval":null,"recurring_interval_count":null,"meter_interval":null,"meter_interval_count":null,
		"is_recurring":false,"is_archived":false,"organization_id":null,"metadata":{},"prices":[],"benefits":[],"medias":[],"attached_custom_fields":[]}`,
	kindDiscount: `{"duration":null,"duration_in_months":null,"type":null,"basis_points":null,"amount":null,"currency":null,"amounts":null,
		"created_at":null,"modified_at":null,"id":null,"metadata":{},"name":null,"code":null,"starts_at":null,"ends_at":null,
		"max_redemptions":null,"max_redemptions_per_customer":null,"redemptions_count":0,"organization_id":null,"products":[]}`,
	kindCheckout: `{"id":null,"created_at":null,"modified_at":null,"custom_field_data":{},"payment_processor":"stripe","status":"open","client_secret":null,
		"url":null,"expires_at":null,"success_url":null,"return_url":null,"embed_origin":null,"amount":0,"seats":null,"min_seats":null,"max_seats":null,
		"units":null,"min_units":null,"max_units":null,"discount_amount":0,"net_amount":0,"tax_amount":null,"tax_behavior":null,"total_amount":0,
		"currency":"usd","allow_trial":true,"active_trial_interval":null,"active_trial_interval_count":null,"trial_end":null,"organization_id":null,
		"product_id":null,"product_price_id":null,"discount_id":null,"allow_discount_codes":true,"require_billing_address":false,
		"is_discount_applicable":true,"is_free_product_price":false,"is_payment_required":true,"is_payment_setup_required":false,
		"is_payment_form_required":true,"customer_id":null,"is_business_customer":false,"customer_name":null,"customer_email":null,
		"customer_ip_address":null,"customer_billing_name":null,"customer_billing_address":null,"customer_tax_id":null,"locale":"en",
		"payment_method_type":null,"payment_processor_metadata":{"publishable_key":"pk_x"},"customer_billing_address_fields":null,
		"billing_address_fields":null,"trial_interval":null,"trial_interval_count":null,"metadata":{},"external_customer_id":null,
		"customer_external_id":null,"products":[],"product":null,"product_price":null,"prices":{},"discount":null,"subscription_id":null,
		"attached_custom_fields":[],"customer_metadata":{},"subtotal_amount":0}`,
	kindLink: `{"id":null,"created_at":null,"modified_at":null,"trial_interval":null,"trial_interval_count":null,"metadata":{},"payment_processor":"stripe",
		"client_secret":null,"success_url":null,"return_url":null,"label":null,"allow_discount_codes":true,"require_billing_address":false,"seats":null,
		"units":null,"discount_id":null,"organization_id":null,"products":[],"discount":null,"url":null}`,
	kindOrder: `{"id":null,"created_at":null,"modified_at":null,"status":"paid","paid":true,"subtotal_amount":0,"discount_amount":0,"net_amount":0,
		"tax_amount":0,"total_amount":0,"applied_balance_amount":0,"due_amount":0,"refunded_amount":0,"refunded_tax_amount":0,"currency":"usd",
		"billing_reason":"purchase","billing_name":null,"billing_address":null,"invoice_number":null,"is_invoice_generated":false,"receipt_number":null,
		"seats":null,"units":null,"customer_id":null,"product_id":null,"product_price_id":null,"discount_id":null,"subscription_id":null,
		"checkout_id":null,"next_payment_attempt_at":null,"metadata":{},"custom_field_data":{},"platform_fee_amount":0,"platform_fee_currency":null,
		"customer":null,"user_id":null,"user":null,"product":null,"product_price":null,"discount":null,"subscription":null,"items":[],
		"description":null,"amount":0,"from_balance_amount":0,"refundable_amount":0,"refundable_tax_amount":0}`,
	kindSubscription: `{"created_at":null,"modified_at":null,"id":null,"amount":0,"currency":"usd","recurring_interval":"month","recurring_interval_count":1,
		"status":"active","current_period_start":null,"current_period_end":null,"current_meter_period_start":null,"current_meter_period_end":null,
		"trial_start":null,"trial_end":null,"cancel_at_period_end":false,"canceled_at":null,"started_at":null,"ends_at":null,"ended_at":null,
		"past_due_at":null,"pause_at_period_end":false,"paused_at":null,"resumes_at":null,"customer_id":null,"product_id":null,"discount_id":null,
		"checkout_id":null,"seats":null,"units":null,"customer_cancellation_reason":null,"customer_cancellation_comment":null,"price_id":null,
		"metadata":{},"custom_field_data":{},"customer":null,"user_id":null,"user":null,"product":null,"discount":null,"price":null,"prices":[],
		"meters":[],"pending_update":null}`,
	kindRefund: `{"created_at":null,"modified_at":null,"id":null,"metadata":{},"status":"succeeded","reason":null,"amount":0,"tax_amount":0,"currency":"usd",
		"organization_id":null,"order_id":null,"subscription_id":null,"customer_id":null,"revoke_benefits":false,"dispute":null}`,
	kindBenefit: `{"id":null,"created_at":null,"modified_at":null,"type":"custom","description":null,"selectable":true,"deletable":true,"is_deleted":false,
		"organization_id":null,"metadata":{},"visibility":"public","properties":{},"visibility_configurable":true}`,
	kindGrant: `{"created_at":null,"modified_at":null,"id":null,"granted_at":null,"is_granted":false,"revoked_at":null,"is_revoked":false,
		"subscription_id":null,"order_id":null,"customer_id":null,"member_id":null,"benefit_id":null,"error":null,"customer":null,"member":null,
		"benefit":null,"properties":{},"user_id":null}`,
	kindKey: `{"id":null,"created_at":null,"modified_at":null,"organization_id":null,"user_id":null,"customer_id":null,"user":null,"customer":null,
		"benefit_id":null,"key":null,"display_key":null,"status":"granted","limit_activations":null,"usage":0,"limit_usage":null,"validations":0,
		"last_validated_at":null,"expires_at":null}`,
	kindActivation: `{"id":null,"license_key_id":null,"label":null,"meta":{},"created_at":null,"modified_at":null}`,
	kindMeter: `{"metadata":{},"created_at":null,"modified_at":null,"id":null,"name":null,"unit":"scalar","custom_label":null,"custom_multiplier":null,
		"filter":null,"aggregation":null,"organization_id":null,"archived_at":null}`,
	kindEvent: `{"id":null,"timestamp":null,"organization_id":null,"customer_id":null,"customer":null,"external_customer_id":null,"member_id":null,
		"external_member_id":null,"child_count":0,"parent_id":null,"label":null,"name":null,"source":"user","metadata":{}}`,
	kindCustomerMeter: `{"id":null,"created_at":null,"modified_at":null,"customer_id":null,"meter_id":null,"consumed_units":0.0,"credited_units":0,"balance":0.0,
		"customer":null,"meter":null}`,
}

var parsedBlanks = sync.OnceValue(func() map[kind]*python.Object {
	all := map[kind]*python.Object{}
	for k, text := range blanks {
		all[k] = parseObject(text)
	}
	return all
})

func blank(k kind) *python.Object { return parsedBlanks()[k].Clone() }

// parseObject reads a JSON object. It returns nil if text is not one.
func parseObject(text string) *python.Object {
	v, _ := python.ParseJSON([]byte(text))
	o, _ := v.(*python.Object)
	return o
}

// pick copies some fields of an object.
func pick(o *python.Object, fields string) *python.Object { return o.Pick(strings.Fields(fields)) }

// omit copies an object without some of its fields.
func omit(o *python.Object, fields string) *python.Object {
	out := o.Clone()
	for _, f := range strings.Fields(fields) {
		out.Delete(f)
	}
	return out
}

// The fields of objects that are nested in others.
const (
	productFields = `id created_at modified_at trial_interval trial_interval_count name description visibility recurring_interval
		recurring_interval_count meter_interval meter_interval_count is_recurring is_archived organization_id`
	benefitFields  = "id created_at modified_at type description selectable deletable is_deleted organization_id"
	discountFields = "duration duration_in_months type basis_points amount currency amounts id name code"
	meterFields    = "id name unit custom_label custom_multiplier"
	// stateFields are those of a subscription in a customer's state.
	stateFields = `id created_at modified_at custom_field_data metadata status amount currency recurring_interval current_period_start current_period_end
		trial_start trial_end cancel_at_period_end canceled_at started_at ends_at product_id discount_id price_id meters seats units`
	subscriptionMeterFields = "created_at modified_at id consumed_units credited_units amount meter_id"
	customerMeterFields     = "id created_at modified_at meter_id consumed_units credited_units balance"
	// subscriptionFields are those of a subscription in an order.
	subscriptionFields = `metadata created_at modified_at id amount currency recurring_interval recurring_interval_count status current_period_start
		current_period_end current_meter_period_start current_meter_period_end trial_start trial_end cancel_at_period_end canceled_at started_at
		ends_at ended_at past_due_at pause_at_period_end paused_at resumes_at customer_id product_id discount_id checkout_id seats units
		customer_cancellation_reason customer_cancellation_comment`
)

// show returns an object as it is in responses.
func (db *store) show(r *row) *python.Object {
	o := r.data.Clone()
	switch r.kind {
	case kindProduct:
		o.Set("prices", db.prices(listOf(o, "prices")))
		benefits := []any{}
		for _, id := range textsOf(listOf(o, "benefits")) {
			if b := db.shop.get(kindBenefit, id); b != nil {
				benefits = append(benefits, db.show(b))
			}
		}
		o.Set("benefits", benefits)
	case kindDiscount:
		showDiscount(o)
		products := []any{}
		for _, id := range textsOf(listOf(o, "products")) {
			if p := db.shop.rows[id]; p != nil {
				products = append(products, pick(p.data, "metadata "+productFields))
			}
		}
		o.Set("products", products)
	case kindCheckout:
		db.showCheckout(r, o)
	case kindLink:
		db.showLink(r, o)
	case kindOrder:
		db.showCustomer(o, "github_username")
		db.showDiscount(o, "metadata created_at modified_at starts_at ends_at max_redemptions max_redemptions_per_customer redemptions_count organization_id")
		if p := db.shop.rows[r.text("product_id")]; p != nil {
			o.Set("product", pick(p.data, "metadata "+productFields))
		}
		if sub := db.shop.rows[r.text("subscription_id")]; sub != nil {
			o.Set("subscription", pick(sub.data, subscriptionFields+" price_id"))
			objectOf(o, "subscription").Set("user_id", sub.customer)
		}
	case kindSubscription:
		db.showCustomer(o, "github_username")
		db.showDiscount(o, "metadata created_at modified_at starts_at ends_at max_redemptions max_redemptions_per_customer redemptions_count organization_id")
		if p := db.shop.rows[r.text("product_id")]; p != nil {
			o.Set("product", db.show(p))
		}
		prices := db.prices(listOf(o, "prices"))
		o.Set("prices", prices)
		if len(prices) > 0 {
			o.Set("price", prices[0])
		}
		meters := []any{}
		for _, v := range listOf(o, "meters") {
			if m, ok := v.(*python.Object); ok {
				m = m.Clone()
				if meter := db.shop.rows[m.Text("meter_id")]; meter != nil {
					m.Set("meter", meter.data)
				}
				meters = append(meters, m)
			}
		}
		o.Set("meters", meters)
	case kindGrant:
		db.showCustomer(o, "")
		if b := db.shop.rows[r.text("benefit_id")]; b != nil {
			o.Set("benefit", db.show(b))
		}
		if m := db.members[r.text("member_id")]; m != nil {
			o.Set("member", memberObject(m))
		}
	case kindKey:
		db.showCustomer(o, "")
	case kindEvent:
		if c := db.customers[r.customer]; c != nil {
			o.Set("customer", customerObject(db, c, c.metadata))
		}
	case kindCustomerMeter:
		db.showCustomer(o, "")
		if m := db.shop.rows[r.text("meter_id")]; m != nil {
			o.Set("meter", m.data)
		}
	case kindBenefit:
		if r.text("type") == "custom" {
			shown := omit(o, "visibility_configurable")
			shown.Set("is_tax_applicable", true)
			shown.Set("visibility_configurable", o.Value("visibility_configurable"))
			return shown
		}
	}
	return o
}

// prices returns prices with their meters filled in.
func (db *store) prices(list []any) []any {
	out := make([]any, len(list))
	for i, v := range list {
		p, _ := v.(*python.Object)
		out[i] = p
		if m := db.shop.rows[p.Text("meter_id")]; m != nil {
			p = p.Clone()
			p.Set("meter", pick(m.data, meterFields))
			out[i] = p
		}
	}
	return out
}

// showCustomer fills in the customer, and the deprecated user.
func (db *store) showCustomer(o *python.Object, userFields string) {
	c := db.customers[o.Text("customer_id")]
	if c == nil {
		return
	}
	shown := customerObject(db, c, c.metadata)
	o.Set("customer", shown)
	if _, has := o.Get("user_id"); has {
		o.Set("user_id", c.ID)
	}
	if _, has := o.Get("user"); has {
		user := python.NewObject("id", c.ID, "email", shown.Value("email"), "public_name", publicName(c), "avatar_url", shown.Value("avatar_url"))
		if userFields != "" {
			user.Set(userFields, nil)
		}
		o.Set("user", user)
	}
}

// publicName returns the customer's initial.
func publicName(c *customerRow) string {
	for _, r := range c.Name + c.Email {
		return string(r)
	}
	return ""
}

// showDiscount fills in the discount, with fields in addition to the common ones.
func (db *store) showDiscount(o *python.Object, fields string) {
	if d := db.shop.rows[o.Text("discount_id")]; d != nil {
		shown := pick(d.data, discountFields+" "+fields)
		showDiscount(shown)
		o.Set("discount", shown)
	}
}

// showDiscount leaves out the fields that the discount's type and duration do not
// have.
func showDiscount(o *python.Object) {
	if o.Text("duration") != "repeating" {
		o.Delete("duration_in_months")
	}
	drop := "basis_points"
	if o.Text("type") == "percentage" {
		drop = "amount currency amounts"
	}
	for _, f := range strings.Fields(drop) {
		o.Delete(f)
	}
}

// statePart returns the subscriptions, grants and meters of a customer's state.
func (db *store) statePart(customer string) (subscriptions, grants, meters []any) {
	subscriptions, grants, meters = []any{}, []any{}, []any{}
	for _, r := range db.shop.of[owner{kindSubscription, customer}] {
		if activeInState[r.text("status")] {
			o := pick(r.data, stateFields)
			list := []any{}
			for _, m := range listOf(o, "meters") {
				list = append(list, pick(m.(*python.Object), subscriptionMeterFields))
			}
			o.Set("meters", list)
			subscriptions = append(subscriptions, o)
		}
	}
	for _, r := range db.shop.of[owner{kindGrant, customer}] {
		if !r.is("is_granted") {
			continue
		}
		o := pick(r.data, "id created_at modified_at granted_at benefit_id")
		if b := db.shop.rows[r.text("benefit_id")]; b != nil {
			o.Set("benefit_type", b.text("type"))
			o.Set("benefit_metadata", b.data.Value("metadata"))
			o.Set("properties", grantProperties(b.text("type"), objectOf(r.data, "properties")))
		}
		grants = append(grants, o)
	}
	for _, r := range db.shop.of[owner{kindCustomerMeter, customer}] {
		meters = append(meters, pick(r.data, customerMeterFields))
	}
	return subscriptions, grants, meters
}
