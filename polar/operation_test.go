package polar

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

func TestOperations(t *testing.T) {
	ops := Operations()
	if !slices.IsSortedFunc(ops, func(a, b Operation) int { return cmp.Compare(a.Path, b.Path) }) {
		t.Error("not sorted by path")
	}
	for _, op := range ops {
		service, method, ok := strings.Cut(op.Name, ".")
		if !ok || service == "" || method == "" || op.ID == "" || op.Method == "" || !strings.HasPrefix(op.Path, "/v1/") || op.Method == "GET" && !op.Idempotent {
			t.Errorf("%+v", op)
		}
		if operation(op.ID).Path != op.Path || operation(op.ID).Method != op.Method {
			t.Errorf("%s is found as %+v", op.ID, operation(op.ID))
		}
		if got := operationAt(op.Method, op.Path); got.ID != op.ID {
			t.Errorf("%s %s is found as %s", op.Method, op.Path, got.ID)
		}
	}
	if op := operation("customers:teleport"); op.ID != "customers:teleport" || op.Path != "" || op.Idempotent {
		t.Errorf("an unknown operation is %+v", op)
	}
}

// The caller may change what Operations returns.
func TestOperationsAreCopies(t *testing.T) {
	a := Operations()
	for i := range a {
		a[i].Name = "changed"
		for j := range a[i].Scopes {
			a[i].Scopes[j] = "changed"
		}
	}
	for _, op := range Operations() {
		if op.Name == "changed" || slices.Contains(op.Scopes, "changed") {
			t.Fatalf("a caller changed %s", op.ID)
		}
	}
}

func TestOperationWords(t *testing.T) {
	for id, want := range map[string]string{
		"customers:get":                     "customers: get",
		"customers:get_state_external":      "customers: get state by external ID",
		"customers:members:create_external": "customers: members create by external ID",
		"benefit-grants:list":               "benefit grants: list",
		"checkout_links:list":               "checkout links: list",
		"customers":                         "customers",
		"":                                  "polar",
	} {
		if got := (&Operation{ID: id}).words(); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
}

func TestMatchesTemplate(t *testing.T) {
	for _, tc := range []struct {
		template, path string
		want           bool
	}{
		{"/v1/a/{id}", "/v1/a/1", true},
		{"/v1/a/{id}", "/v1/a/", false},
		{"/v1/a/{id}", "/v1/a/1/", false},
		{"/v1/a/{id}", "/v1/a", false},
		{"/v1/a/", "/v1/a/", true},
		{"/v1/a/", "/v1/a", false},
		{"/v1/a/{id}/b", "/v1/a//b", false},
		{"/v1/a/{id}/b", "/v1/a/x/c", false},
	} {
		if got := matchesTemplate(tc.template, tc.path); got != tc.want {
			t.Errorf("%s is an instance of %s: %t", tc.path, tc.template, got)
		}
	}
}
