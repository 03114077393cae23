package publicapi

import (
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	old := []string{"const A T = 1", "field T.F int", "func F(int)", "type I interface", "type T struct"}
	for _, tc := range []struct{ remove, add, diff, verdict string }{
		{"", "", "", ""},
		{"", "func G()", "+ func G()\n", "additive, a new minor version"},
		{"func F(int)", "", "- func F(int)\n", "breaking, a new major version (minor before 1.0)"},
		{"field T.F int", "field T.F int64", "- field T.F int\n+ field T.F int64\n", "breaking, a new major version (minor before 1.0)"},
		{"const A T = 1", "const A T = 2", "- const A T = 1\n+ const A T = 2\n", "breaking, a new major version (minor before 1.0)"},
		{"", "interface method I.M()", "+ interface method I.M()\n", "breaking, a new major version (minor before 1.0)"},
		{"", "type J interface\ninterface method J.M(fmt.State)", "+ type J interface\n+ interface method J.M(fmt.State)\n", "additive, a new minor version"},
		{"", "type gen.J[T any] interface\ninterface method gen.J.M()", "+ type gen.J[T any] interface\n+ interface method gen.J.M()\n", "additive, a new minor version"},
	} {
		new := slices.DeleteFunc(slices.Clone(old), func(s string) bool { return s == tc.remove })
		if tc.add != "" {
			new = append(new, strings.Split(tc.add, "\n")...)
		}
		if diff, verdict := compare(old, new); diff != tc.diff || verdict != tc.verdict {
			t.Errorf("-%q +%q: got %q, %q", tc.remove, tc.add, diff, verdict)
		}
	}
}
