package surface

import (
	"maps"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

// assignServices gives every operation its service, and every type the
// operations that use it and the services that it belongs to.
//
// An event belongs to the service of its subject. A type belongs to the services whose
// operations use it most directly: an order is part of a refund, but the operations of
// "orders" return it.
func (b *builder) assignServices() {
	names := map[string]bool{}
	for _, op := range b.Operations {
		if !op.Webhook {
			op.Service = contract.Service(op.Path)
			names[op.Service] = true
		}
	}
	steps := map[string]map[string]int{} // type → operation → references between them
	for key, op := range b.Operations {
		if op.Webhook {
			op.Service = eventService(op.Path, names)
		}
		for name, n := range b.distances(key) {
			if steps[name] == nil {
				steps[name] = map[string]int{}
			}
			steps[name][key] = n
		}
	}
	for name, t := range b.Types {
		reached := steps[name]
		if reached == nil { // a type without a name of its own
			reached = steps[b.enclosing(name)]
		}
		if reached == nil {
			continue
		}
		t.UsedBy = slices.Sorted(maps.Keys(reached))
		nearest := slices.Min(slices.Collect(maps.Values(reached)))
		for key, n := range reached {
			if n == nearest {
				t.Services = append(t.Services, b.Operations[key].Service)
			}
		}
		slices.Sort(t.Services)
		t.Services = ownService(name, slices.Compact(t.Services))
	}
}

// ownService picks the service that a type is named after, if it is one of
// several: CheckoutLink belongs to "checkout-links".
func ownService(name string, services []string) []string {
	longest := ""
	for _, service := range services {
		singular := strings.ReplaceAll(strings.TrimSuffix(service, "s"), "-", "")
		if len(name) >= len(singular) && strings.EqualFold(name[:len(singular)], singular) && len(service) > len(longest) {
			longest = service
		}
	}
	if longest == "" || len(services) == 1 {
		return services
	}
	return []string{longest}
}

// eventService returns the service among names that an event is about:
// "benefit_grant.created" is about "benefit-grants".
func eventService(event string, names map[string]bool) string {
	subject, _, _ := strings.Cut(event, ".")
	subject = strings.ReplaceAll(subject, "_", "-")
	if names[subject+"s"] {
		return subject + "s"
	}
	return subject
}

// distances returns the schemas that an operation uses, directly or not, with
// the number of references to follow. It includes the operation itself.
func (b *builder) distances(key string) map[string]int {
	op := b.Operations[key]
	section := "paths"
	if op.Webhook {
		section = "webhooks"
	}
	item := obj(obj(b.doc[section])[op.Path])
	found := map[string]int{key: 0}
	next := references([]any{item["parameters"], item[strings.ToLower(op.Method)]})
	for n := 1; len(next) > 0; n++ {
		level := next
		next = nil
		for _, ref := range level {
			name := refName(map[string]any{"$ref": ref})
			if name == "" {
				name = ref
			}
			if _, ok := found[name]; !ok {
				found[name] = n
				next = append(next, b.referencesOf(ref)...)
			}
		}
	}
	return found
}

func (b *builder) referencesOf(ref string) []string {
	refs, ok := b.refs[ref]
	if !ok {
		at := any(b.doc)
		for _, step := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
			at = obj(at)[contract.Unescape(step)]
		}
		refs = references(at)
		b.refs[ref] = refs
	}
	return refs
}

// references lists the references within v.
func references(v any) []string {
	var refs []string
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			refs = append(refs, ref)
		}
		for _, e := range sorted(v) {
			refs = append(refs, references(e)...)
		}
	case []any:
		for _, e := range v {
			refs = append(refs, references(e)...)
		}
	}
	return refs
}

// enclosing returns the schema or operation that contains an anonymous type.
func (b *builder) enclosing(name string) string {
	if i := strings.IndexAny(name, ".|["); i > 0 && b.Types[name[:i]] != nil {
		return name[:i]
	}
	longest := ""
	for key := range b.Operations {
		if strings.HasPrefix(name, key+" ") && len(key) > len(longest) {
			longest = key
		}
	}
	return longest
}
