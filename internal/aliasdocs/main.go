// Command aliasdocs lists the fields of generated structs in the doc comments of the
// types that are declared as these structs, so that go doc shows what the types hold.
//
//	aliasdocs [-rename old=new]... file...
//
// In each file it looks for type declarations such as
//
//	// CreateParams is what a new customer is made of.
//	CreateParams = gen.CustomerCreate
//
// and writes a list of the fields, with their types and meanings, after the handwritten
// text. The list replaces that of an earlier run.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	renames := map[string]string{}
	flag.Func("rename", "show the type old as new, as in `gen.Old=new.New`", func(s string) error {
		from, to, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("want old=new")
		}
		renames[from] = to
		return nil
	})
	flag.Parse()
	for _, name := range flag.Args() {
		if err := run(name, renames); err != nil {
			fmt.Fprintln(os.Stderr, "aliasdocs:", err)
			os.Exit(1)
		}
	}
}

func run(name string, renames map[string]string) error {
	source, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	rewritten, err := rewrite(name, source, renames, packageDir)
	if err != nil {
		return err
	}
	if string(rewritten) == string(source) {
		return nil
	}
	return os.WriteFile(name, rewritten, 0o644)
}

// packageDir returns the directory of a package's source.
func packageDir(importPath string) (string, error) {
	cmd := exec.Command("go", "list", "-f", "{{.Dir}}", importPath)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", importPath, err)
	}
	return strings.TrimSpace(string(out)), nil
}
