package imitation

import (
	"cmp"
	"math/big"
	"net/http"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/polarrules"
	"github.com/polarexpress/polar-go/internal/python"
)

const (
	defaultLimit = 10
	maxLimit     = 100
)

// paging is the position of a page.
type paging struct {
	offset, limit int
	// beyond is set if the offset is larger than the database can count, which
	// makes the service fail.
	beyond bool
}

// paging reads page and limit. A limit above the maximum is silently reduced to
// it.
func (c *call) paging() paging {
	page := c.query.Positive("page", 1)
	limit := c.query.Positive("limit", defaultLimit)
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

// page returns one page of a list.
func page[T any](list []T, p paging) []T {
	from := min(p.offset, len(list))
	return list[from:min(from+p.limit, len(list))]
}

// pageResponse returns a page in the envelope that all lists share.
func pageResponse(items []any, total int, p paging) *response {
	if items == nil {
		items = []any{}
	}
	pages := (total + p.limit - 1) / p.limit
	return jsonResponse(http.StatusOK, python.NewObject("items", items, "pagination", python.NewObject("total_count", total, "max_page", pages)))
}

var customerSorting = []string{"created_at", "-created_at", "email", "-email", "name", "-name"}

// filter reports whether a list contains a customer.
type filter func(row *customerRow) bool

func listCustomers(c *call) *response {
	orgs, byOrg := polarrules.Organizations(&c.query)
	email, byEmail := c.query.Last("email")
	query, _ := c.query.Last("query")
	active, byActive := c.query.Bool("active")
	p := c.paging()
	sorting := c.query.Words("sorting", customerSorting, "-created_at")
	metadata := polarrules.MetadataFilters(&c.query)
	if resp := c.invalid(); resp != nil {
		return resp
	}
	if p.beyond || hasNUL(email, query) {
		return internalError()
	}
	for key, values := range metadata {
		if hasNUL(key) || hasNUL(values...) {
			return internalError()
		}
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
		if !row.presentable() {
			return internalError()
		}
		items[i] = customerObject(c.db, row, row.metadata)
	}
	return pageResponse(items, total, p)
}

// reach returns the requested organizations that the caller may see.
func (c *call) reach(asked []string, given bool) (orgs []string) {
	for _, id := range c.who.Organizations {
		if !given || slices.Contains(asked, id) {
			orgs = append(orgs, id)
		}
	}
	return orgs
}

// selectPage counts the customers that pass the filters and returns one page
// of them.
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
	order := func(a, b *customerRow) int { return compareBy(a, b, sorting) }
	switch sorting[0] {
	case "created_at":
	case "-created_at":
		all = slices.Clone(all)
		slices.Reverse(all)
	default:
		all = slices.Clone(all)
		slices.Reverse(all)
		slices.SortStableFunc(all, order)
	}
	return len(all), c.srv.pageOf(all, order, p)
}

// pageOf returns a page of a sorted list. The service does not order rows of
// equal rank, so each page has them in another order. Rows may then appear
// twice, or not at all, when a list is read page by page.
func (s *Server) pageOf(rows []*customerRow, order func(a, b *customerRow) int, p paging) []*customerRow {
	from := min(p.offset, len(rows))
	to := min(from+p.limit, len(rows))
	if s.opts.newestFirst || from == to {
		return rows[from:to]
	}
	first, end := from, to // of the groups that the page shows
	for first > 0 && order(rows[first-1], rows[from]) == 0 {
		first--
	}
	for end < len(rows) && order(rows[to-1], rows[end]) == 0 {
		end++
	}
	groups := slices.Clone(rows[first:end])
	for i := 0; i < len(groups); {
		n := i + 1
		for n < len(groups) && order(groups[i], groups[n]) == 0 {
			n++
		}
		group := groups[i:n]
		s.random.Shuffle(len(group), func(a, b int) { group[a], group[b] = group[b], group[a] })
		i = n
	}
	return groups[from-first : to-first]
}

func passes(row *customerRow, filters []filter) bool {
	for _, f := range filters {
		if !f(row) {
			return false
		}
	}
	return true
}

// matchesQuery looks for q in the email address and the names, and at the
// beginning of the external ID.
func matchesQuery(q string) filter {
	return func(row *customerRow) bool {
		return strings.Contains(row.lowerEmail, q) || strings.Contains(row.lowerName, q) ||
			strings.Contains(row.lowerBilling, q) || row.ExternalID != "" && strings.HasPrefix(row.lowerExternal, q)
	}
}

func matchesMetadata(key string, values []string) filter {
	return func(row *customerRow) bool {
		v, ok := row.metadata.Get(key)
		return ok && slices.Contains(values, polarrules.MetadataText(v))
	}
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

// compareText orders text by its bytes. Nulls come last.
func compareText(a, b string) int {
	if (a == "") != (b == "") {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// hasNUL reports whether a text holds U+0000, which the database refuses.
func hasNUL(texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return strings.ContainsRune(s, 0) })
}
