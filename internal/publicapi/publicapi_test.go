package publicapi

import (
	"slices"
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
	} {
		new := slices.DeleteFunc(slices.Clone(old), func(s string) bool { return s == tc.remove })
		if tc.add != "" {
			new = append(new, tc.add)
		}
		if diff, verdict := compare(old, new); diff != tc.diff || verdict != tc.verdict {
			t.Errorf("-%q +%q: got %q, %q", tc.remove, tc.add, diff, verdict)
		}
	}
}
