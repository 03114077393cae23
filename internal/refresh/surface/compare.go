package surface

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Verdict says what a change means to the users of this SDK once they take
// the release that carries it.
type Verdict int

const (
	// Invisible changes alter nothing that a program can see.
	Invisible Verdict = iota
	// Additive changes offer more; a program that compiles and works goes on
	// doing both.
	Additive
	// Breaking changes can stop a program from compiling, or make a call that
	// it makes fail or mean something else.
	Breaking
)

func (v Verdict) String() string {
	return [...]string{"invisible", "additive", "breaking"}[v]
}

// A Kind is what sort of thing changed.
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
	Verdict Verdict
	Kind    Kind
	Where   string // an operation's key, a type, or a type's field
	Name    string // what changed there: a parameter, a field, a value
	What    string // a sentence without its full stop
	Why     string // why the verdict is what it is, from a user's point of view

	Added, Removed bool // it is new, or it is gone
	Request        bool // clients send it
	Variants       []string
}

func (c Change) String() string {
	return fmt.Sprintf("%s: %s: %s", c.Verdict, c.Where, c.What)
}

// Compare lists what differs between two surfaces, the worst first.
func Compare(before, after *Surface) []Change {
	c := &comparer{after: after}
	if before.Version != after.Version {
		c.add(Change{Verdict: Breaking, Kind: KindContract, Where: "API version",
			What: fmt.Sprintf("is %s, was %s", after.Version, before.Version),
			Why:  "the client asks for this version with every request"})
	}
	each(set(before.Servers), set(after.Servers),
		func(url string, _ bool) {
			c.add(Change{Verdict: Breaking, Kind: KindServer, Where: "servers", Name: url, Removed: true, What: url + " is gone", Why: "released clients send requests there"})
		},
		func(url string, _ bool) {
			c.add(Change{Verdict: Additive, Kind: KindServer, Where: "servers", Name: url, Added: true, What: url + " is new", Why: "it is one more place to send requests to"})
		}, nil)
	c.operations(before.Operations, after.Operations)
	c.types(before.Types, after.Types)
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.Verdict, a.Verdict), strings.Compare(a.Where, b.Where),
			strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Name, b.Name), strings.Compare(a.What, b.What))
	})
	return c.changes
}

type comparer struct {
	after   *Surface
	changes []Change
}

func (c *comparer) add(change Change) { c.changes = append(c.changes, change) }

// each calls gone, fresh or both for every key, in order.
func each[V any](before, after map[string]V, gone, fresh func(string, V), both func(string, V, V)) {
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
			gone(k, b)
		case !was:
			fresh(k, a)
		case both != nil:
			both(k, b, a)
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
	// An operation that is gone from one place and new at another, with the
	// same ID, has moved.
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
			if now, ok := moved[key]; ok {
				c.add(Change{Verdict: Breaking, Kind: KindOperation, Where: key, Name: b.ID, Removed: true,
					What: "moved to " + now, Why: "released clients send the request to the old place"})
				c.operation(key, b, after[now])
				return
			}
			c.add(Change{Verdict: Breaking, Kind: KindOperation, Where: key, Name: b.ID, Removed: true,
				What: "the operation is gone", Why: "its method has nothing to call"})
		},
		func(key string, a *Operation) {
			if _, ok := moved[key]; !ok {
				c.add(Change{Verdict: Additive, Kind: KindOperation, Where: key, Name: a.ID, Added: true,
					What: "the operation is new", Why: "one more method"})
			}
		},
		c.operation)
}

