package customers

import (
	"slices"
	"strings"
	"unicode"
)

// Operation is one thing that the service can do, as its contract has it.
type Operation struct {
	// Name is the method of [Client] that stands for it, such as "Get", or
	// "Members.Create" for one of [MembersClient].
	Name string
	// ID is the operation's name in Polar's OpenAPI document.
	ID string
	// Method and Path are the HTTP operation; the path is a template.
	Method, Path string
	// Scopes are the OAuth scopes that allow it. Any one is enough.
	Scopes []string
}

// harmless reports whether the same request again ends in the same state, so
// that it may be repeated when it is not known whether the first took effect.
//
// A PATCH sets what it names to given values. A new member whose e-mail address
// exists already is that member. A new customer is another matter: see Create.
func (op *Operation) harmless() bool {
	return op.known() && op != opCreate
}

// gone reports whether "not found", after an attempt that may have taken
// effect, means that it did.
func (op *Operation) gone() bool { return op.Method == "DELETE" }

// streams reports whether the answer is handed on as it arrives.
func (op *Operation) streams() bool { return op.Path == opExport.Path && op.Method == opExport.Method }

// known reports whether the contract has the operation.
func (op *Operation) known() bool { return op.ID != "" }

// words is the name as an error says it: "get state by external ID".
func (op *Operation) words() string {
	var b strings.Builder
	for i, r := range strings.ReplaceAll(op.Name, "ID", "") {
		switch {
		case r == '.':
			b.WriteByte(' ')
		case unicode.IsUpper(r):
			if i > 0 && op.Name[i-1] != '.' {
				b.WriteByte(' ')
			}
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	if strings.HasSuffix(op.Name, "ID") {
		b.WriteString(" ID")
	}
	return b.String()
}

var (
	readCustomers  = []string{"customers:read", "customers:write"}
	writeCustomers = []string{"customers:write"}
	readMembers    = []string{"members:read", "members:write"}
	writeMembers   = []string{"members:write"}
)

const (
	base       = "/v1/customers/"
	byID       = base + "{id}"
	byExternal = base + "external/{external_id}"
)

// The operations of the contract.
var (
	opList                         = &Operation{Name: "List", ID: "customers:list", Method: "GET", Path: base, Scopes: readCustomers}
	opCreate                       = &Operation{Name: "Create", ID: "customers:create", Method: "POST", Path: base, Scopes: writeCustomers}
	opExport                       = &Operation{Name: "Export", ID: "customers:export", Method: "GET", Path: base + "export", Scopes: readCustomers}
	opGet                          = &Operation{Name: "Get", ID: "customers:get", Method: "GET", Path: byID, Scopes: readCustomers}
	opUpdate                       = &Operation{Name: "Update", ID: "customers:update", Method: "PATCH", Path: byID, Scopes: writeCustomers}
	opDelete                       = &Operation{Name: "Delete", ID: "customers:delete", Method: "DELETE", Path: byID, Scopes: writeCustomers}
	opGetByExternalID              = &Operation{Name: "GetByExternalID", ID: "customers:get_external", Method: "GET", Path: byExternal, Scopes: readCustomers}
	opUpdateByExternalID           = &Operation{Name: "UpdateByExternalID", ID: "customers:update_external", Method: "PATCH", Path: byExternal, Scopes: writeCustomers}
	opDeleteByExternalID           = &Operation{Name: "DeleteByExternalID", ID: "customers:delete_external", Method: "DELETE", Path: byExternal, Scopes: writeCustomers}
	opGetState                     = &Operation{Name: "GetState", ID: "customers:get_state", Method: "GET", Path: byID + "/state", Scopes: readCustomers}
	opGetStateByExternalID         = &Operation{Name: "GetStateByExternalID", ID: "customers:get_state_external", Method: "GET", Path: byExternal + "/state", Scopes: readCustomers}
	opListPaymentMethods           = &Operation{Name: "ListPaymentMethods", ID: "customers:list_payment_methods", Method: "GET", Path: byID + "/payment-methods", Scopes: readCustomers}
	opListPaymentMethodsByExternal = &Operation{Name: "ListPaymentMethodsByExternalID", ID: "customers:list_payment_methods_external", Method: "GET", Path: byExternal + "/payment-methods", Scopes: readCustomers}
	opMembersList                  = &Operation{Name: "Members.List", ID: "customers:members:list", Method: "GET", Path: byID + "/members", Scopes: readMembers}
	opMembersCreate                = &Operation{Name: "Members.Create", ID: "customers:members:create", Method: "POST", Path: byID + "/members", Scopes: writeMembers}
	opMembersGet                   = &Operation{Name: "Members.Get", ID: "customers:members:get", Method: "GET", Path: byID + "/members/{member_id}", Scopes: readMembers}
	opMembersUpdate                = &Operation{Name: "Members.Update", ID: "customers:members:update", Method: "PATCH", Path: byID + "/members/{member_id}", Scopes: writeMembers}
	opMembersDelete                = &Operation{Name: "Members.Delete", ID: "customers:members:delete", Method: "DELETE", Path: byID + "/members/{member_id}", Scopes: writeMembers}
	opMembersListByExternal        = &Operation{Name: "Members.ListByExternalID", ID: "customers:members:list_external", Method: "GET", Path: byExternal + "/members", Scopes: readMembers}
	opMembersCreateByExternal      = &Operation{Name: "Members.CreateByExternalID", ID: "customers:members:create_external", Method: "POST", Path: byExternal + "/members", Scopes: writeMembers}
	opMembersGetByExternal         = &Operation{Name: "Members.GetByExternalID", ID: "customers:members:get_external", Method: "GET", Path: byExternal + "/members/{member_external_id}", Scopes: readMembers}
	opMembersUpdateByExternal      = &Operation{Name: "Members.UpdateByExternalID", ID: "customers:members:update_external", Method: "PATCH", Path: byExternal + "/members/{member_external_id}", Scopes: writeMembers}
	opMembersDeleteByExternal      = &Operation{Name: "Members.DeleteByExternalID", ID: "customers:members:delete_external", Method: "DELETE", Path: byExternal + "/members/{member_external_id}", Scopes: writeMembers}
)

// operations orders them so that the first template to match a path is the
// right one: a fixed segment before a parameter.
var operations = []*Operation{
	opList, opCreate, opExport,
	opGetByExternalID, opUpdateByExternalID, opDeleteByExternalID,
	opGet, opUpdate, opDelete,
	opGetStateByExternalID, opGetState,
	opListPaymentMethodsByExternal, opListPaymentMethods,
	opMembersListByExternal, opMembersCreateByExternal,
	opMembersGetByExternal, opMembersUpdateByExternal, opMembersDeleteByExternal,
	opMembersList, opMembersCreate,
	opMembersGet, opMembersUpdate, opMembersDelete,
}

// Operations returns every operation of the contract, with the method that
// stands for it and the scopes that allow it.
func Operations() []Operation {
	ops := make([]Operation, len(operations))
	for i, op := range operations {
		ops[i] = *op
		ops[i].Scopes = slices.Clone(op.Scopes)
	}
	return ops
}

// operationAt finds the operation that a request of the raw client is for.
func operationAt(method, path string) *Operation {
	for _, op := range operations {
		if op.Method == method && matches(op.Path, path) {
			return op
		}
	}
	return &Operation{Name: "raw", Method: method, Path: "(unknown)"}
}

// matches reports whether path is an instance of template.
func matches(template, path string) bool {
	for {
		t, trest, tmore := strings.Cut(template, "/")
		p, prest, pmore := strings.Cut(path, "/")
		if tmore != pmore || t != p && (!strings.HasPrefix(t, "{") || p == "") {
			return false
		}
		if !tmore {
			return true
		}
		template, path = trest, prest
	}
}
