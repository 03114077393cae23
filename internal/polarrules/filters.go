package polarrules

import (
	"regexp"

	"github.com/polarexpress/polar-go/internal/pydantic"
)

// organizationLabel is the name that pydantic gives to the second of the two
// forms of organization_id.
const organizationLabel = "json-or-python[json=list[uuid],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]"

// Organizations reads the parameter organization_id, which has one or more UUIDs.
func Organizations(q *pydantic.Query) (ids []string, given bool) {
	values := q.All("organization_id")
	if len(values) == 0 {
		return nil, false
	}
	var bad []pydantic.Problem
	input := make([]any, len(values))
	for i, v := range values {
		input[i] = v
		id, p := pydantic.CheckUUID(v, pydantic.Loc("query", "organization_id", organizationLabel, i), true)
		if p != nil {
			bad = append(bad, *p)
			continue
		}
		ids = append(ids, id)
	}
	if len(bad) > 0 {
		q.Problems = append(q.Problems, pydantic.NotUUID(input, pydantic.Loc("query", "organization_id", "uuid")))
		q.Problems = append(q.Problems, bad...)
	}
	return ids, true
}

// metadataName is the name of a metadata filter. Text after the first closing bracket
// is ignored.
var metadataName = regexp.MustCompile(`^metadata\[([^\]]+)\]`)

// MetadataFilters reads the parameters metadata[key]: for each key, the values that
// match it. A name without a key is not a filter.
func MetadataFilters(q *pydantic.Query) map[string][]string {
	filters := map[string][]string{}
	for _, p := range q.Params {
		if m := metadataName.FindStringSubmatch(p.Name); m != nil {
			filters[m[1]] = append(filters[m[1]], p.Value)
		}
	}
	return filters
}