func (c *comparer) operation(key string, b, a *Operation) {
	if b.ID != a.ID {
		c.add(Change{Verdict: Breaking, Kind: KindOperation, Where: key, Name: a.ID,
			What: fmt.Sprintf("its ID is %s, was %s", a.ID, b.ID), Why: "generated names follow the ID: callers of Raw see new ones"})
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
			change.Verdict, change.Name, change.Removed = Breaking, s, true
			change.What, change.Why = s+" no longer opens it", "a token that has only this scope is refused from now on"
			c.add(change)
		},
		func(s string, _ bool) {
			change := change
			change.Verdict, change.Name, change.Added = Additive, s, true
			change.What, change.Why = s+" opens it too", "any one of the scopes is enough: no token loses access"
			if len(was) == 0 {
				change.Verdict, change.What, change.Why = Breaking, "it needs "+s+" now", "it was open to tokens without any scope"
			}
			c.add(change)
		}, nil)
	each(b.Tokens, a.Tokens,
		func(token string, _ []string) {
			c.add(Change{Verdict: Breaking, Kind: KindScope, Where: key, Name: token, Removed: true,
				What: "tokens of the kind " + token + " no longer open it", Why: "programs that use them are refused from now on"})
		},
		func(token string, _ []string) {
			change := Change{Verdict: Additive, Kind: KindScope, Where: key, Name: token, Added: true,
				What: "tokens of the kind " + token + " open it too", Why: "no token loses access"}
			if len(b.Tokens) == 0 {
				change.Verdict, change.Why = Breaking, "it was open without a token"
			}
			c.add(change)
		},
		func(token string, old, now []string) {
			// Only what is not already said of all kinds of token.
			each(set(old), set(now),
				func(s string, _ bool) {
					if is[s] {
						c.add(Change{Verdict: Breaking, Kind: KindScope, Where: key, Name: s, Removed: true,
							What: s + " no longer opens it to tokens of the kind " + token, Why: "a token of that kind with only this scope is refused from now on"})
					}
				},
				func(s string, _ bool) {
					if was[s] {
						c.add(Change{Verdict: Additive, Kind: KindScope, Where: key, Name: s, Added: true,
							What: s + " opens it to tokens of the kind " + token + " too", Why: "no token loses access"})
					}
				}, nil)
		})
}

func (c *comparer) parameters(key string, b, a *Operation) {
	each(b.Parameters, a.Parameters,
		func(name string, f *Field) {
			c.add(Change{Verdict: Breaking, Kind: KindParameter, Where: key, Name: name, Removed: true, Request: true,
				What: "the parameter " + name + " is gone", Why: "programs that set it no longer compile"})
		},
		func(name string, f *Field) {
			change := Change{Verdict: Additive, Kind: KindParameter, Where: key, Name: name, Added: true, Request: true,
				What: "the parameter " + name + " is new and optional", Why: "one more field to set"}
			if f.Required {
				change.Verdict, change.What, change.Why = Breaking, "the parameter "+name+" is new and required", "calls without it are refused"
			} else if !b.hasParams() && !a.Webhook {
				change.Verdict, change.Why = Breaking, "it is the first one: the generated method gains an argument, which callers of Raw must give"
			}
			c.add(change)
		},
		func(name string, b, a *Field) {
			c.field(KindParameter, key, name, b, a, traits{request: true})
		})
}

// hasParams says whether the generated method takes a struct of parameters.
func (o *Operation) hasParams() bool {
	for name := range o.Parameters {
		if !strings.HasPrefix(name, "path ") {
			return true
		}
	}
	return false
}

func (c *comparer) bodies(key string, b, a *Operation) {
	t := traits{request: !b.Webhook, answer: b.Webhook, patch: b.Method == "PATCH"}
	each(b.Bodies, a.Bodies,
		func(media string, _ *Field) {
			c.add(Change{Verdict: Breaking, Kind: KindBody, Where: key, Name: media, Removed: true, Request: t.request,
				What: "it takes no " + media + " body any more", Why: "that is what released clients send"})
		},
		func(media string, f *Field) {
			change := Change{Verdict: Additive, Kind: KindBody, Where: key, Name: media, Added: true, Request: t.request,
				What: "it takes a " + media + " body", Why: "one more thing to send"}
			if len(b.Bodies) == 0 {
				change.Verdict, change.Why = Breaking, "it took none: the generated method gains an argument"
			}
			c.add(change)
		},
		func(media string, b, a *Field) { c.field(KindBody, key, media, b, a, t) })
}

