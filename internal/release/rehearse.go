package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// rehearse publishes the tree to a module proxy of its own, and uses the modules as a new
// user does.
func rehearse(ctx context.Context, out io.Writer) error {
	t, err := load(ctx, ".")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "release-rehearsal-")
	if err != nil {
		return err
	}
	err = t.rehearse(ctx, out, dir)
	if err != nil {
		return fmt.Errorf("%w\nsee %s", err, dir)
	}
	fmt.Fprintf(out, "\n%s works as the README says.\n", current)
	return os.RemoveAll(dir)
}

func (t *tree) rehearse(ctx context.Context, out io.Writer, dir string) error {
	readme, err := t.readme()
	if err != nil {
		return err
	}
	proxy := filepath.Join(dir, "proxy")
	sizes, err := t.publish(proxy, current)
	if err != nil {
		return err
	}
	for _, m := range t.modules {
		fmt.Fprintf(out, "%s %s: a zip file of %d KB\n", m.path(), current, sizes[m.path()]>>10)
	}
	env, err := environment(ctx, dir, proxy, t.modules[0].path())
	if err != nil {
		return err
	}
	sandbox, err := t.installSandbox(ctx, out, dir, env)
	if err != nil {
		return err
	}
	if err := t.quickStart(ctx, out, dir, env, readme, sandbox); err != nil {
		return err
	}
	return t.useOtherModules(ctx, out, dir, env)
}

