// Command patchtemplates writes templates of oapi-codegen, with the changes in patch.go,
// to the directory in its argument. go generate runs it before oapi-codegen.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const generator = "github.com/oapi-codegen/oapi-codegen/v2"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: patchtemplates directory")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "patchtemplates:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	upstream, err := upstreamTemplates()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, edits := range patches {
		text, err := os.ReadFile(filepath.Join(upstream, name))
		if err != nil {
			return err
		}
		patched, err := patch(name, string(text), edits)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(patched), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// upstreamTemplates returns the directory of the templates in the module cache,
// in the version that go.mod requires.
func upstreamTemplates() (string, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", generator)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", generator, err)
	}
	dir := strings.TrimSpace(string(out))
	if dir == "" {
		return "", fmt.Errorf("%s is not in the module cache; run go mod download", generator)
	}
	return filepath.Join(dir, "pkg", "codegen", "templates"), nil
}