func (c *comparer) responses(key string, b, a *Operation) {
	each(b.Responses, a.Responses,
		func(status string, _ Response) {
			change := Change{Verdict: Breaking, Kind: KindStatus, Where: key, Name: status, Removed: true,
				What: "it no longer answers " + status, Why: "released clients take this for success"}
			if !success(status) {
				change.Why = "the generated result loses its field, which callers of Raw may read; errors of customers stay as they are"
			}
			c.add(change)
		},
		func(status string, _ Response) {
			change := Change{Verdict: Additive, Kind: KindStatus, Where: key, Name: status, Added: true,
				What: "it can answer " + status, Why: "customers makes an Error of any status that is not success"}
			if success(status) {
				change.Why = "one more way to succeed, which the method has to know"
			}
			c.add(change)
		},
		func(status string, b, a Response) {
			t := traits{answer: true}
			each(b.Bodies, a.Bodies,
				func(media string, _ *Field) {
					c.add(Change{Verdict: Breaking, Kind: KindBody, Where: key, Name: media, Removed: true,
						What: "a " + status + " no longer comes as " + media, Why: "that is what released clients read"})
				},
				func(media string, _ *Field) {
					c.add(Change{Verdict: Additive, Kind: KindBody, Where: key, Name: media, Added: true,
						What: "a " + status + " can come as " + media, Why: "nothing that was there is lost"})
				},
				func(media string, b, a *Field) { c.field(KindBody, key, status+" "+media, b, a, t) })
			each(b.Headers, a.Headers,
				func(name string, _ *Field) {
					c.add(Change{Verdict: Invisible, Kind: KindStatus, Where: key, Name: name, Removed: true, What: "the header " + name + " of a " + status + " is gone", Why: "headers are not decoded"})
				},
				func(name string, _ *Field) {
					c.add(Change{Verdict: Invisible, Kind: KindStatus, Where: key, Name: name, Added: true, What: "the header " + name + " of a " + status + " is new", Why: "headers are not decoded"})
				},
				func(name string, b, a *Field) {
					if text(b) != text(a) {
						c.add(Change{Verdict: Invisible, Kind: KindStatus, Where: key, Name: name, What: "the header " + name + " of a " + status + " changed", Why: "headers are not decoded"})
					}
				})
		})
}

func success(status string) bool { return strings.HasPrefix(status, "2") }

func (c *comparer) types(before, after map[string]*Type) {
	each(before, after,
		func(name string, b *Type) {
			c.add(Change{Verdict: Breaking, Kind: KindType, Where: name, Name: name, Removed: true,
				What: "the type is gone", Why: "programs that name it no longer compile"})
		},
		func(name string, a *Type) {
			c.add(Change{Verdict: Additive, Kind: KindType, Where: name, Name: name, Added: true, Request: a.Requests,
				What: "the type is new", Why: "nothing that was there changes"})
		},
		c.oneType)
}

func (c *comparer) oneType(name string, b, a *Type) {
	t := traits{request: b.Requests && a.Requests, answer: b.Answers && a.Answers, patch: a.Patch}
	if !t.request && !t.answer { // it changed sides
		t = traits{request: a.Requests, answer: a.Answers, patch: a.Patch}
	}
	if b.Self != nil && a.Self != nil {
		c.field(KindType, name, "", b.Self, a.Self, t)
	} else if (b.Self == nil) != (a.Self == nil) {
		c.add(Change{Verdict: Breaking, Kind: KindType, Where: name, Name: name, What: "became another kind of type", Why: "programs that use it no longer compile"})
	}
	c.variants(name, b, a, t)
	each(b.Fields, a.Fields,
		func(field string, f *Field) {
			change := Change{Verdict: Breaking, Kind: KindField, Where: name, Name: field, Removed: true, Request: t.request, Variants: f.Variants,
				What: "the field " + field + " is gone", Why: "programs that use it no longer compile"}
			if now := renamed(field, b, a); now != "" {
				change.What += ", perhaps renamed to " + now
			}
			c.add(change)
		},
		func(field string, f *Field) {
			change := Change{Verdict: Additive, Kind: KindField, Where: name, Name: field, Added: true, Request: t.request, Variants: f.Variants,
				What: "the field " + field + " is new", Why: "one more field to read"}
			if t.request {
				change.What, change.Why = "the field "+field+" is new and optional", "one more field to set"
				if f.Required {
					change.Verdict, change.What, change.Why = Breaking, "the field "+field+" is new and required", "requests without it are refused"
				}
			}
			if len(a.Variants) > len(f.Variants) && f.Variants != nil {
				change.What += ", in " + strings.Join(f.Variants, ", ") + " only"
			}
			c.add(change)
		},
		func(field string, was, is *Field) {
			c.field(KindField, name, field, was, is, t)
			c.belongs(name, field, b, a)
		})
}

