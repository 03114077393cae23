package surface

import (
	"maps"
	"slices"
	"strings"
)

// assignServices gives every operation its service, and every type the
// operations that use it and the services that it belongs to.
//
// The service of an operation is the first segment of its path after the
// version. Events belong to the service of the thing that they are about. A
// type belongs to the services whose operations use it most directly: an order
// is used by the events of several services, but returned by that of orders.
func (b *builder) assignServices() {
	names := map[string]bool{}
	for _, op := range b.Operations {
		if !op.Webhook {
			op.Service = pathService(op.Path)
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
		t.Services = slices.Compact(t.Services)
	}
}

func pathService(path string) string {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	if len(segments) > 1 && len(segments[0]) > 1 && segments[0][0] == 'v' {
		return segments[1]
	}
	return segments[0]
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
			at = obj(at)[unescape(step)]
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

// enclosing returns the schema or operation within which an anonymous type is.
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
