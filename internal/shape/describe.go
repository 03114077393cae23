package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// describe appends its scopes and its route to the description of each operation.
func describe(doc object) {
	for path, item := range at(doc, "paths") {
		item, _ := item.(object)
		for method, operation := range item {
			op, ok := operation.(object)
			if !ok {
				continue
			}
			lines := fmt.Sprintf("Scopes: %s.\n\nAPI: %s %s", scopes(op), strings.ToUpper(method), path)
			if text, ok := op["description"].(string); ok {
				lines = text + "\n\n" + lines
			}
			op["description"] = lines
		}
	}
}

// nameLists gives the page of each list a Go name: OrderList for ListResource_Order_.
func nameLists(doc object) {
	schemas := at(doc, "components", "schemas")
	for name, schema := range schemas {
		item, ok := strings.CutPrefix(name, "ListResource_")
		if schema := schema.(object); ok && schema["x-go-name"] == nil {
			item = strings.TrimSuffix(item, "_")
			goName, ok := at(schemas, item)["x-go-name"].(string)
			if !ok {
				goName = pascal(item) // item may be a union, which is no schema of its own
			}
			schema["x-go-name"] = goName + "List"
		}
	}
}

// scopes lists the scopes that allow op.
func scopes(op object) string {
	all := map[string]bool{}
	for _, requirement := range list(op, "security") {
		for _, scopes := range requirement.(object) {
			for _, scope := range scopes.([]any) {
				all[scope.(string)] = true
			}
		}
	}
	text := strings.Join(slices.Sorted(maps.Keys(all)), " or ")
	switch len(all) {
	case 0:
		return "none"
	case 1:
		return text
	}
	return text + " (any one is enough)"
}
