package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A readme holds the commands and the code that README.md shows to users.
type readme struct {
	install  []string // the commands of the first shell block, without go mod init
	programs []string
	test     string // the first test, without imports
}

var fenced = regexp.MustCompile("(?ms)^```(go|sh)\n(.*?)^```$")

func (t *tree) readme() (r readme, err error) {
	text, err := os.ReadFile(t.real("README.md"))
	if err != nil {
		return r, err
	}
	for _, block := range fenced.FindAllStringSubmatch(string(text), -1) {
		language, code := block[1], block[2]
		switch {
		case language == "sh" && r.install == nil:
			r.install = slices.DeleteFunc(strings.Split(strings.TrimSpace(code), "\n"), func(line string) bool {
				return strings.HasPrefix(line, "go mod init")
			})
		case language == "go" && strings.HasPrefix(code, "package main\n"):
			r.programs = append(r.programs, code)
		case language == "go" && r.test == "" && strings.HasPrefix(code, "func Test"):
			r.test = code
		}
	}
	for _, line := range r.install {
		if !strings.HasPrefix(line, "go get ") {
			return r, fmt.Errorf("README.md: the first shell block does not install the module: %q is not go get", line)
		}
	}
	if r.install == nil || r.programs == nil || r.test == "" {
		return r, errors.New("README.md has no shell block, no program or no test: has its form changed?")
	}
	return r, nil
}

// importPaths are the import paths of packages whose name is not their path.
var importPaths = map[string]string{"http": "net/http", "httptest": "net/http/httptest", "url": "net/url", "statecache": "customers/statecache"}

// testFile returns a file of package main with the given declarations, and the imports
// that they need.
func (t *tree) testFile(block string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "README.md", "package main\n"+block, 0)
	if err != nil {
		return "", err
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range file.Unresolved {
		unresolved[id] = true
	}
	var paths []string
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := selector.X.(*ast.Ident); ok && unresolved[id] {
			path := id.Name
			if other, ok := importPaths[path]; ok {
				path = other
			}
			if _, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(path))); err == nil {
				path = t.modules[0].path() + "/" + path
			}
			paths = append(paths, path)
		}
		return true
	})
	slices.Sort(paths)
	text := "package main\n\nimport (\n"
	for _, path := range slices.Compact(paths) {
		text += fmt.Sprintf("\t%q\n", path)
	}
	return text + ")\n\n" + block, nil
}
