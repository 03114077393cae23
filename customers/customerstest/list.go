package customerstest

import (
	"cmp"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

const (
	defaultLimit = 10
	maxLimit     = 100
)

// paging is a page's position.
type paging struct {
	offset, limit int
	// beyond is set where the offset is more than the database can count,
	// which makes the service fail.
	beyond bool
}

// paging reads page and limit. A limit over the maximum is clamped, silently.
func (c *call) paging() paging {
	page := c.query.positive("page", 1)
	limit := c.query.positive("limit", defaultLimit)
	p := paging{limit: maxLimit}
	if limit.Cmp(big.NewInt(maxLimit)) < 0 {
		p.limit = int(limit.Int64())
	}
	offset := new(big.Int).Mul(page.Sub(page, big.NewInt(1)), big.NewInt(int64(p.limit)))
	p.beyond = !offset.IsInt64()
	p.offset = int(min(offset.Int64(), 1<<40))
	if p.beyond {
		p.offset = 1 << 40
	}
	return p
}

// page cuts one page out of a list.
func page[T any](list []T, p paging) []T {
	from := min(p.offset, len(list))
	return list[from:min(from+p.limit, len(list))]
}

// pageResponse is a page in the envelope that all lists share.
func pageResponse(items []any, total int, p paging) *response {
	if items == nil {
		items = []any{}
	}
	pages := (total + p.limit - 1) / p.limit
	return jsonResponse(http.StatusOK, obj("items", items, "pagination", obj("total_count", total, "max_page", pages)))
}

var customerSorting = []string{"created_at", "-created_at", "email", "-email", "name", "-name"}

// filter tells which customers a list holds.
type filter func(row *customerRow) bool

func listCustomers(c *call) *response {
	orgs, byOrg := c.query.organizations()
	email, byEmail := c.query.last("email")
	query, _ := c.query.last("query")
	active, byActive := c.query.boolean("active")
	p := c.paging()
	sorting := c.query.words("sorting", customerSorting, "-created_at")
	metadata := c.query.metadata()
	if resp := c.invalid(); resp != nil {
		return resp
	}
	for _, v := range c.query.params {
		if strings.ContainsRune(v.value, 0) && (v.name == "email" || v.name == "query" || metadataName.MatchString(v.name)) {
			return internalError()
		}
	}
	if p.beyond {
		return internalError()
	}
	var filters []filter
	if byEmail {
		want := strings.ToLower(email)
		filters = append(filters, func(row *customerRow) bool { return email != "" && row.lowerEmail == want })
	}
	if query != "" {
		filters = append(filters, matchesQuery(strings.ToLower(query)))
	}
	if byActive {
		filters = append(filters, func(row *customerRow) bool { return c.db.active(row.ID) == active })
	}
	for key, values := range metadata {
		filters = append(filters, matchesMetadata(key, values))
	}
	total, rows := c.selectPage(c.reach(orgs, byOrg), filters, sorting, p)
	items := make([]any, len(rows))
	for i, row := range rows {
		items[i] = customerObject(c.db, row, row.metadata)
	}
	return pageResponse(items, total, p)
}

// reach is what the caller sees of the organizations that were asked for.
func (c *call) reach(asked []string, given bool) (orgs []string) {
	for _, id := range c.who.Organizations {
		if !given || slices.Contains(asked, id) {
			orgs = append(orgs, id)
		}
	}
	return orgs
}

// selectPage counts the customers that pass and returns one page of them.
func (c *call) selectPage(orgs []string, filters []filter, sorting []string, p paging) (total int, rows []*customerRow) {
	var all []*customerRow
	switch len(orgs) {
	case 0:
		return 0, nil
	case 1:
		all = c.db.org(orgs[0]).byTime
	default:
		for _, id := range orgs {
			all = append(all, c.db.org(id).byTime...)
		}
		slices.SortFunc(all, compareRows)
	}
	if len(filters) > 0 {
		var kept []*customerRow
		for _, row := range all {
			if passes(row, filters) {
				kept = append(kept, row)
			}
		}
		all = kept
	}
	switch {
	case sorting[0] == "created_at":
		return len(all), page(all, p)
	case sorting[0] == "-created_at":
		return len(all), lastPage(all, p)
	}
	sorted := slices.Clone(all)
	slices.Reverse(sorted)
	slices.SortStableFunc(sorted, func(a, b *customerRow) int { return compareBy(a, b, sorting) })
	return len(sorted), page(sorted, p)
}

// lastPage is a page of the reversed list.
func lastPage(list []*customerRow, p paging) []*customerRow {
	to := max(len(list)-p.offset, 0)
	rows := slices.Clone(list[max(to-p.limit, 0):to])
	slices.Reverse(rows)
	return rows
}

func passes(row *customerRow, filters []filter) bool {
	for _, f := range filters {
		if !f(row) {
			return false
		}
	}
	return true
}

// matchesQuery finds a part of the e-mail or of a name, or the beginning of
// the external ID.
func matchesQuery(q string) filter {
	return func(row *customerRow) bool {
		return strings.Contains(row.lowerEmail, q) || strings.Contains(row.lowerName, q) ||
			strings.Contains(row.lowerBilling, q) || row.ExternalID != "" && strings.HasPrefix(row.lowerExternal, q)
	}
}

func matchesMetadata(key string, values []string) filter {
	return func(row *customerRow) bool {
		v, ok := row.metadata.get(key)
		return ok && slices.Contains(values, metadataText(v))
	}
}

// metadataName is the name of a metadata filter. What follows the first
// closing bracket does not count.
var metadataName = regexp.MustCompile(`^metadata\[([^\]]+)\]`)

// metadata reads the metadata filters: for each key, the values of which one
// must match.
func (q *queryValues) metadata() map[string][]string {
	filters := map[string][]string{}
	for _, p := range q.params {
		if m := metadataName.FindStringSubmatch(p.name); m != nil {
			filters[m[1]] = append(filters[m[1]], p.value)
		}
	}
	return filters
}

// compareBy orders by several criteria. Nulls are last when ascending and
// first when descending, as in PostgreSQL.
func compareBy(a, b *customerRow, sorting []string) int {
	for _, s := range sorting {
		name, descending := strings.CutPrefix(s, "-")
		var n int
		switch name {
		case "created_at":
			n = a.CreatedAt.Compare(b.CreatedAt)
		case "email":
			n = compareText(a.Email, b.Email)
		case "name":
			n = compareText(a.Name, b.Name)
		}
		if descending {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// compareText orders text by its bytes, after which come nulls.
func compareText(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}
