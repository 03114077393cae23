package guard

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// Overlay reports the actions of an overlay that match nothing in the contract, or only a
// part of what they name. As in the generator, each action applies to the results of
// those before it.
func Overlay(contract, actions []byte) ([]Problem, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(contract, &root); err != nil {
		return nil, fmt.Errorf("openapi/polar.yaml: %w", err)
	}
	var o overlay.Overlay
	if err := yaml.Unmarshal(actions, &o); err != nil {
		return nil, fmt.Errorf("openapi/overlay.yaml: %w", err)
	}
	var problems []Problem
	for i, action := range o.Actions {
		where := fmt.Sprintf("openapi/overlay.yaml, action %d (%s)", i+1, strings.TrimSuffix(action.Description, "."))
		if action.Description == "" {
			problems = append(problems, Problem{where, "it has no description", "Say in one sentence why it is there"})
		}
		missing, matched, err := match(&o, &root, action.Target)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		switch {
		case matched == 0:
			problems = append(problems, Problem{where, "its target " + action.Target + " matches nothing",
				"Give it the new path, or remove the action if the contract no longer has this"})
		case len(missing) > 0:
			problems = append(problems, Problem{where, "it names what the contract does not have: " + strings.Join(missing, ", "),
				"Remove the name from the target, or replace it"})
		}
		if action.Copy != "" {
			if _, matched, err := match(&o, &root, action.Copy); err != nil {
				return nil, fmt.Errorf("%s: %w", where, err)
			} else if matched != 1 {
				problems = append(problems, Problem{where, fmt.Sprintf("its source to copy, %s, matches %d times", action.Copy, matched),
					"Name the one schema to copy"})
			}
		}
		path, err := o.NewPath(action.Target, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		for _, target := range path.Query(&root) {
			for _, name := range absent(&action.Update, target) {
				problems = append(problems, Problem{where, "it describes " + name + ", which " + action.Target + " does not have in every place",
					"Remove it from the update, or replace the name"})
			}
		}
		one := o
		one.Actions = []overlay.Action{action}
		if err := one.ApplyTo(&root); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
	}
	return dedup(problems), nil
}

// match queries a target once for each thing that it names.
func match(o *overlay.Overlay, root *yaml.Node, target string) (missing []string, matched int, err error) {
	for _, one := range expand(target) {
		path, err := o.NewPath(one, nil)
		if err != nil {
			return nil, 0, err
		}
		n := len(path.Query(root))
		if n == 0 {
			missing = append(missing, one)
		}
		matched += n
	}
	return missing, matched, nil
}

// absent returns the properties that an update describes without defining them, and that
// the target lacks. Merging them would create properties without a type.
func absent(update, target *yaml.Node) []string {
	var names []string
	if update.Kind != yaml.MappingNode || target.Kind != yaml.MappingNode {
		return nil
	}
	if child(target, "x-polar-merge") != nil {
		return nil // a union that becomes a struct: internal/shape checks the properties
	}
	for i := 0; i < len(update.Content); i += 2 {
		name, value := update.Content[i].Value, update.Content[i+1]
		if _, err := strconv.Atoi(name); err == nil || strings.HasPrefix(name, "x-") || value.Kind != yaml.MappingNode {
			continue // a status is defined by a description alone
		}
		if at := child(target, name); at != nil {
			names = append(names, absent(value, at)...)
		} else if onlyRemarks(value) {
			names = append(names, name)
		}
	}
	return names
}

func onlyRemarks(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i].Value
		if name != "description" && name != "deprecated" && !strings.HasPrefix(name, "x-") {
			return false
		}
	}
	return len(n.Content) > 0
}

func child(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// expand splits a JSONPath that names several things, such as ['a','b'] or
// [?x || y], into paths that name one thing each.
func expand(path string) []string {
	start, depth, quote := -1, 0, byte(0)
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[' || c == '(':
			if depth == 0 {
				start = i
			}
			depth++
		case c == ']' || c == ')':
			if depth--; depth != 0 || start < 0 {
				continue
			}
			inner := path[start+1 : i]
			separator := ","
			if strings.HasPrefix(inner, "?") || path[start] == '(' {
				separator = "||"
			}
			var names []string
			for _, alternative := range split(strings.TrimPrefix(inner, "?"), separator) {
				for _, one := range expandInner(strings.TrimSpace(alternative), separator) {
					if strings.HasPrefix(inner, "?") {
						one = "?" + one
					}
					names = append(names, path[:start+1]+one+path[i:i+1])
				}
			}
			rests := expand(path[i+1:])
			var out []string
			for _, name := range names {
				for _, rest := range rests {
					out = append(out, name+rest)
				}
			}
			return out
		}
	}
	return []string{path}
}

func expandInner(s, separator string) []string {
	if separator == "||" {
		return expand(s)
	}
	return []string{s}
}

// split cuts s at separators outside quotes and brackets.
func split(s, separator string) []string {
	var parts []string
	depth, quote, from := 0, byte(0), 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			depth--
		case depth == 0 && strings.HasPrefix(s[i:], separator):
			parts = append(parts, s[from:i])
			i += len(separator) - 1
			from = i + 1
		}
	}
	return append(parts, s[from:])
}

func dedup(problems []Problem) []Problem {
	seen := map[Problem]bool{}
	var out []Problem
	for _, p := range problems {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}
