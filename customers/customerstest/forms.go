package customerstest

import "slices"

const maxName = 256

// forms are the bodies that the service takes.
type forms struct {
	createIndividual, createTeam model
	update, updateExternal       model
	memberCreate, memberUpdate   model
}

func newForms(mail func(domain string) MailStatus) *forms {
	email := emailCheck(mail)
	name := field{"name", false, nullable(text(maxName))}
	externalID := field{"external_id", false, nullable(text(0))}
	metadata := field{"metadata", false, metadataCheck}
	billing := []field{
		{"billing_address", false, nullable(addressCheck)},
		{"tax_id", false, nullable(text(0))},
		{"locale", false, nullable(localeCheck)},
	}
	owner := model{{"email", true, email}, name, externalID}

	create := slices.Concat(model{metadata, externalID, name}, billing, model{
		{"organization_id", false, nullable(uuid4Check)},
		{"owner", false, nullable(owner.nested)},
	})
	updateExternal := slices.Concat(model{metadata, {"email", false, nullable(email)}, name}, billing)

	return &forms{
		createIndividual: slices.Concat(create, model{{"email", true, email}}),
		createTeam:       slices.Concat(create, model{{"email", false, nullable(email)}}),
		updateExternal:   updateExternal,
		update: slices.Concat(updateExternal, model{
			externalID,
			{"type", false, nullable(enum(typeIndividual, typeTeam))},
		}),
		memberCreate: model{{"email", true, email}, name, externalID, {"role", false, newMemberRole}},
		memberUpdate: model{
			name,
			{"email", false, nullable(email)},
			{"role", false, nullable(enum(memberRoles...))},
		},
	}
}