// renamed guesses which new field a lost one has become: the only one that is
// like it in all but name.
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

func (c *comparer) variants(name string, b, a *Type, t traits) {
	each(b.Variants, a.Variants,
		func(tag, schema string) {
			c.add(Change{Verdict: Breaking, Kind: KindVariant, Where: name, Name: tag, Removed: true, Request: t.request,
				What: "the variant " + tag + " is gone", Why: "programs that handle or send it do so in vain"})
		},
		func(tag, schema string) {
			c.add(Change{Verdict: Additive, Kind: KindVariant, Where: name, Name: tag, Added: true, Request: t.request,
				What: "the variant " + tag + " is new", Why: "a type that a program does not know decodes all the same"})
		},
		func(tag, was, is string) {
			if was != is {
				c.add(Change{Verdict: Invisible, Kind: KindVariant, Where: name, Name: tag,
					What: "the schema of the variant " + tag + " is " + is + ", was " + was, Why: "variants are one struct in Go"})
			}
		})
}

// traits say how a thing is used.
type traits struct{ request, answer, patch bool }

// field compares two versions of one thing. With no name it is what stands at
// where itself.
func (c *comparer) field(kind Kind, where, name string, b, a *Field, t traits) {
	the := "the " + string(kind) + " " + name
	if name == "" {
		the = "it"
	}
	add := func(v Verdict, what, why string) {
		c.add(Change{Verdict: v, Kind: kind, Where: where, Name: name, Request: t.request, What: the + " " + what, Why: why})
	}
	switch {
	case b.Type == a.Type:
	case t.answer && !t.request && c.grew(b.Type, a.Type):
		add(Additive, fmt.Sprintf("is %s, was %s", a.Type, b.Type), "one struct stands for all of them")
	default:
		add(Breaking, fmt.Sprintf("is %s, was %s", a.Type, b.Type), "its Go type follows")
	}
	pointer := b.Nullable != a.Nullable
	switch {
	case !pointer:
	case a.Container && b.Container && t.answer && !t.request:
		add(Invisible, nullable(a), "lists and maps are nil then")
	case t.answer:
		add(Breaking, nullable(a), "what may be null is a pointer in Go")
	case t.patch:
		add(Breaking, nullable(a), "what may be null has a type of three states in Go")
	case a.Nullable:
		add(Additive, nullable(a), "what was accepted still is")
	default:
		add(Breaking, nullable(a), "null is refused from now on")
	}
	if b.Required != a.Required {
		switch {
		case t.request && a.Required:
			add(Breaking, "is required", "requests without it are refused")
		case t.request && !t.answer:
			add(Additive, "is optional", "what was accepted still is")
		case b.Nullable && a.Nullable || a.Container && b.Container:
			add(Invisible, required(a), "it was nil where the service had none, and is")
		default:
			add(Breaking, required(a), "what may be missing is a pointer in Go")
		}
	}
	c.values(kind, where, name, b, a, t)
	each(b.Facts, a.Facts,
		func(k, v string) { c.add(fact(kind, where, name, k, v, "", t.request)) },
		func(k, v string) { c.add(fact(kind, where, name, k, "", v, t.request)) },
		func(k, v, w string) {
			if v != w {
				c.add(fact(kind, where, name, k, v, w, t.request))
			}
		})
}

// grew says whether a union of objects, which is one struct already, has only
// got more of them.
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

