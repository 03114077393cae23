// Command release checks and rehearses releases of this repository's modules.
//
//	go run ./internal/release check v0.1.0
//	go run ./internal/release rehearse
//
// With check, it reports what prevents a release of the working tree as a version. With
// rehearse, it publishes the working tree to a module proxy in a temporary directory,
// and follows the README with modules from there, as a user does. Both run in the root
// of the repository.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/polarexpress/polar-go/polar"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if errors.Is(err, errUsage) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: release check VERSION | release rehearse")

// current is the version in the working tree.
const current = "v" + polar.Version

func run(ctx context.Context, args []string, out io.Writer) error {
	switch {
	case len(args) == 2 && args[0] == "check":
		return check(ctx, args[1], out)
	case len(args) == 1 && args[0] == "rehearse":
		return rehearse(ctx, out)
	}
	return errUsage
}

func check(ctx context.Context, version string, out io.Writer) error {
	t, err := load(ctx, ".")
	if err != nil {
		return err
	}
	tags, err := t.tags(ctx, version)
	if err != nil {
		return err
	}
	problems := append(t.problems(current, polar.APIVersion), t.obstacles(current, version, tags)...)
	if len(problems) > 0 {
		return fmt.Errorf("%s cannot be released:\n%w", version, errors.Join(problems...))
	}
	if len(tags) == 0 {
		fmt.Fprintf(out, "%s can be released. Tag the commit, and push all tags at once:\n\n%s", version, t.commands(version))
	} else {
		fmt.Fprintf(out, "%s is tagged correctly.\n", version)
	}
	return nil
}
