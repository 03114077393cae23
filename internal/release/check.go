package main

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// problems returns what is wrong with the tree, whether it is released or not. Every
// file must state the same version, and users must be able to build the modules.
func (t *tree) problems(current, apiVersion string) (problems []error) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	section, err := t.changes(current)
	switch {
	case err != nil:
		report("%w", err)
	case !strings.Contains(section, apiVersion):
		report("CHANGELOG.md: the section of %s does not name the version of Polar's API, %s", current, apiVersion)
	}
	own := map[string]module{}
	for _, m := range t.modules {
		own[m.path()] = m
	}
	for _, m := range t.modules {
		name := path.Join(m.dir, "go.mod")
		for _, r := range m.file.Require {
			if _, ok := own[r.Mod.Path]; ok && r.Mod.Version != current {
				report("%s: requires %s %s, which users would get: it must be %s", name, r.Mod.Path, r.Mod.Version, current)
			}
		}
		for _, r := range m.file.Replace {
			if other, ok := own[r.Old.Path]; !ok || path.Join(m.dir, r.New.Path) != path.Clean(other.dir) {
				report("%s: replaces %s: users would not get what the tests run with", name, r.Old.Path)
			}
		}
		if m.dir == "" && len(m.file.Replace) > 0 {
			report("%s: has a replace directive: go install would refuse the module's programs", name)
		}
	}
	return problems
}

// obstacles returns what else prevents the release of the tree as version.
func (t *tree) obstacles(current, version string, tags map[string]bool) (problems []error) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if version != current {
		report("polar.Version says that this is %s", current)
	}
	if section, err := t.changes(version); err == nil && !released.MatchString(section) {
		report("CHANGELOG.md: the title of the section must be %q, with the date of the release", "## "+version[1:]+" (2006-01-02)")
	}
	if len(tags) == 0 {
		return problems
	}
	for _, m := range t.modules {
		tag := m.tag(version)
		if here, ok := tags[tag]; !ok {
			report("the tag %s is missing: git tag %s && git push origin %s", tag, tag, tag)
		} else if !here {
			report("the tag %s is at another commit, and must stay there: release a new version", tag)
		}
	}
	return problems
}

// released matches a section whose title has the date of the release.
var released = regexp.MustCompile(`\A## \S+ \(\d{4}-\d{2}-\d{2}\)\n`)

// changes returns the section of CHANGELOG.md about a version, with its title. It must
// be the first section.
func (t *tree) changes(version string) (string, error) {
	text, err := os.ReadFile(t.real("CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	sections := strings.Split("\n"+string(text), "\n## ")[1:]
	i := slices.IndexFunc(sections, func(s string) bool { return "v"+strings.Fields(s + "\n-")[0] == version })
	switch {
	case i < 0:
		return "", fmt.Errorf("CHANGELOG.md: has no section of %s", version)
	case i > 0:
		return "", fmt.Errorf("CHANGELOG.md: the section of %s is not the first", version)
	}
	_, body, _ := strings.Cut(sections[i], "\n")
	if strings.TrimSpace(body) == "" {
		return "", fmt.Errorf("CHANGELOG.md: the section of %s is empty", version)
	}
	return "## " + sections[i], nil
}