// belongs reports that other variants of a union have a field than had it.
// Variants that are new or gone themselves are reported as such.
func (c *comparer) belongs(where, name string, before, after *Type) {
	common := func(t, other *Type) []string {
		return slices.DeleteFunc(slices.Clone(t.Fields[name].Variants), func(tag string) bool { return other.Variants[tag] == "" })
	}
	b, a := common(before, after), common(after, before)
	if !slices.Equal(b, a) {
		c.add(Change{Verdict: Invisible, Kind: KindField, Where: where, Name: name, Variants: a,
			What: fmt.Sprintf("the field %s belongs to %s, belonged to %s", name, strings.Join(a, ", "), strings.Join(b, ", ")),
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
		return "is always there"
	}
	return "may be missing"
}

func (c *comparer) values(kind Kind, where, name string, b, a *Field, t traits) {
	if name != "" {
		if kind == KindField {
			where += "." + name
		} else {
			where += " " + name
		}
	}
	if (len(b.Values) == 0) != (len(a.Values) == 0) {
		change := Change{Verdict: Breaking, Kind: KindValue, Where: where, Request: t.request,
			What: "it takes only certain values now: " + strings.Join(a.Values, ", "), Why: "it gets a Go type of its own, and other values may be refused"}
		if len(a.Values) == 0 {
			change.What, change.Why = "it takes any value now", "its Go type and constants go"
		}
		c.add(change)
		return
	}
	each(set(b.Values), set(a.Values),
		func(v string, _ bool) {
			change := Change{Verdict: Breaking, Kind: KindValue, Where: where, Name: v, Removed: true, Request: t.request,
				What: "the value " + strconv.Quote(v) + " is gone", Why: "its constant goes"}
			if t.request {
				change.Why = "its constant goes, and requests with it are refused"
			}
			c.add(change)
		},
		func(v string, _ bool) {
			c.add(Change{Verdict: Additive, Kind: KindValue, Where: where, Name: v, Added: true, Request: t.request,
				What: "the value " + strconv.Quote(v) + " is new", Why: "one more constant; a value that a program does not know decodes all the same"})
		}, nil)
}

// upper and lower are the limits that allow less when they fall, and less
// when they rise.
var (
	upper = map[string]bool{"maxLength": true, "maximum": true, "exclusiveMaximum": true, "maxItems": true, "maxProperties": true}
	lower = map[string]bool{"minLength": true, "minimum": true, "exclusiveMinimum": true, "minItems": true, "minProperties": true}
)

// fact judges a change of one of the facts that a schema, parameter or
// operation states. An empty string is a fact that is not stated.
func fact(kind Kind, where, name, k, was, is string, request bool) Change {
	c := Change{Kind: kind, Where: where, Name: name, Request: request, Verdict: Breaking, Why: "no rule knows what this means: look at it"}
	of := ""
	if name != "" {
		of = " of " + name
	}
	switch {
	case was == "":
		c.What = fmt.Sprintf("%s%s is %s, was not stated", k, of, is)
	case is == "":
		c.What = fmt.Sprintf("%s%s is not stated, was %s", k, of, was)
	default:
		c.What = fmt.Sprintf("%s%s is %s, was %s", k, of, is, was)
	}
	word := k[strings.LastIndex(k, " ")+1:] // "items: maxLength"
	if before, _, found := strings.Cut(k, " of "); found {
		word = before // "maxLength of team"
	}
	switch {
	case word == "deprecated":
		c.Verdict, c.Why = Additive, "it still works"
		if is != "true" {
			c.Verdict, c.Why = Invisible, "it is here to stay"
		}
	case word == "x-polar-allowed-subjects":
		lost, more := overlap(was, is)
		c.Kind, c.Verdict, c.Why = KindScope, Additive, "no token loses access"
		if was == "" || lost && is != "" {
			c.Verdict, c.Why = Breaking, "tokens of some subject are refused from now on"
		} else if !more {
			c.Verdict = Invisible
		}
	case word == "x-polar-pagination":
		c.Why = "lists are read page by page in this way"
	case word == "default" && request:
		c.Why = "a call that leaves it out means something else from now on"
		if was == "" {
			c.Verdict, c.Why = Additive, "what it is when left out is now known"
		}
	case (upper[word] || lower[word]) && request:
		c.Verdict, c.Why = Additive, "what was accepted still is"
		if was == "" || is != "" && tighter(word, was, is) {
			c.Verdict, c.Why = Breaking, "what was accepted may be refused"
		}
	case (word == "pattern" || word == "format" || word == "uniqueItems" || word == "multipleOf") && request:
		c.Verdict, c.Why = Additive, "what was accepted still is"
		if is != "" {
			c.Verdict, c.Why = Breaking, "what was accepted may be refused"
		}
	case !request && (upper[word] || lower[word] || slices.Contains([]string{"default", "pattern", "format", "uniqueItems", "multipleOf", "readOnly", "writeOnly"}, word)):
		c.Verdict, c.Why = Invisible, "answers are not checked against it"
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

// overlap says whether the list that is written as JSON in b lacks something
// of a's, and whether it has more.
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
