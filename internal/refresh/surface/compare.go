package surface

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Impact is what a change means to programs that use this SDK once they upgrade to a
// release with the change.
type Impact int

const (
	// Invisible changes make no difference to programs.
	Invisible Impact = iota
	// Additive changes add something; programs compile and work as before.
	Additive
	// Breaking changes can stop a program from compiling, make one of its calls
	// fail, or change what a call does.
	Breaking
)

func (i Impact) String() string {
	return [...]string{"invisible", "additive", "breaking"}[i]
}

// A Kind is the kind of thing that changed.
type Kind string

// The kinds of change.
const (
	KindContract  Kind = "contract"
	KindServer    Kind = "server"
	KindOperation Kind = "operation"
	KindScope     Kind = "scope"
	KindParameter Kind = "parameter"
	KindBody      Kind = "body"
	KindStatus    Kind = "status code"
	KindType      Kind = "type"
	KindVariant   Kind = "variant"
	KindField     Kind = "field"
	KindValue     Kind = "enum value"
	KindGo        Kind = "generated code"
)

// A Change is one difference between two contracts.
type Change struct {
	Impact Impact
	Kind   Kind
	Where  string // an operation's key, a type, or a type's field
	Name   string // what changed there: a parameter, a field, a value
	What   string // a sentence without its full stop
	Why    string // the reason for the impact, from a user's point of view

	Added, Removed bool
	Sent           bool     // clients send it
	Variants       []string // the variants of a union that have it

	Services []string // the services that it belongs to
	UsedBy   []string // the keys of the operations that it affects
}

func (c Change) String() string {
	return fmt.Sprintf("%s: %s: %s", c.Impact, c.Where, c.What)
}

// Compare lists the differences between two surfaces, breaking ones first.
func Compare(before, after *Surface) []Change {
	c := &comparer{after: after}
	if before.Version != after.Version {
		c.add(Change{Impact: Breaking, Kind: KindContract, Where: "API version",
			What: fmt.Sprintf("is %s, was %s", after.Version, before.Version),
			Why:  "the client requests this version in every call"})
	}
	each(set(before.Servers), set(after.Servers),
		func(url string, _ bool) {
			c.add(Change{Impact: Breaking, Kind: KindServer, Where: "servers", Name: url, Removed: true, What: url + " was removed", Why: "released clients send requests there"})
		},
		func(url string, _ bool) {
			c.add(Change{Impact: Additive, Kind: KindServer, Where: "servers", Name: url, Added: true, What: url + " is new", Why: "another base URL is available"})
		}, nil)
	c.operations(before.Operations, after.Operations)
	c.types(before.Types, after.Types)
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Impact, a.Impact), strings.Compare(a.Where, b.Where),
			strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Name, b.Name), strings.Compare(a.What, b.What))
	})
	return c.changes
}

type comparer struct {
	after            *Surface
	services, usedBy []string // of what is being compared
	changes          []Change
}

func (c *comparer) add(change Change) {
	change.Services, change.UsedBy = c.services, c.usedBy
	c.changes = append(c.changes, change)
}

// of sets the operation that the next changes belong to.
func (c *comparer) of(key string, op *Operation) {
	c.services, c.usedBy = []string{op.Service}, []string{key}
}

// ofType sets the types that the next changes belong to.
func (c *comparer) ofType(types ...*Type) {
	c.services, c.usedBy = nil, nil
	for _, t := range types {
		c.usedBy = append(c.usedBy, t.UsedBy...)
		c.services = t.Services
	}
	slices.Sort(c.usedBy)
	c.usedBy = slices.Compact(c.usedBy)
}

