package polarrules

import (
	"fmt"
	"slices"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// The types of customers.
const (
	Individual = "individual"
	Team       = "team"
)

// The roles of members.
const (
	Owner          = "owner"
	BillingManager = "billing_manager"
	PlainMember    = "member"
)

var memberRoles = []string{Owner, BillingManager, PlainMember}

// MemberRoles returns the roles in the order in which the service lists them.
func MemberRoles() []string { return slices.Clone(memberRoles) }

const maxName = 256

// Bodies checks the bodies of requests.
type Bodies struct {
	email                        pydantic.Check
	createIndividual, createTeam pydantic.Model
	update, updateExternal       pydantic.Model
	memberCreate, memberUpdate   pydantic.Model
}

// NewBodies returns checks that use mail to look up the domains of email addresses.
func NewBodies(mail func(domain string) MailStatus) *Bodies {
	email := emailCheck(mail)
	name := pydantic.Field{Name: "name", Check: pydantic.Nullable(textCheck(maxName))}
	externalID := pydantic.Field{Name: "external_id", Check: pydantic.Nullable(textCheck(0))}
	metadata := pydantic.Field{Name: "metadata", Check: Metadata}
	requiredEmail := pydantic.Field{Name: "email", Required: true, Check: email}
	optionalEmail := pydantic.Field{Name: "email", Check: pydantic.Nullable(email)}
	billing := pydantic.Model{
		{Name: "billing_address", Check: pydantic.Nullable(addressCheck)},
		{Name: "tax_id", Check: pydantic.Nullable(textCheck(0))},
		{Name: "locale", Check: pydantic.Nullable(Locale)},
	}
	owner := pydantic.Model{requiredEmail, name, externalID}

	create := slices.Concat(pydantic.Model{metadata, externalID, name}, billing, pydantic.Model{
		{Name: "organization_id", Check: pydantic.Nullable(pydantic.UUID(true))},
		{Name: "owner", Check: pydantic.Nullable(owner.Nested)},
	})
	updateExternal := slices.Concat(pydantic.Model{metadata, optionalEmail, name}, billing)

	return &Bodies{
		email:            email,
		createIndividual: slices.Concat(create, pydantic.Model{requiredEmail}),
		createTeam:       slices.Concat(create, pydantic.Model{optionalEmail}),
		updateExternal:   updateExternal,
		update: slices.Concat(updateExternal, pydantic.Model{
			externalID,
			{Name: "type", Check: pydantic.Nullable(pydantic.Enum(Individual, Team))},
		}),
		memberCreate: pydantic.Model{requiredEmail, name, externalID, {Name: "role", Check: newMemberRole}},
		memberUpdate: pydantic.Model{
			name,
			optionalEmail,
			{Name: "role", Check: pydantic.Nullable(pydantic.Enum(memberRoles...))},
		},
	}
}

// Email checks one email address and returns the form to store.
func (b *Bodies) Email(address string) (string, []pydantic.Problem) {
	v, problems := b.email(address, pydantic.Loc("email"))
	return text(v), problems
}

// CreateCustomer checks the body of a new customer and returns its fields and the
// customer's type, which decides the form of the body.
func (b *Bodies) CreateCustomer(body any) (values map[string]any, kind string, problems []pydantic.Problem) {
	in, bad := pydantic.Body(body)
	if bad != nil {
		if body != nil {
			bad[0].Loc = pydantic.Loc("body", Individual)
		}
		return nil, "", bad
	}
	kind = Individual
	if v, given := in.Get("type"); given {
		if v != Individual && v != Team {
			return nil, "", []pydantic.Problem{badTag(in, v)}
		}
		kind = v.(string)
	}
	fields := b.createIndividual
	if kind == Team {
		fields = b.createTeam
	}
	at := pydantic.Loc("body", kind)
	values, problems = fields.Apply(in, at)
	if kind == Team && len(problems) == 0 && values["email"] == nil && values["owner"] == nil {
		problems = append(problems, pydantic.ValueError(in, at, "An owner with an email address is required when creating a team customer without an email."))
	}
	return values, kind, problems
}

func badTag(in *python.Object, tag any) pydantic.Problem {
	const discriminator, expected = "_customer_create_type()", "'individual', 'team'"
	shown := python.Str(tag)
	return pydantic.Problem{
		Type: "union_tag_invalid", Loc: pydantic.Loc("body"),
		Msg:   fmt.Sprintf("Input tag '%s' found using %s does not match any of the expected tags: %s", shown, discriminator, expected),
		Input: in, Ctx: python.NewObject("discriminator", discriminator, "tag", shown, "expected_tags", expected),
	}
}

// UpdateCustomer checks the body of a change to a customer. The routes with an external
// ID ignore the fields that they cannot change.
func (b *Bodies) UpdateCustomer(body any, external bool) (map[string]any, []pydantic.Problem) {
	if external {
		return apply(b.updateExternal, body)
	}
	return apply(b.update, body)
}

// CreateMember checks the body of a new member.
func (b *Bodies) CreateMember(body any) (map[string]any, []pydantic.Problem) {
	return apply(b.memberCreate, body)
}

// UpdateMember checks the body of a change to a member.
func (b *Bodies) UpdateMember(body any) (map[string]any, []pydantic.Problem) {
	return apply(b.memberUpdate, body)
}

func apply(m pydantic.Model, body any) (map[string]any, []pydantic.Problem) {
	in, problems := pydantic.Body(body)
	if problems != nil {
		return nil, problems
	}
	return m.Apply(in, pydantic.Loc("body"))
}

// newMemberRole checks the role of a new member, who cannot be the owner.
func newMemberRole(in any, at []any) (any, []pydantic.Problem) {
	if in == PlainMember || in == BillingManager {
		return in, nil
	}
	const expected = "<MemberRole.member: 'member'> or <MemberRole.billing_manager: 'billing_manager'>"
	return nil, []pydantic.Problem{{Type: "literal_error", Loc: at, Msg: "Input should be " + expected, Input: in, Ctx: python.NewObject("expected", expected)}}
}
