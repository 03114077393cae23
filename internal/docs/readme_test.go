package docs

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
)

// Every block of Go in the documents is compiled, and run against the embedded server.
// A program is run by go run, a test by go test, and any other block as the body of a
// function.

// documents returns the names of README.md and of all documents in docs/.
func documents(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("docs/*.md")
	if err != nil || len(found) == 0 {
		t.Fatalf("no documents in docs/: %v", err)
	}
	return append(found, "README.md")
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

func TestDocumentsRun(t *testing.T) {
	inRoot(t)
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	// An overlay puts the blocks into the module without a file in the tree.
	dir, virtual := t.TempDir(), filepath.Join(root, "internal", "documents")
	replace := map[string]string{}
	write := func(name, text string) {
		real := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(real, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(virtual, name)] = real
	}

	var calls, tests strings.Builder
	// Programs that listen run until they are stopped, and public ones need Polar's server.
	programs, buildOnly := 0, map[string]bool{}
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range goBlock.FindAllStringSubmatch(string(text), -1) {
			block, name := m[1], fmt.Sprintf("%s_%d", strings.NewReplacer("/", "_", "-", "_", ".md", "").Replace(strings.ToLower(document)), i+1)
			switch {
			case strings.HasPrefix(block, "package main"):
				programs++
				buildOnly[name] = strings.Contains(block, "ListenAndServe") || strings.Contains(block, "polar.NewPublic(")
				if !buildOnly[name] {
					block = onServer(t, block)
				}
				write("program/"+name+"/main.go", block)
			case strings.HasPrefix(block, "func Test"):
				tests.WriteString(block)
			default:
				write(name+".go", imports(block)+function(t, name, block))
				fmt.Fprintf(&calls, "\trun(%q, %s)\n", name, name)
			}
		}
	}
	if programs == 0 || calls.Len() == 0 || tests.Len() == 0 {
		t.Fatal("the documents have no program, no test or no other block: has their form changed?")
	}
	write("main.go", fmt.Sprintf(runner, calls.String()))
	write("main_test.go", "package main\n\nimport (\n\t\"testing\"\n\n\t\"github.com/polarexpress/polar-go/customers\"\n\t\"github.com/polarexpress/polar-go/polartest\"\n)\n\n"+tests.String())

	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	goTool := func(args ...string) {
		t.Helper()
		// The packages' own tests run under the race detector, if it is on.
		cmd := exec.Command("go", append(args[:1:1], append([]string{"-race=false", "-overlay", file}, args[1:]...)...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	goTool("run", "./internal/documents")
	goTool("test", "-c", "-vet=off", "-o", filepath.Join(dir, "documents.test"), "./internal/documents")
	if out, err := exec.Command(filepath.Join(dir, "documents.test")).CombinedOutput(); err != nil {
		t.Errorf("the tests of the documents: %v\n%s", err, out)
	}
	for name := range replace {
		if !strings.HasSuffix(filepath.Dir(filepath.Dir(name)), "program") {
			continue
		}
		program := filepath.Base(filepath.Dir(name))
		if buildOnly[program] {
			goTool("build", "-o", filepath.Join(dir, program), "./internal/documents/program/"+program)
		} else {
			goTool("run", "./internal/documents/program/"+program)
		}
	}
}

// onServer changes a program that uses Polar to use the embedded server.
func onServer(t *testing.T, program string) string {
	t.Helper()
	newClient := regexp.MustCompile(`polar\.New\(os\.Getenv\("POLAR_ACCESS_TOKEN"\)[^\n]*\)\n`)
	if !newClient.MatchString(program) {
		t.Fatalf("the program does not begin with polar.New(os.Getenv(\"POLAR_ACCESS_TOKEN\"), ...):\n%s", program)
	}
	program = newClient.ReplaceAllString(program, "startedClient()\n")
	program = strings.Replace(program, "\"github.com/polarexpress/polar-go/polar\"\n", "\"github.com/polarexpress/polar-go/polar\"\n\t\"github.com/polarexpress/polar-go/polartest\"\n", 1)
	return program + `
func startedClient() (*polar.Client, error) {
	srv, err := polartest.Start()
	if err != nil {
		return nil, err
	}
	return srv.Client(), os.Setenv("POLAR_PRODUCT_ID", srv.AddProduct(polartest.Product{}).ID)
}
`
}

// function returns a function with the block as its body, which returns an error. It
// also uses the variables that the block declares and leaves to the reader.
func function(t *testing.T, name, block string) string {
	t.Helper()
	text := "func " + name + "(ctx context.Context, client *polar.Client, c *customers.Client, id string, params customers.CreateParams) error {\n" + block
	file, err := parser.ParseFile(token.NewFileSet(), name, "package p\n"+text+"\n}", 0)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, s := range file.Decls[0].(*ast.FuncDecl).Body.List {
		assign, ok := s.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE {
			continue
		}
		for _, v := range assign.Lhs {
			if id := v.(*ast.Ident); id.Name != "_" {
				text += "_ = " + id.Name + "\n"
			}
		}
	}
	return text + "return nil\n}\n"
}

// imports returns the package clause and the imports of a file with the block.
func imports(block string) string {
	paths := map[string]string{
		"errors": "errors", "fmt": "fmt", "http": "net/http", "os": "os", "time": "time",
		"statecache": "github.com/polarexpress/polar-go/customers/statecache",
		"webhook":    "github.com/polarexpress/polar-go/webhook",
		"url":        "net/url",
	}
	text := "package main\n\nimport (\n\t\"context\"\n\n\t\"github.com/polarexpress/polar-go/customers\"\n\t\"github.com/polarexpress/polar-go/polar\"\n"
	for name, path := range paths {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(block) {
			text += fmt.Sprintf("\t%q\n", path)
		}
	}
	return text + ")\n\n"
}

const runner = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

func run(name string, block func(context.Context, *polar.Client, *customers.Client, string, customers.CreateParams) error) {
	srv, err := polartest.Start()
	if err == nil {
		ada := srv.AddCustomer(polartest.Customer{ExternalID: "user_42", Email: "ada@polar.sh"})
		srv.AddSubscription(polartest.Subscription{CustomerID: ada.ID})
		client := srv.Client()
		err = block(context.Background(), client, customers.New(client), ada.ID, customers.CreateParams{Email: "grace@polar.sh"})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

func main() {
%s}
`

// The tables of operations, one for each package, match the contract and the methods'
// documentation.
func TestOperations(t *testing.T) {
	inRoot(t)
	text, err := os.ReadFile("docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	packages, err := filepath.Glob("*/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, file := range packages {
		dir := filepath.Dir(file)
		want := operationTable(t, dir)
		if want == "" {
			continue
		}
		tables++
		_, section, _ := strings.Cut(string(text), "\n## "+dir+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		if !strings.Contains(section, "| --- | --- | --- |\n"+want+"<!-- end -->") {
			t.Errorf("the table of %s in docs/operations.md differs from the contract; it should be:\n%s", dir, want)
		}
	}
	if tables < 8 {
		t.Errorf("only %d packages have methods with an API line: has its form changed?", tables)
	}
}

// operationTable returns the table of a package's methods that call an operation, in the
// order of the contract. It is empty if there are none.
func operationTable(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string][]string{} // by operation
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".gen.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			if _, api, ok := strings.Cut(f.Doc.Text(), "\nAPI: "); ok {
				method := f.Name.Name
				if of := strings.TrimSuffix(receiver(f.Recv.List[0].Type), "Client"); of != "" {
					method = of + "()." + method
				}
				methods[strings.TrimSpace(api)] = append(methods[strings.TrimSpace(api)], method)
			}
		}
	}
	var table strings.Builder
	for _, op := range polar.Operations() {
		scopes := "no token needed"
		if len(op.Scopes) > 0 {
			scopes = "`" + strings.Join(op.Scopes, "` or `") + "`"
		}
		for _, method := range methods[op.Method+" "+op.Path] {
			fmt.Fprintf(&table, "| `%s` | `%s %s` | %s |\n", method, op.Method, op.Path, scopes)
		}
	}
	return table.String()
}

var codeBlock = regexp.MustCompile("(?s)```.*?```")

var (
	markdownLink = regexp.MustCompile(`\]\(([^)]+)\)`)
	heading      = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInAnchor  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors returns the names that GitHub gives to the headings of a document.
func anchors(document string) (names []string) {
	for _, m := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(document, ""), -1) {
		names = append(names, strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return names
}

// Every link between documents leads to a file, and to a heading if it has an anchor.
func TestLinks(t *testing.T) {
	inRoot(t)
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == "node_modules" || entry.Name() == ".git" {
			return cmp.Or(err, fs.SkipDir)
		}
		if filepath.Ext(file) == ".md" {
			checkLinks(t, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func checkLinks(t *testing.T, file string) {
	t.Helper()
	for _, m := range markdownLink.FindAllStringSubmatch(codeBlock.ReplaceAllString(read(t, file), ""), -1) {
		path, anchor, _ := strings.Cut(m[1], "#")
		if strings.Contains(path, "://") {
			continue
		}
		target := file
		if path != "" {
			target = filepath.Join(filepath.Dir(file), path)
		}
		if _, err := os.Stat(target); err != nil {
			t.Errorf("%s links to %s, which does not exist", file, m[1])
		} else if anchor != "" && !slices.Contains(anchors(read(t, target)), anchor) {
			t.Errorf("%s links to %s, which has no such heading", file, m[1])
		}
	}
}
