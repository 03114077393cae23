package exampleenv_test

import (
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/customers"
	"github.com/polarexpress/polar-go/internal/exampleenv"
)

func TestOpen(t *testing.T) {
	for _, test := range []struct {
		token, environment string
		name, url          string // of the environment
		refused            string // in the error
	}{
		{"", "", "embedded", "http://127.0.0.1:", ""},
		{"", "sandbox", "embedded", "http://127.0.0.1:", ""},
		{"polar_oat_x", "", "sandbox", customers.SandboxURL, ""},
		{"polar_oat_x", "sandbox", "sandbox", customers.SandboxURL, ""},
		{"polar_oat_x", "production", "production", customers.ProductionURL, ""},
		{"", "production", "", "", "set POLAR_ACCESS_TOKEN"},
		{"polar_oat_x", "prod", "", "", `POLAR_ENVIRONMENT is "prod"`},
		{"polar oat", "", "", "", "access token"},
	} {
		t.Run(test.token+","+test.environment, func(t *testing.T) {
			t.Setenv("POLAR_ACCESS_TOKEN", test.token)
			t.Setenv("POLAR_ENVIRONMENT", test.environment)
			env, err := exampleenv.Open()
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Fatalf("error is %v, want one that holds %q", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if env.Name != test.name || !strings.Contains(env.Client.String(), test.url) {
				t.Errorf("%s at %v, want %s at %s", env.Name, env.Client, test.name, test.url)
			}
			if (env.Server != nil) != (test.name == exampleenv.Embedded) {
				t.Errorf("server is %v in %s", env.Server, env.Name)
			}
			if err := env.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// An option that is refused leaves no server behind.
func TestOpenRefusesOptions(t *testing.T) {
	t.Setenv("POLAR_ACCESS_TOKEN", "")
	t.Setenv("POLAR_ENVIRONMENT", "")
	if _, err := exampleenv.Open(customers.WithTimeout(0)); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Errorf("error is %v, want one that names the timeout", err)
	}
}