// each calls removed, added or kept for every key, in order.
func each[V any](before, after map[string]V, removed, added func(string, V), kept func(string, V, V)) {
	keys := slices.Collect(maps.Keys(before))
	for k := range after {
		if _, ok := before[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		b, was := before[k]
		a, is := after[k]
		switch {
		case !is:
			removed(k, b)
		case !was:
			added(k, a)
		case kept != nil:
			kept(k, b, a)
		}
	}
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, e := range list {
		m[e] = true
	}
	return m
}

func (c *comparer) operations(before, after map[string]*Operation) {
	// An operation has moved if its ID disappears in one place and appears in
	// another.
	moved := map[string]string{}
	for old, b := range before {
		for now, a := range after {
			if after[old] == nil && before[now] == nil && a.ID != "" && a.ID == b.ID {
				moved[old], moved[now] = now, old
			}
		}
	}
	each(before, after,
		func(key string, b *Operation) {
			c.of(key, b)
			if now, ok := moved[key]; ok {
				c.add(Change{Impact: Breaking, Kind: KindOperation, Where: key, Name: b.ID, Removed: true,
					What: "moved to " + now, Why: "released clients send the request to the old path"})
				c.operation(key, b, after[now])
				return
			}
			change := Change{Impact: Breaking, Kind: KindOperation, Where: key, Name: b.ID, Removed: true,
				What: "the " + b.noun() + " was removed", Why: "calls of its method fail"}
			if b.Webhook {
				change.Why = "programs no longer receive it"
			}
			c.add(change)
		},
		func(key string, a *Operation) {
			c.of(key, a)
			if _, ok := moved[key]; !ok {
				c.add(Change{Impact: Additive, Kind: KindOperation, Where: key, Name: a.ID, Added: true,
					What: "the " + a.noun() + " is new", Why: "the others do not change"})
			}
		},
		c.operation)
}

func (c *comparer) operation(key string, b, a *Operation) {
	c.of(key, a)
	if b.ID != a.ID {
		c.add(Change{Impact: Breaking, Kind: KindOperation, Where: key, Name: a.ID,
			What: fmt.Sprintf("its ID is %s, was %s", a.ID, b.ID), Why: "generated names are derived from the ID, and programs that call generated code use them"})
	}
	c.scopes(key, b, a)
	c.parameters(key, b, a)
	c.bodies(key, b, a)
	c.responses(key, b, a)
	each(b.Facts, a.Facts,
		func(k, v string) { c.add(fact(KindOperation, key, "", k, v, "", true)) },
		func(k, v string) { c.add(fact(KindOperation, key, "", k, "", v, true)) },
		func(k, v, w string) {
			if v != w {
				c.add(fact(KindOperation, key, "", k, v, w, true))
			}
		})
}

func (c *comparer) scopes(key string, b, a *Operation) {
	was, is := set(b.Scopes), set(a.Scopes)
	change := Change{Kind: KindScope, Where: key}
	each(was, is,
		func(s string, _ bool) {
			change := change
			change.Impact, change.Name, change.Removed = Breaking, s, true
			change.What, change.Why = "the scope "+s+" no longer allows it", "tokens with this scope only are refused"
			c.add(change)
		},
		func(s string, _ bool) {
			change := change
			change.Impact, change.Name, change.Added = Additive, s, true
			change.What, change.Why = "the scope "+s+" allows it too", "any one of the scopes is enough, so no token loses access"
			if len(was) == 0 {
				change.Impact, change.What, change.Why = Breaking, "it requires the scope "+s, "tokens without scopes were accepted before"
			}
			c.add(change)
		}, nil)
	each(b.Tokens, a.Tokens,
		func(token string, _ []string) {
			c.add(Change{Impact: Breaking, Kind: KindScope, Where: key, Name: token, Removed: true,
				What: "tokens of type " + token + " are no longer accepted", Why: "programs that use them are refused"})
		},
		func(token string, _ []string) {
			change := Change{Impact: Additive, Kind: KindScope, Where: key, Name: token, Added: true,
				What: "tokens of type " + token + " are accepted too", Why: "no token loses access"}
			if len(b.Tokens) == 0 {
				change.Impact, change.Why = Breaking, "no token was required before"
			}
			c.add(change)
		},
		func(token string, old, now []string) {
			// Skip what has been reported for all types of token.
			each(set(old), set(now),
				func(s string, _ bool) {
					if is[s] {
						c.add(Change{Impact: Breaking, Kind: KindScope, Where: key, Name: s, Removed: true,
							What: "the scope " + s + " no longer allows it with tokens of type " + token, Why: "tokens of this type with this scope only are refused"})
					}
				},
				func(s string, _ bool) {
					if was[s] {
						c.add(Change{Impact: Additive, Kind: KindScope, Where: key, Name: s, Added: true,
							What: "the scope " + s + " allows it with tokens of type " + token + " too", Why: "no token loses access"})
					}
				}, nil)
		})
}

func (c *comparer) parameters(key string, b, a *Operation) {
	each(b.Parameters, a.Parameters,
		func(name string, f *Field) {
			c.add(Change{Impact: Breaking, Kind: KindParameter, Where: key, Name: name, Removed: true, Sent: true,
				What: "the parameter " + name + " was removed", Why: "programs that set it no longer compile"})
		},
		func(name string, f *Field) {
			change := Change{Impact: Additive, Kind: KindParameter, Where: key, Name: name, Added: true, Sent: true,
				What: "the parameter " + name + " is new and optional", Why: "existing calls do not change"}
			if f.Required {
				change.Impact, change.What, change.Why = Breaking, "the parameter "+name+" is new and required", "requests without it are refused"
			} else if !b.hasParams() && !a.Webhook {
				change.Impact, change.Why = Breaking, "it is the first parameter, so the generated method gains an argument and programs that call it no longer compile"
			}
			c.add(change)
		},
		func(name string, b, a *Field) {
			c.field(KindParameter, key, name, b, a, Usage{Sent: true})
		})
}

func (o *Operation) noun() string {
	if o.Webhook {
		return "event"
	}
	return "operation"
}

// hasParams reports whether the generated method takes a struct of parameters.
func (o *Operation) hasParams() bool {
	for name := range o.Parameters {
		if !strings.HasPrefix(name, "path ") {
			return true
		}
	}
	return false
}

func (c *comparer) bodies(key string, b, a *Operation) {
	t := Usage{Sent: !b.Webhook, Received: b.Webhook, Patch: b.Method == "PATCH"}
	each(b.Bodies, a.Bodies,
		func(media string, _ *Field) {
			c.add(Change{Impact: Breaking, Kind: KindBody, Where: key, Name: media, Removed: true, Sent: t.Sent,
				What: "it no longer accepts a " + media + " body", Why: "released clients send one"})
		},
		func(media string, f *Field) {
			change := Change{Impact: Additive, Kind: KindBody, Where: key, Name: media, Added: true, Sent: t.Sent,
				What: "it accepts a " + media + " body", Why: "existing calls do not change"}
			if len(b.Bodies) == 0 {
				change.Impact, change.Why = Breaking, "there was no body before, so the generated method gains an argument"
			}
			c.add(change)
		},
		func(media string, b, a *Field) { c.field(KindBody, key, media, b, a, t) })
}

func (c *comparer) responses(key string, b, a *Operation) {
	each(b.Responses, a.Responses,
		func(status string, _ Response) {
			change := Change{Impact: Breaking, Kind: KindStatus, Where: key, Name: status, Removed: true,
				What: "it no longer returns " + status, Why: "released clients expect this status"}
			if !success(status) {
				change.Why = "the generated result loses the field for this status; the errors of package polar do not change"
			}
			c.add(change)
		},
		func(status string, _ Response) {
			change := Change{Impact: Additive, Kind: KindStatus, Where: key, Name: status, Added: true,
				What: "it can return " + status, Why: "package polar returns an Error for every status that is not a success"}
			if success(status) {
				change.Why = "the method has to accept another status of success"
			}
			c.add(change)
		},
		func(status string, b, a Response) {
			t := Usage{Received: true}
			each(b.Bodies, a.Bodies,
				func(media string, _ *Field) {
					c.add(Change{Impact: Breaking, Kind: KindBody, Where: key, Name: media, Removed: true,
						What: "the response " + status + " is no longer " + media, Why: "released clients decode it as such"})
				},
				func(media string, _ *Field) {
					c.add(Change{Impact: Additive, Kind: KindBody, Where: key, Name: media, Added: true,
						What: "the response " + status + " can be " + media, Why: "the other media types stay"})
				},
				func(media string, b, a *Field) { c.field(KindBody, key, status+" "+media, b, a, t) })
			each(b.Headers, a.Headers,
				func(name string, _ *Field) {
					c.add(Change{Impact: Invisible, Kind: KindStatus, Where: key, Name: name, Removed: true, What: "the header " + name + " of the response " + status + " was removed", Why: "headers are not decoded"})
				},
				func(name string, _ *Field) {
					c.add(Change{Impact: Invisible, Kind: KindStatus, Where: key, Name: name, Added: true, What: "the header " + name + " of the response " + status + " is new", Why: "headers are not decoded"})
				},
				func(name string, b, a *Field) {
					if text(b) != text(a) {
						c.add(Change{Impact: Invisible, Kind: KindStatus, Where: key, Name: name, What: "the header " + name + " of the response " + status + " changed", Why: "headers are not decoded"})
					}
				})
		})
}

func success(status string) bool { return strings.HasPrefix(status, "2") }

func (c *comparer) types(before, after map[string]*Type) {
	each(before, after,
		func(name string, b *Type) {
			c.ofType(b)
			c.add(Change{Impact: Breaking, Kind: KindType, Where: name, Name: name, Removed: true,
				What: "the type was removed", Why: "programs that name it no longer compile"})
		},
		func(name string, a *Type) {
			c.ofType(a)
			c.add(Change{Impact: Additive, Kind: KindType, Where: name, Name: name, Added: true, Sent: a.Usage.Sent,
				What: "the type is new", Why: "existing types do not change"})
		},
		c.oneType)
}

func (c *comparer) oneType(name string, b, a *Type) {
	c.ofType(b, a)
	t := Usage{Sent: b.Usage.Sent && a.Usage.Sent, Received: b.Usage.Received && a.Usage.Received, Patch: a.Usage.Patch}
	if !t.Sent && !t.Received { // it changed direction
		t = a.Usage
	}
	if b.Self != nil && a.Self != nil {
		c.field(KindType, name, "", b.selfIn(a), a.selfIn(b), t)
	} else if (b.Self == nil) != (a.Self == nil) {
		c.add(Change{Impact: Breaking, Kind: KindType, Where: name, Name: name, What: "it became another kind of type", Why: "programs that use it no longer compile"})
	}
	c.variants(name, b, a, t)
	each(b.Fields, a.Fields,
		func(field string, f *Field) {
			change := Change{Impact: Breaking, Kind: KindField, Where: name, Name: field, Removed: true, Sent: t.Sent, Variants: f.Variants,
				What: "the field " + field + " was removed", Why: "programs that use it no longer compile"}
			if now := renamed(field, b, a); now != "" {
				change.What += ", perhaps renamed to " + now
			}
			c.add(change)
		},
		func(field string, f *Field) {
			change := Change{Impact: Additive, Kind: KindField, Where: name, Name: field, Added: true, Sent: t.Sent, Variants: f.Variants,
				What: "the field " + field + " is new", Why: "existing fields do not change"}
			if t.Sent {
				change.What, change.Why = "the field "+field+" is new and optional", "existing fields do not change"
				if f.Required {
					change.Impact, change.What, change.Why = Breaking, "the field "+field+" is new and required", "requests without it are refused"
				}
			}
			if len(a.Variants) > len(f.Variants) && f.Variants != nil {
				change.What += ", in " + strings.Join(f.Variants, ", ") + " only"
			}
			c.add(change)
		},
		func(field string, was, is *Field) {
			c.field(KindField, name, field, was, is, t)
			c.fieldVariants(name, field, b, a)
		})
}

// selfIn returns Self without the facts of variants that the other version lacks:
// variants reports those.
func (t *Type) selfIn(other *Type) *Field {
	self := *t.Self
	self.Facts = maps.Clone(self.Facts)
	maps.DeleteFunc(self.Facts, func(k, _ string) bool {
		_, variant, found := strings.Cut(k, " of ")
		return found && t.Variants[variant] != "" && other.Variants[variant] == ""
	})
	return &self
}

// renamed guesses the new name of a removed field: that of the only new field
// that equals it in everything else.
func renamed(field string, b, a *Type) string {
	var found []string
	for name, f := range a.Fields {
		if b.Fields[name] == nil && text(f) == text(b.Fields[field]) {
			found = append(found, name)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return ""
}

func (c *comparer) variants(name string, b, a *Type, t Usage) {
	each(b.Variants, a.Variants,
		func(tag, schema string) {
			c.add(Change{Impact: Breaking, Kind: KindVariant, Where: name, Name: tag, Removed: true, Sent: t.Sent,
				What: "the variant " + tag + " was removed", Why: "code that handles or sends it has no effect"})
		},
		func(tag, schema string) {
			c.add(Change{Impact: Additive, Kind: KindVariant, Where: name, Name: tag, Added: true, Sent: t.Sent,
				What: "the variant " + tag + " is new", Why: "programs decode types that they do not know"})
		},
		func(tag, was, is string) {
			if was != is {
				c.add(Change{Impact: Invisible, Kind: KindVariant, Where: name, Name: tag,
					What: "the schema of the variant " + tag + " is " + is + ", was " + was, Why: "variants are one struct in Go"})
			}
		})
}

// field compares two versions of a field, parameter or body. Without a name it
// compares what is at where itself.
func (c *comparer) field(kind Kind, where, name string, b, a *Field, t Usage) {
	the := "the " + string(kind) + " " + name
	if name == "" {
		the = "it"
	}
	add := func(v Impact, what, why string) {
		c.add(Change{Impact: v, Kind: kind, Where: where, Name: name, Sent: t.Sent, What: the + " " + what, Why: why})
	}
	switch {
	case b.Type == a.Type:
	case t.Received && !t.Sent && c.grew(b.Type, a.Type):
		add(Additive, fmt.Sprintf("is %s, was %s", a.Type, b.Type), "one struct holds any of them")
	default:
		add(Breaking, fmt.Sprintf("is %s, was %s", a.Type, b.Type), "its Go type changes")
	}
	pointer := b.Nullable != a.Nullable
	switch {
	case !pointer:
	case a.Container && b.Container && t.Received && !t.Sent:
		add(Invisible, nullable(a), "null decodes to a nil list or map")
	case t.Received:
		add(Breaking, nullable(a), "nullable fields are pointers in Go")
	case t.Patch:
		add(Breaking, nullable(a), "nullable fields of updates have a three-state type in Go")
	case a.Nullable:
		add(Additive, nullable(a), "every value accepted before is still accepted")
	default:
		add(Breaking, nullable(a), "null is refused")
	}
	if b.Required != a.Required {
		switch {
		case t.Sent && a.Required:
			add(Breaking, "is required", "requests without it are refused")
		case t.Sent && !t.Received:
			add(Additive, "is optional", "every value accepted before is still accepted")
		case b.Nullable && a.Nullable || a.Container && b.Container:
			add(Invisible, required(a), "a missing value decodes to nil, as null does")
		default:
			add(Breaking, required(a), "optional fields are pointers in Go")
		}
	}
	c.values(kind, where, name, b, a, t)
	each(b.Facts, a.Facts,
		func(k, v string) { c.add(fact(kind, where, name, k, v, "", t.Sent)) },
		func(k, v string) { c.add(fact(kind, where, name, k, "", v, t.Sent)) },
		func(k, v, w string) {
			if v != w {
				c.add(fact(kind, where, name, k, v, w, t.Sent))
			}
		})
}

// grew reports whether a union of objects, which is one struct in Go, has gained members
// and lost none.
func (c *comparer) grew(was, is string) bool {
	before, after := strings.Split(was, " | "), strings.Split(is, " | ")
	if len(before) < 2 {
		return false
	}
	for _, name := range before {
		if !slices.Contains(after, name) {
			return false
		}
	}
	for _, name := range after {
		if t := c.after.Types[name]; t == nil || len(t.Fields) == 0 {
			return false
		}
	}
	return true
}

// fieldVariants reports a change in which variants of a union have a field.
// Variants that were added or removed are reported elsewhere.
func (c *comparer) fieldVariants(where, name string, before, after *Type) {
	common := func(t, other *Type) []string {
		return slices.DeleteFunc(slices.Clone(t.Fields[name].Variants), func(tag string) bool { return other.Variants[tag] == "" })
	}
	b, a := common(before, after), common(after, before)
	if !slices.Equal(b, a) {
		c.add(Change{Impact: Invisible, Kind: KindField, Where: where, Name: name, Variants: a,
			What: fmt.Sprintf("the field %s is in %s, was in %s", name, strings.Join(a, ", "), strings.Join(b, ", ")),
			Why:  "variants are one struct in Go"})
	}
}

func nullable(f *Field) string {
	if f.Nullable {
		return "may be null"
	}
	return "is never null"
}

func required(f *Field) string {
	if f.Required {
		return "is always present"
	}
	return "may be missing"
}

func (c *comparer) values(kind Kind, where, name string, b, a *Field, t Usage) {
	if name != "" {
		if kind == KindField {
			where += "." + name
		} else {
			where += " " + name
		}
	}
	if (len(b.Values) == 0) != (len(a.Values) == 0) {
		change := Change{Impact: Breaking, Kind: KindValue, Where: where, Sent: t.Sent,
			What: "it became an enum of " + strings.Join(a.Values, ", "), Why: "its Go type changes, and other values may be refused"}
		if len(a.Values) == 0 {
			change.What, change.Why = "it is no longer an enum", "its Go type and constants are removed"
		}
		c.add(change)
		return
	}
	each(set(b.Values), set(a.Values),
		func(v string, _ bool) {
			change := Change{Impact: Breaking, Kind: KindValue, Where: where, Name: v, Removed: true, Sent: t.Sent,
				What: "the value " + strconv.Quote(v) + " was removed", Why: "its constant is removed"}
			if t.Sent {
				change.Why = "its constant is removed, and requests with it are refused"
			}
			c.add(change)
		},
		func(v string, _ bool) {
			c.add(Change{Impact: Additive, Kind: KindValue, Where: where, Name: v, Added: true, Sent: t.Sent,
				What: "the value " + strconv.Quote(v) + " is new", Why: "programs decode values that they do not know"})
		}, nil)
}

// Upper limits allow less when they fall, lower ones when they rise.
var (
	upper = map[string]bool{"maxLength": true, "maximum": true, "exclusiveMaximum": true, "maxItems": true, "maxProperties": true}
	lower = map[string]bool{"minLength": true, "minimum": true, "exclusiveMinimum": true, "minItems": true, "minProperties": true}
)

// fact classifies a change of one fact about a schema, parameter or operation.
// An empty string means that the fact is absent.
func fact(kind Kind, where, name, k, was, is string, sent bool) Change {
	c := Change{Kind: kind, Where: where, Name: name, Sent: sent, Impact: Breaking, Why: "no rule classifies this: look at it"}
	of := ""
	if name != "" {
		of = " of " + name
	}
	switch {
	case was == "":
		c.What = fmt.Sprintf("%s%s is %s, was absent", k, of, is)
	case is == "":
		c.What = fmt.Sprintf("%s%s is absent, was %s", k, of, was)
	default:
		c.What = fmt.Sprintf("%s%s is %s, was %s", k, of, is, was)
	}
	word := k[strings.LastIndex(k, " ")+1:] // "items: maxLength"
	if before, _, found := strings.Cut(k, " of "); found {
		word = before // "maxLength of team"
	}
	switch {
	case word == "deprecated":
		c.Impact, c.Why = Additive, "it still works"
		if is != "true" {
			c.Impact, c.Why = Invisible, "it is no longer deprecated"
		}
	case word == "x-polar-allowed-subjects":
		lost, more := overlap(was, is)
		c.Kind, c.Impact, c.Why = KindScope, Additive, "no token loses access"
		if was == "" || lost && is != "" {
			c.Impact, c.Why = Breaking, "tokens of some subjects are refused"
		} else if !more {
			c.Impact = Invisible
		}
	case word == "x-polar-pagination":
		c.Why = "it determines how lists are read"
	case word == "default" && sent:
		c.Why = "calls that leave it out mean something else"
		if was == "" {
			c.Impact, c.Why = Additive, "only the documentation of the default is new"
		}
	case (upper[word] || lower[word]) && sent:
		c.Impact, c.Why = Additive, "every value accepted before is still accepted"
		if was == "" || is != "" && tighter(word, was, is) {
			c.Impact, c.Why = Breaking, "values accepted before may be refused"
		}
	case (word == "pattern" || word == "format" || word == "uniqueItems" || word == "multipleOf") && sent:
		c.Impact, c.Why = Additive, "every value accepted before is still accepted"
		if is != "" {
			c.Impact, c.Why = Breaking, "values accepted before may be refused"
		}
	case !sent && (upper[word] || lower[word] || slices.Contains([]string{"default", "pattern", "format", "uniqueItems", "multipleOf", "readOnly", "writeOnly"}, word)):
		c.Impact, c.Why = Invisible, "responses are not validated"
	}
	return c
}

func tighter(word, was, is string) bool {
	b, err1 := strconv.ParseFloat(was, 64)
	a, err2 := strconv.ParseFloat(is, 64)
	if err1 != nil || err2 != nil {
		return true
	}
	return upper[word] == (a < b)
}

// overlap compares two lists in JSON. It reports whether the second lacks an element of
// the first, and whether it has another.
func overlap(was, is string) (lost, more bool) {
	b, a := set(strings.FieldsFunc(was, separator)), set(strings.FieldsFunc(is, separator))
	for k := range b {
		lost = lost || !a[k]
	}
	for k := range a {
		more = more || !b[k]
	}
	return lost, more
}

func separator(r rune) bool { return strings.ContainsRune(`[]", `, r) }
