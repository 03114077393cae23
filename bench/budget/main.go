// Command budget reports what this module costs its users: size and build time of
// a program with one call of each package, compared with net/http alone, the
// modules that customers imports, and the lines of code of each package. It fails
// if a value is above its limit in budget/budget.txt. It runs in bench/.
package main

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	_ "github.com/polarexpress/polar-go/customers/statecache" // keeps in go.mod what a written program needs
)

const (
	limitsFile = "budget/budget.txt"
	module     = "github.com/polarexpress/polar-go"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "budget:", err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile(limitsFile)
	if err != nil {
		return err
	}
	limits, err := parseLimits(string(text))
	if err != nil {
		return err
	}
	if err := onlyShrunk(limits); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "budget")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)

	// The programs are written into this module, so that its go.mod applies.
	written, err := os.MkdirTemp("budget/programs", "written")
	if err != nil {
		return err
	}
	defer os.RemoveAll(written)

	for _, c := range oneCalls {
		if err := c.write(written); err != nil {
			return err
		}
	}
	std := filepath.Join(tmp, "std")
	if err := standardLibrary(std); err != nil {
		return err
	}
	alone, err := build(tmp, std, "budget/programs/nethttp")
	if err != nil {
		return err
	}
	fmt.Printf("%-24s %12s %12s %15s\n", "a program with one call", "binary, KiB", "growth, KiB", "cold build, s")
	fmt.Printf("%-24s %12d %12s %15.1f\n", "net/http", alone.kib, "", alone.seconds)
	costs := map[string]cost{}
	for _, c := range oneCalls {
		used, err := build(tmp, std, filepath.Join(written, c.name()))
		if err != nil {
			return err
		}
		fmt.Printf("%-24s %12d %12d %15.1f\n", c.imports[0], used.kib, used.kib-alone.kib, used.seconds)
		costs[c.imports[0]] = used
	}
	fmt.Println()
	ours := costs["customers"]
	direct, err := directDependencies()
	if err != nil {
		return err
	}
	lines, err := packageLines(os.DirFS(".."))
	if err != nil {
		return err
	}
	values := []value{
		{"binary-growth-kib", float64(ours.kib - alone.kib), ""},
		{"cold-build-seconds", ours.seconds, "standard library cached; half the processor time, best of three"},
		{"direct-modules", float64(len(direct)), strings.Join(direct, " ")},
	}
	for _, dir := range slices.Sorted(maps.Keys(lines)) {
		values = append(values, value{"lines/" + dir, float64(lines[dir]), "of code, without comments, tests and generated files"})
	}
	broken := 0
	for _, v := range values {
		limit, ok := limits[v.name]
		if !ok {
			kind, _, _ := strings.Cut(v.name, "/")
			limit, ok = limits[kind+"/*"]
		}
		if !ok {
			return fmt.Errorf("%s has no limit for %s", limitsFile, v.name)
		}
		word := "ok"
		if v.got > limit {
			word = "ABOVE"
			broken++
		}
		fmt.Printf("%-34s %8.4g  limit %6.4g  %-5s  %s\n", v.name, v.got, limit, word, v.note)
	}
	if broken > 0 {
		return fmt.Errorf("%d values are above their limits, which must not grow", broken)
	}
	return nil
}

// value is what something costs.
type value struct {
	name string
	got  float64
	note string
}

func parseLimits(text string) (map[string]float64, error) {
	limits := map[string]float64{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(fields) != 2 {
			return nil, fmt.Errorf("%s: want a name and a number, have %q", limitsFile, strings.TrimSpace(line))
		}
		n, err := strconv.ParseFloat(fields[1], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %q is not a number", limitsFile, fields[0], fields[1])
		}
		limits[fields[0]] = n
	}
	return limits, nil
}

// onlyShrunk compares the limits with those of every commit.
func onlyShrunk(limits map[string]float64) error {
	commits, err := output("git", "log", "--format=%h", "--", limitsFile)
	if err != nil {
		return fmt.Errorf("earlier limits cannot be read: %w", err)
	}
	for _, commit := range strings.Fields(commits) {
		text, err := output("git", "show", commit+":./"+limitsFile)
		if err != nil {
			continue // the commit that removed or moved it
		}
		old, err := parseLimits(text)
		if err != nil {
			return err
		}
		if name, ok := grown(old, limits); ok {
			return fmt.Errorf("%s: %s was %g in %s: a limit must not grow", limitsFile, name, old[name], commit)
		}
	}
	return nil
}

// grown names a limit that is higher than it was, or removed.
func grown(old, limits map[string]float64) (string, bool) {
	for name, was := range old {
		if is, ok := limits[name]; !ok || is > was {
			return name, true
		}
	}
	return "", false
}

// oneCall is a program that calls a package of this module once.
type oneCall struct {
	imports []string // packages of this module, besides polar; the first is the one to measure
	call    string
}