// environment returns the environment of a user with an empty module cache. Modules of
// others may come from the real cache: they are published, and the go command checks
// them like any download.
func environment(ctx context.Context, dir, proxy, module string) ([]string, error) {
	got, err := exec.CommandContext(ctx, "go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(string(got), "\n")
	proxies := []string{fileURL(proxy), fileURL(filepath.Join(lines[0], "cache", "download"))}
	for p := range strings.FieldsFuncSeq(lines[1], func(r rune) bool { return r == ',' || r == '|' }) {
		if p != "direct" { // our modules must not come from version control
			proxies = append(proxies, p)
		}
	}
	return append(os.Environ(),
		"GOPROXY="+strings.Join(proxies, ","),
		"GONOSUMDB="+module, // the checksum database does not know unpublished versions
		"GOPRIVATE=", "GONOPROXY=none", "GOWORK=off", "GO111MODULE=on",
		"GOMODCACHE="+filepath.Join(dir, "cache"),
		"GOBIN="+filepath.Join(dir, "bin"),
		"GOFLAGS=-modcacherw -trimpath", // the cache can be removed, and the next rehearsal can reuse compiled packages
	), nil
}

func fileURL(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
}

// installSandbox installs the module's program at the current and at the latest version,
// which must be the same, and returns its path.
func (t *tree) installSandbox(ctx context.Context, out io.Writer, dir string, env []string) (string, error) {
	u := user{dir: dir, env: env, out: out}
	program := filepath.Join(dir, "bin", "polar-sandbox")
	for _, version := range []string{current, "latest"} {
		if err := os.RemoveAll(program); err != nil {
			return "", err
		}
		if _, err := u.run(ctx, "go", "install", t.modules[0].path()+"/cmd/polar-sandbox@"+version); err != nil {
			return "", err
		}
		built, err := u.run(ctx, "go", "version", "-m", program)
		if err != nil {
			return "", err
		}
		if want := "\tmod\t" + t.modules[0].path() + "\t" + current + "\t"; !strings.Contains(built, want) {
			return "", fmt.Errorf("polar-sandbox@%s is not %s:\n%s", version, current, built)
		}
	}
	return program, nil
}

const accessToken = "polar_oat_rehearsal"

// quickStart follows the README in a new module. The programs use the installed
// polar-sandbox instead of Polar's sandbox.
func (t *tree) quickStart(ctx context.Context, out io.Writer, dir string, env []string, readme readme, sandbox string) error {
	u, err := newUser(ctx, out, filepath.Join(dir, "shop"), env)
	if err != nil {
		return err
	}
	for _, line := range readme.install {
		if _, err := u.run(ctx, "sh", "-c", line); err != nil {
			return err
		}
	}
	server, stop, err := start(ctx, sandbox)
	if err != nil {
		return err
	}
	defer stop()
	u.env = append(u.env, "POLAR_ACCESS_TOKEN="+accessToken)
	for _, program := range readme.programs {
		local := strings.ReplaceAll(program, "polar.WithSandbox()", fmt.Sprintf("polar.WithBaseURL(%q)", server))
		if local == program {
			return fmt.Errorf("README.md: a program does not use polar.WithSandbox(), so it cannot run here:\n%s", program)
		}
		if err := u.write("main.go", local); err != nil {
			return err
		}
		if strings.Contains(program, "ListenAndServe") { // it runs until it is stopped
			_, err = u.run(ctx, "go", "vet", ".")
		} else {
			_, err = u.run(ctx, "go", "run", ".")
		}
		if err != nil {
			return err
		}
	}
	test, err := t.testFile(readme.test)
	if err != nil {
		return err
	}
	if err := u.write("main_test.go", test); err != nil {
		return err
	}
	if _, err := u.run(ctx, "go", "test", "."); err != nil {
		return err
	}
	_, err = u.run(ctx, "go", "mod", "tidy")
	return err
}

// start runs polar-sandbox and returns its URL.
func start(ctx context.Context, program string) (url string, stop func(), err error) {
	cmd := exec.CommandContext(ctx, program, "-addr", "127.0.0.1:0", "-token", accessToken)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if url = regexp.MustCompile(`http://[0-9.:]+`).FindString(lines.Text()); url != "" {
			return url, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("polar-sandbox does not print its URL")
}

// useOtherModules uses every module other than the root's in a module of its own.
func (t *tree) useOtherModules(ctx context.Context, out io.Writer, dir string, env []string) error {
	for _, m := range t.modules[1:] {
		u, err := newUser(ctx, out, filepath.Join(dir, filepath.Base(m.dir)), env)
		if err != nil {
			return err
		}
		if _, err := u.run(ctx, "go", "get", m.path()); err != nil {
			return err
		}
		if err := u.write("main.go", fmt.Sprintf("package main\n\nimport _ %q\n\nfunc main() {}\n", m.path())); err != nil {
			return err
		}
		if _, err := u.run(ctx, "go", "run", "."); err != nil {
			return err
		}
		if _, err := u.run(ctx, "go", "mod", "tidy"); err != nil {
			return err
		}
		if err := u.requires(ctx, t.modules[0].path()); err != nil {
			return err
		}
	}
	return nil
}

// A user is someone with a module that uses ours.
type user struct {
	dir   string
	env   []string
	out   io.Writer
	lines int // the number of lines in go.sum
}

func newUser(ctx context.Context, out io.Writer, dir string, env []string) (*user, error) {
	u := &user{dir: dir, env: env, out: out}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	_, err := u.run(ctx, "go", "mod", "init", "example.com/"+filepath.Base(dir))
	return u, err
}

// requires returns an error unless the user's build has the current version of a module.
func (u *user) requires(ctx context.Context, module string) error {
	got, err := u.run(ctx, "go", "list", "-m", "-f", "{{.Version}}{{with .Replace}} replaced{{end}}", module)
	if err == nil && strings.TrimSpace(got) != current {
		err = fmt.Errorf("%s: the build has %s %s instead of %s", u.dir, module, strings.TrimSpace(got), current)
	}
	return err
}

func (u *user) write(name, text string) error {
	return os.WriteFile(filepath.Join(u.dir, name), []byte(text), 0o644)
}

// run runs a command in the user's module and returns its output. It prints the command,
// its duration and the growth of go.sum.
func (u *user) run(ctx context.Context, name string, args ...string) (string, error) {
	line := strings.TrimPrefix(strings.Join(append([]string{name}, args...), " "), "sh -c ")
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = u.dir, u.env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", line, err, stdout.String(), stderr.String())
	}
	fmt.Fprintf(u.out, "$ %s  # %.1f s", line, time.Since(began).Seconds())
	if sum, err := os.ReadFile(filepath.Join(u.dir, "go.sum")); err == nil {
		if lines := strings.Count(string(sum), "\n"); lines != u.lines {
			fmt.Fprintf(u.out, ", go.sum: %d to %d lines", u.lines, lines)
			u.lines = lines
		}
	}
	fmt.Fprintln(u.out)
	return stdout.String(), nil
}
