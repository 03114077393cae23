package imitation

import (
	"encoding/json"
	"fmt"
	"testing"
)

// readPages reads a list page by page and counts how often each customer comes.
func readPages(t *testing.T, srv *Server, query string) map[string]int {
	t.Helper()
	token, seen := srv.Token(), map[string]int{}
	for page, last := 1, 1; page <= last; page++ {
		status, body := do(t, srv, token, "GET", fmt.Sprintf("/v1/customers/?limit=7&page=%d&%s", page, query), "")
		var list struct {
			Items      []struct{ ID string }
			Pagination struct {
				MaxPage int `json:"max_page"`
			}
		}
		if err := json.Unmarshal([]byte(body), &list); err != nil || status != 200 {
			t.Fatalf("%d, %v: %s", status, err, body)
		}
		for _, item := range list.Items {
			seen[item.ID]++
		}
		last = list.Pagination.MaxPage
	}
	return seen
}

// A reader of a list that is sorted by name alone misses rows, as on the service. A
// second sort by the time of creation prevents it.
func TestRowsOfEqualRank(t *testing.T) {
	srv := NewServer(t)
	const n = 60
	for i := range n {
		c := Customer{Name: []string{"", "Ada", "Bob"}[i%3]}
		srv.AddCustomer(c)
	}
	for _, query := range []string{"", "sorting=created_at", "sorting=email", "sorting=name&sorting=created_at", "sorting=-name&sorting=-created_at"} {
		if seen := readPages(t, srv, query); len(seen) != n {
			t.Errorf("%q: %d of %d customers", query, len(seen), n)
		}
	}
	for _, query := range []string{"sorting=name", "sorting=-name"} {
		if seen := readPages(t, srv, query); len(seen) == n {
			t.Errorf("%q: all customers come although nothing parts those of one name", query)
		}
	}
}