var oneCalls = []oneCall{
	{[]string{"customers"}, `customers.New(client).GetByExternalID(ctx, "user_42")`},
	{[]string{"customers/statecache", "customers"}, `must(statecache.New(customers.New(client))).GetByExternalID(ctx, "user_42")`},
	{[]string{"checkouts"}, `checkouts.New(client).Get(ctx, "id")`},
	{[]string{"portal"}, `portal.New(client).CreateSession(ctx, portal.SessionParams{ExternalCustomerID: "user_42"})`},
	{[]string{"subscriptions"}, `subscriptions.New(client).Get(ctx, "id")`},
	{[]string{"orders"}, `orders.New(client).Get(ctx, "id")`},
	{[]string{"products"}, `products.New(client).Get(ctx, "id")`},
	{[]string{"usage"}, `usage.NewRecorder(client, usage.RecorderOptions{})`},
	{[]string{"licensekeys"}, `licensekeys.New(client).Validate(ctx, licensekeys.ValidateParams{Key: "key"})`},
	{[]string{"webhook"}, `webhook.Handler("secret", func(context.Context, webhook.Event) error { return ctx.Err() })`},
	{[]string{"gen/api"}, `polar.Call[api.Benefit](ctx, client, "GET", "/v1/benefits/id", nil)`},
}

func (c oneCall) name() string { return path.Base(c.imports[0]) }

// write writes the program to a directory of its own in dir.
func (c oneCall) write(dir string) error {
	var imports strings.Builder
	for _, name := range c.imports {
		fmt.Fprintf(&imports, "\t%q\n", module+"/"+name)
	}
	text := fmt.Sprintf(`package main

import (
	"context"
	"fmt"
	"os"

	%q
%s)

func main() {
	client := must(polar.New(os.Getenv("POLAR_ACCESS_TOKEN")))
	fmt.Println(must(call(context.Background(), client)) != nil)
}

func call(ctx context.Context, client *polar.Client) (any, error) {
	return %s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
`, module+"/polar", &imports, c.call)
	dir = filepath.Join(dir, c.name())
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644)
}

type cost struct {
	kib     int64
	seconds float64 // of two processors, if nothing else runs
}

// standardLibrary compiles what the programs need of it into a cache.
func standardLibrary(cache string) error {
	std, err := output("go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "./budget/programs/...")
	if err != nil {
		return err
	}
	_, err = goBuild(cache, append([]string{"build"}, strings.Fields(std)...)...)
	return err
}

// build builds a program with only std in the cache. Half of the processor time is
// the time that two idle processors take, and does not depend on what else the
// machine does. The least of three builds counts.
func build(tmp, std, program string) (cost, error) {
	binary := filepath.Join(tmp, path.Base(program))
	c := cost{seconds: math.Inf(1)}
	for i := range 3 {
		cache := filepath.Join(tmp, fmt.Sprintf("cache-%s-%d", path.Base(program), i))
		if err := os.CopyFS(cache, os.DirFS(std)); err != nil {
			return c, err
		}
		used, err := goBuild(cache, "build", "-o", binary, "./"+program)
		if err != nil {
			return c, err
		}
		c.seconds = min(c.seconds, used.Seconds()/2)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return c, err
	}
	c.kib = info.Size() >> 10
	return c, nil
}

// goBuild runs go and returns its processor time.
func goBuild(cache string, args ...string) (time.Duration, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOCACHE="+cache, "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("go %s: %w: %s", args[0], err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func output(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return string(out), nil
}

// directDependencies are the modules that packages of this one import in a
// user's build of customers.
func directDependencies() ([]string, error) {
	const imports = `{{with .Module}}{{if eq .Path "` + module + `"}}{{range $.Imports}}{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	imported, err := output("go", "list", "-deps", "-f", imports, module+"/customers")
	if err != nil {
		return nil, err
	}
	const origin = `{{with .Module}}{{if ne .Path "` + module + `"}}{{.Path}}{{end}}{{end}}`
	modules, err := output("go", append([]string{"list", "-f", origin}, strings.Fields(imported)...)...)
	if err != nil {
		return nil, err
	}
	direct := strings.Fields(modules)
	slices.Sort(direct)
	return slices.Compact(direct), nil
}

// packageLines counts the lines of code of each public package of a module.
func packageLines(module fs.FS) (map[string]int, error) {
	lines := map[string]int{}
	err := fs.WalkDir(module, ".", func(file string, entry fs.DirEntry, err error) error {
		dir, name := path.Dir(file), entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(private, name) || len(name) > 1 && name[0] == '.'):
			return fs.SkipDir
		case entry.IsDir(), dir == ".", !strings.HasSuffix(name, ".go"), strings.HasSuffix(name, "_test.go"), strings.HasSuffix(name, ".gen.go"):
			return nil
		}
		src, err := fs.ReadFile(module, file)
		lines[dir] += codeLines(src)
		return err
	})
	return lines, err
}

// private are folders that hold nothing for users to import.
var private = []string{"bench", "examples", "interop", "internal", "node_modules", "testdata"}

// codeLines counts the lines on which a token other than a comment begins or ends.
func codeLines(src []byte) int {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue // inserted by the scanner
		}
		line := file.Line(pos)
		for i := range 1 + bytes.Count([]byte(text), []byte("\n")) {
			lines[line+i] = true
		}
	}
}
