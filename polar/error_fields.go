package polar

import (
	"cmp"
	"slices"
	"strings"
)

// FieldError is one part of the input that was refused.
type FieldError struct {
	// In is where the part is: "body", "query" or "path". It is empty for an
	// argument that was refused before a request was sent.
	In string
	// Path names the part, such as "billing_address.country". It is empty for the
	// whole.
	Path string
	// Type is the kind of mistake in the service's terms, such as "missing", or
	// "invalid_argument".
	Type string
	// Message is the explanation. The service's can hold personal data.
	Message string
}

func (f FieldError) isDuplicate() bool {
	return f.In == "body" && (f.Path == "email" || f.Path == "external_id") && saysExists(f.Message)
}

// saysExists reports whether text is what the service says about an email address
// or external ID that is taken, and nothing that echoes the input.
func saysExists(text string) bool {
	rest, customer := strings.CutPrefix(text, "A customer with this ")
	rest, member := strings.CutPrefix(rest, "A member with this ")
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, "."), " for this customer")
	what, said := strings.CutSuffix(rest, " already exists")
	return (customer || member) && said && consistsOf(what, letters+" ")
}

// fieldsText says what is wrong with the input, without repeating itself.
func fieldsText(fields []FieldError) string {
	var texts []string
	for _, f := range fields {
		t := f.text()
		if slices.Contains(texts, t) {
			continue
		}
		if len(texts) == 8 {
			texts = append(texts, "and more")
			break
		}
		texts = append(texts, t)
	}
	return cmp.Or(strings.Join(texts, "; "), "the service refused the input")
}

// text names the field and says what is wrong with it.
func (f FieldError) text() string {
	name := f.name()
	if name == "metadata" && f.Path != name {
		return "metadata has a key or a value that is not allowed: see Metadata"
	}
	what := cmp.Or(fieldAdvice[f.Message], fieldAdvice[f.Type], "is not valid")
	if f.Type == "value_error" && strings.Contains(f.Message, "is not a valid email address") {
		what = "is not an email address, or its domain does not accept mail (example.com does not)"
	}
	return name + " " + what
}

// name is the field's name as far as the contract has it: keys of metadata are
// the seller's.
func (f FieldError) name() string {
	var path []string
	for step := range strings.SplitSeq(f.Path, ".") {
		if !slices.Contains(fieldNames[:], step) || len(path) == 2 {
			break
		}
		path = append(path, step)
		if step == "metadata" {
			break
		}
	}
	return cmp.Or(strings.Join(path, "."), "the request")
}

// fieldAdvice says what to do about a field that was refused: by message, where
// that never holds the input, or else by type.
var fieldAdvice = map[string]string{
	"A customer with this email address already exists.":         "belongs to a customer that already exists",
	"A customer with this external ID already exists.":           "belongs to a customer that already exists",
	"A member with this email already exists for this customer.": "belongs to a member that already exists",
	"Customer external ID cannot be updated.":                    "is already set and cannot be changed",
	"Customer billing address cannot be reset to null once set.": "cannot be null: leave it out to keep it",
	"Invalid tax ID.":                         "is not a tax number of the country of the billing address",
	"Country is required to validate tax ID.": "is required with a tax ID",
	"Setting organization_id is disallowed when using an organization token.":                                 "must be left out with an organization's token",
	"organization_id is required.":                                                                            "is required with a user's token",
	"Organization not found.":                                                                                 "is not an organization that the token reaches",
	"Customer type cannot be downgraded from 'team' to 'individual'.":                                         "cannot change from team to individual",
	"Cannot change role. Customer must have exactly one owner.":                                               "cannot change: make another member the owner first",
	"Cannot delete the only owner. Transfer ownership first.":                                                 "would leave the customer without an owner: make another member the owner first",
	"Cannot change the email of an individual customer's owner. Update the customer's email instead.":         "is that of the customer: update the customer instead",
	"Value error, An owner with an email address is required when creating a team customer without an email.": "needs an email address or an owner with one",
	"Value error, Invalid US state":                                                                           "has a state that is not one of the United States: use a code such as US-NY",
	"Value error, Invalid CA subdivision":                                                                     "has a state that is not a province of Canada: use a code such as CA-ON",
	"Value error, Invalid IETF BCP 47 language tag":                                                           "is not a BCP 47 language tag",
	"Value error, This value contains invalid characters":                                                     "contains a NUL character",

	"bool_parsing":          "must be true or false",
	"dict_type":             "must be an object",
	"enum":                  "is not one of the allowed values",
	"greater_than":          "must be greater than 0",
	"int_parsing":           "must be a whole number",
	"json_invalid":          "is not JSON",
	"literal_error":         "is not one of the allowed values",
	"missing":               "is required",
	"model_attributes_type": "must be a JSON object",
	"organization_token":    "must be left out with an organization's token",
	"string_too_long":       "is too long",
	"string_too_short":      "is too short",
	"string_type":           "must be a string",
	"too_long":              "has too many entries",
	"union_tag_invalid":     "has a type that is neither individual nor team",
	"uuid_parsing":          "is not a UUID",
	"uuid_type":             "is not a UUID",
	"uuid_version":          "is not a UUID of version 4",
}
