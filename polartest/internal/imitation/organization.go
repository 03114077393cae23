package imitation

import (
	"github.com/polarexpress/polar-go/internal/python"
)

// publicOrganization has the fields of an organization that customers see.
const publicOrganization = `{"created_at":null,"modified_at":null,"id":null,"name":null,"slug":null,"avatar_url":null,"proration_behavior":"prorate",
	"allow_customer_updates":true,"bio":null,"company":null,"blog":null,"location":null,"twitter_username":null,"pledge_minimum_amount":0,
	"pledge_badge_show_amount":false,"default_upfront_split_to_contributors":null,"email":null,"website":null,"socials":[],"status":"active",
	"details_submitted_at":null,"feature_settings":{"issue_funding_enabled":false,"seat_based_pricing_enabled":true,"unit_based_pricing_enabled":true,
	"wallets_enabled":true,"member_model_enabled":true,"checkout_localization_enabled":false,"overview_metrics":null,
	"reset_proration_behavior_enabled":false,"off_session_charges_enabled":false,"meter_cycling_enabled":false,"slack_benefit_enabled":false,
	"preview_access_enabled":false,"disputes_enabled":false,"sso_enabled":false,"dispute_auto_accept_enabled":false,"compass_enabled":false,
	"merchant_migration_enabled":false},"subscription_settings":{"allow_multiple_subscriptions":false,"proration_behavior":"prorate",
	"benefit_revocation_grace_period":0,"prevent_trial_abuse":false,"allow_customer_updates":true},"customer_email_settings":{
	"order_confirmation":true,"payment_method_expiration_reminder":true,"subscription_cancellation":true,"subscription_confirmation":true,
	"subscription_cycled":true,"subscription_cycled_after_trial":true,"subscription_past_due":true,"subscription_paused":true,
	"subscription_resumed":true,"subscription_renewal_reminder":true,"subscription_revoked":true,
	"subscription_trial_conversion_reminder":true,"subscription_uncanceled":true,"subscription_updated":true}}`

// object returns the organization as customers see it.
func (o *Organization) object() *python.Object {
	shown := parseObject(publicOrganization)
	setAll(shown, []any{"id", o.ID, "name", o.Name, "slug", o.Slug, "avatar_url", null(o.AvatarURL), "created_at", timestamp(o.CreatedAt)})
	features := objectOf(shown, "feature_settings")
	features.Set("member_model_enabled", !o.WithoutMembers)
	return shown
}

// portal returns the organization as the portal shows it.
func (o *Organization) portal() *python.Object {
	shown := o.object()
	shown.Set("customer_portal_settings", parseObject(`{"usage":{"show":true},"subscription":{"update_seats":true,"update_plan":true},"customer":{"allow_email_change":false}}`))
	shown.Set("organization_features", python.NewObject("member_model_enabled", !o.WithoutMembers, "checkout_localization_enabled", false))
	return shown
}
