package customers

import "github.com/polarexpress/polar-go/internal/check"

// maxName is the longest name, in characters.
const maxName = 256

func checkID(operationID, path, id string) error {
	var args check.Arguments
	args.IDOfTwo(path, id)
	return args.Err(operationID)
}

func checkExternalID(operationID, path, id string) error {
	var args check.Arguments
	args.ExternalID(path, id)
	return args.Err(operationID)
}

func checkCreate(args *check.Arguments, p CreateParams) {
	hasOwner := p.Owner != nil && p.Owner.Email != ""
	switch {
	case p.Email == "" && p.Type != TypeTeam:
		args.Refuse("email", "is required, except for a team with an owner")
	case p.Email == "" && !hasOwner:
		args.Refuse("owner", "with an email address is required for a team without one")
	}
	args.Email("email", p.Email)
	args.NewExternalID("external_id", p.ExternalID)
	args.Text("name", p.Name, maxName)
	args.Text("locale", p.Locale, 0)
	args.UUID("organization_id", p.OrganizationID)
	if args.Text("tax_id", p.TaxID, 0); p.TaxID != "" && p.BillingAddress == nil {
		args.Refuse("tax_id", "needs a billing address, because it is checked against the country")
	}
	if p.Owner != nil {
		args.Email("owner.email", p.Owner.Email)
		args.Text("owner.name", p.Owner.Name, maxName)
		args.NewExternalID("owner.external_id", p.Owner.ExternalID)
	}
	args.Address("billing_address", (*check.Address)(p.BillingAddress))
	args.Metadata("metadata", p.Metadata)
}

func checkUpdate(args *check.Arguments, p UpdateByExternalIDParams) {
	args.Email("email", check.Value(p.Email))
	args.Text("name", check.Value(p.Name), maxName)
	args.Text("locale", check.Value(p.Locale), 0)
	args.Text("tax_id", check.Value(p.TaxID), 0)
	if p.BillingAddress.IsNull() {
		args.Refuse("billing_address", "cannot be null: leave it out to keep it")
	}
	args.Address("billing_address", (*check.Address)(check.Pointer(p.BillingAddress)))
	args.Metadata("metadata", p.Metadata)
}

func checkMemberCreate(args *check.Arguments, p MemberCreateParams) {
	if p.Email == "" {
		args.Refuse("email", "is required")
	}
	if p.Role == RoleOwner {
		args.Refuse("role", "must not be owner: create the member, then change its role with Update")
	}
	args.Email("email", p.Email)
	args.Text("name", p.Name, maxName)
	args.NewExternalID("external_id", p.ExternalID)
}

func checkMemberUpdate(args *check.Arguments, p MemberUpdateParams) {
	args.Email("email", check.Value(p.Email))
	args.Text("name", check.Value(p.Name), maxName)
}
