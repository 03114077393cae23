package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/polarexpress/polar-go/internal/refresh/surface"
)

// Fields reports what the contract has and the Go types lack: parameters and fields of
// requests, fields of responses, and properties of variants that the struct of their
// union lacks. It checks the generated types of every operation, and the types in the
// signature of its method.
func Fields(s *surface.Surface, src *Source) []Problem {
	f := &fields{surface: s}
	for _, key := range slices.Sorted(maps.Keys(f.surface.Operations)) {
		op := f.surface.Operations[key]
		if op.Webhook {
			continue
		}
		for _, g := range src.Generated {
			if g.Has(op) {
				f.generated(key, op, g.Package)
			}
		}
		if !strings.HasPrefix(op.Path, customersPath) {
			continue // methods of other packages may support only a part of an operation
		}
		for _, p := range src.Services {
			for _, m := range p.Calls(key) {
				f.method(key, op, m, p)
			}
		}
	}
	// A field that a generated type lacks is also missing from its aliases.
	missing := map[string]bool{}
	for _, p := range f.problems {
		if strings.HasPrefix(p.Where, "gen") {
			missing[p.What] = true
		}
	}
	f.problems = slices.DeleteFunc(f.problems, func(p Problem) bool {
		return !strings.HasPrefix(p.Where, "gen") && missing[p.What] && !strings.HasPrefix(p.What, "the parameter")
	})
	slices.SortStableFunc(f.problems, func(a, b Problem) int { return strings.Compare(a.Where, b.Where) })
	return dedup(f.problems)
}

type fields struct {
	surface  *surface.Surface
	problems []Problem
}

func (f *fields) generated(key string, op *surface.Operation, gen *Package) {
	if name, ok := gen.generated(op.ID, "Params"); ok {
		f.parameters(key, op, gen.Name+"."+name, gen.namedShape(name, nil))
	} else if takes(op, "query ") || takes(op, "header ") {
		f.add(gen.Name, key+" has parameters, but no generated type has them", "Run make generate")
	}
	for media, body := range op.Bodies {
		name, ok := gen.generated(op.ID, "JSONRequestBody")
		if !strings.Contains(media, "json") {
			continue
		}
		if !ok {
			f.add(gen.Name, key+" takes a body, but there is no generated type for it", "Run make generate")
			continue
		}
		f.walk(body.Type, gen.namedShape(name, nil), true, gen.Name, map[string]bool{})
	}
	name, ok := gen.generated(op.ID, "Result")
	if !ok {
		f.add(gen.Name, key+" has no generated result", "Run make generate")
		return
	}
	result := gen.namedShape(name, nil)
	for status, r := range op.Responses {
		for media, body := range r.Bodies {
			if !strings.Contains(media, "json") {
				continue
			}
			s, ok := result.field("JSON" + status)
			if !ok {
				f.add(gen.Name+"."+name, "it has no field for the response "+status, "Run make generate")
				continue
			}
			f.walk(body.Type, s, false, gen.Name, map[string]bool{})
		}
	}
}

func takes(op *surface.Operation, place string) bool {
	for name := range op.Parameters {
		if strings.HasPrefix(name, place) {
			return true
		}
	}
	return false
}

func (f *fields) add(where, what, do string) {
	f.problems = append(f.problems, Problem{where, what, do})
}

func (f *fields) parameters(key string, op *surface.Operation, where string, s shape) {
	for _, p := range slices.Sorted(maps.Keys(op.Parameters)) {
		place, name, _ := strings.Cut(p, " ")
		if place == "path" {
			continue
		}
		if _, ok := s.field(name); !ok && !s.open {
			f.add(where, fmt.Sprintf("the parameter %s of %s has no field in it", name, key),
				"Add a field with the JSON name "+name+" and send it")
		}
	}
}

// method checks the types in the signature of an operation's method. The items
// of a list are the type argument of a page.
func (f *fields) method(key string, op *surface.Operation, m Method, service *Package) {
	params := shape{fields: map[string]shape{}}
	name := ""
	for _, e := range m.Params {
		s := service.shape(e, nil)
		if s.fields == nil {
			continue
		}
		name = s.name
		for k := range s.fields {
			field, _ := s.field(k)
			field.expr = nil
			params.fields[k] = field
		}
	}
	params.name = name
	where := m.At + ", " + m.Name
	f.parameters(key, op, where, params)
	for _, body := range op.Bodies {
		f.walk(body.Type, params, true, where, map[string]bool{})
	}
	for status, r := range op.Responses {
		if !strings.HasPrefix(status, "2") || len(m.Results) == 0 {
			continue
		}
		for media, body := range r.Bodies {
			if !strings.Contains(media, "json") {
				continue
			}
			result := service.shape(m.Results[0], nil)
			page := f.surface.Types[body.Type]
			if items, ok := result.field("Items"); ok && page != nil && page.Fields["items"] != nil {
				f.walk(page.Fields["items"].Type, items, false, where, map[string]bool{})
				continue
			}
			f.walk(body.Type, result, false, where, map[string]bool{})
		}
	}
}

// walk compares a type of the contract with its Go type, and also the types of their
// fields.
func (f *fields) walk(typ string, s shape, sent bool, where string, seen map[string]bool) {
	for strings.HasPrefix(typ, "[]") {
		if s.elem == nil {
			return // a page, or another type that is not a slice
		}
		typ, s = strings.TrimPrefix(strings.TrimPrefix(typ, "[]"), "*"), s.elem()
	}
	for one := range strings.SplitSeq(typ, " | ") {
		t := f.surface.Types[one]
		if t == nil || s.open || s.fields == nil || seen[one+" "+s.name] {
			continue
		}
		seen[one+" "+s.name] = true
		for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
			field := t.Fields[name]
			into, ok := s.field(name)
			if ok {
				f.walk(field.Type, into, sent, where, seen)
				continue
			}
			in := s.name
			if in == "" {
				in = "the struct for " + one
			}
			at := where
			if strings.HasPrefix(where, "gen") && s.name != "" {
				at = where + "." + s.name
			}
			switch {
			case len(field.Variants) > 0 && len(field.Variants) < len(t.Variants):
				f.add(at, fmt.Sprintf("%s has no %s, which the variant %s of %s has", in, name, strings.Join(field.Variants, ", "), one),
					"Run make generate; if it is missing still, mark the union "+one+" with x-polar-merge in openapi/overlay.yaml")
			case sent:
				f.add(at, fmt.Sprintf("%s has no %s, which a request of %s can contain", in, name, one),
					"Shape it in openapi/overlay.yaml, or add the field by hand")
			default:
				f.add(at, fmt.Sprintf("%s has no %s, which a response of %s contains", in, name, one),
					"Shape it in openapi/overlay.yaml and run make generate")
			}
		}
	}
}
