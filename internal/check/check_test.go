package check_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

const id = "5b1e2f3c-0a4d-4c8e-9f10-2a3b4c5d6e7f"

// problems returns the problems that a check finds, as text.
func problems(run func(*check.Arguments)) (texts []string) {
	var args check.Arguments
	run(&args)
	for _, p := range args.Problems() {
		texts = append(texts, p.Path+": "+p.Message)
	}
	return texts
}

// refused compares the problems that a check finds with the one expected problem, or
// none if want is empty.
func refused(t *testing.T, what string, run func(*check.Arguments), want string) {
	t.Helper()
	var all []string
	if want != "" {
		all = []string{"x: " + want}
	}
	if got := problems(run); !slices.Equal(got, all) {
		t.Errorf("%s: got %q, want %q", what, got, all)
	}
}

func TestID(t *testing.T) {
	const not = "must be Polar's ID, a UUID; for your own IDs, use the ByExternalID method"
	for value, want := range map[string]string{
		id: "", strings.ToUpper(id): "", "00000000-0000-0000-0000-000000000000": "",
		"": "is empty: must be Polar's ID, a UUID", "user_42": not, ".": not, "..": not, "a/b": not, id + "/members": not, " " + id: not, id + "\n": not, id + "\x00": not,
		strings.ReplaceAll(id, "-", ""): not, "{" + id + "}": not, "urn:uuid:" + id: not, id[:35] + "g": not, id[:8] + "0" + id[9:]: not, strings.Repeat("a", 1<<20): not,
	} {
		refused(t, value[:min(len(value), 50)], func(a *check.Arguments) { a.IDOfTwo("x", value) }, want)
		refused(t, value[:min(len(value), 50)], func(a *check.Arguments) { a.ID("x", value) }, strings.TrimSuffix(want, "; for your own IDs, use the ByExternalID method"))
		ofUUID := ""
		if want == not {
			ofUUID = "must be a UUID"
		}
		refused(t, "UUID "+value[:min(len(value), 50)], func(a *check.Arguments) { a.UUID("x", value) }, ofUUID)
		if value == "" {
			ofUUID = "must be a UUID" // in a list it is not left out
		}
		refused(t, "UUIDs "+value[:min(len(value), 50)], func(a *check.Arguments) { a.UUIDs("x", []string{id, value}) }, ofUUID)
	}
	refused(t, "no UUIDs", func(a *check.Arguments) { a.UUIDs("x", nil) }, "")
}

func TestExternalID(t *testing.T) {
	const (
		dot     = `is "." or "..", which have a meaning in a path`
		slash   = "contains a slash, which the service treats as a path separator"
		control = "contains a control character, such as a line break: remove it"
		spaces  = "begins or ends with white space, which the service removes: remove it first"
	)
	for value, want := range map[string]string{
		"user_42": "", "...": "", "a b": "", "jane+1@shop.example": "", `a\b?c=d#e;f%2F`: "", "日本": "", "a\u2028b": "", strings.Repeat("é", 1024): "", id: "",
		".": dot, "..": dot, "/": slash, "a/b": slash, "../a": slash,
		"a\x00b": control, "a\nb": control, "a\u0085b": control, "\x7f": control, "\t": control,
		" a": spaces, "a ": spaces, " ": spaces, "a\u00a0": spaces, "\u2028a": spaces, "a\u3000": spaces,
		"\xff": "is not valid UTF-8", "a\xed\xa0\x80": "is not valid UTF-8", strings.Repeat("a", 2049): "must be at most 2048 bytes", strings.Repeat("é", 1025): "must be at most 2048 bytes",
	} {
		inPath := want
		switch want {
		case dot, slash, "must be at most 2048 bytes":
			inPath += ": use Polar's ID instead"
		case control:
			inPath += ", or use Polar's ID instead"
		}
		refused(t, value[:min(len(value), 50)], func(a *check.Arguments) { a.ExternalID("x", value) }, inPath)
		if want != "" {
			want += ": no ByExternalID method could find it"
		}
		refused(t, "new "+value[:min(len(value), 50)], func(a *check.Arguments) { a.NewExternalID("x", value) }, want)
	}
	refused(t, "empty", func(a *check.Arguments) { a.ExternalID("x", "") }, "is empty: must be the ID that you stored at Polar")
	refused(t, "new, empty", func(a *check.Arguments) { a.NewExternalID("x", "") }, "")
}

func TestText(t *testing.T) {
	for _, tc := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 3, ""}, {"", 0, ""}, {"éà日", 3, ""}, {"a\nb", 0, ""}, {strings.Repeat("a", 1<<20), 0, ""},
		{"éà日x", 3, "must be at most 3 characters"},
		{"a\x00", 3, "contains a NUL character"}, {"\x00aaaa", 3, "contains a NUL character"},
		{"a\xff", 0, "is not valid UTF-8, which the service would replace"}, {"\xed\xa0\x80", 0, "is not valid UTF-8, which the service would replace"},
	} {
		refused(t, tc.text[:min(len(tc.text), 50)], func(a *check.Arguments) { a.Text("x", tc.text, tc.limit) }, tc.want)
	}
}

func TestEmail(t *testing.T) {
	const not = "must be an email address, such as name@your-domain.com"
	for value, want := range map[string]string{
		"": "", "ada@polar.sh": "", " ada@polar.sh ": "", "ada@müller.example": "", "a@b@c": "", // the service judges the rest
		"ada": not, "@": not, "ada@": not, "@polar.sh": not, " ": not, " @polar.sh": not, "ada@ ": not,
		"a\x00@polar.sh": "contains a NUL character", "ada\x00": "contains a NUL character", "a\xff@polar.sh": "is not valid UTF-8, which the service would replace",
	} {
		refused(t, value, func(a *check.Arguments) { a.Email("x", value) }, want)
	}
}

type (
	kind   string
	number float32
)

func TestMetadata(t *testing.T) {
	const (
		length = "must be 1 to 500 characters"
		finite = "must be a finite number"
		exact  = "must be a number that a float64 can hold"
		other  = "must be a string, a number or a bool"
	)
	for _, tc := range []struct {
		value any
		want  string
	}{
		{"gold", ""}, {kind("gold"), ""}, {strings.Repeat("é", 500), ""}, {"a\nb", ""},
		{true, ""}, {0, ""}, {int8(-1), ""}, {int64(math.MinInt64), ""}, {uint64(math.MaxUint64), ""}, {uintptr(1), ""}, {1.5, ""}, {float32(0.1), ""}, {number(2), ""}, {math.MaxFloat64, ""},
		{json.Number("1"), ""}, {json.Number("-1.5e300"), ""}, {json.Number("18446744073709551616"), ""}, {json.Number("1e-400"), ""},
		{"", length}, {kind(""), length}, {strings.Repeat("a", 501), length}, {"a\x00", "contains a NUL character"}, {"\xff", "is not valid UTF-8, which the service would replace"},
		{math.NaN(), finite}, {math.Inf(1), finite}, {math.Inf(-1), finite}, {float32(math.Inf(1)), finite}, {number(math.NaN()), finite},
		{json.Number("1e400"), exact}, {json.Number("-1e400"), exact}, {json.Number("NaN"), exact}, {json.Number("Inf"), exact}, {json.Number("infinity"), exact},
		{json.Number(""), exact}, {json.Number("x"), exact}, {json.Number("01"), exact}, {json.Number("+1"), exact}, {json.Number(".5"), exact}, {json.Number("0x1p4"), exact}, {json.Number("1_0"), exact}, {json.Number(" 1"), exact}, {json.Number("true"), exact},
		{nil, other}, {[]byte("a"), other}, {[]int{1}, other}, {[1]int{1}, other}, {map[string]string{}, other}, {struct{}{}, other}, {new(int), other}, {(*string)(nil), other},
		{1i, other}, {func() {}, other}, {make(chan int), other}, {errors.New("x"), other}, {json.RawMessage(`"a"`), other},
	} {
		var want []string
		if tc.want != "" {
			want = []string{`metadata["plan"]: ` + tc.want}
		}
		if got := problems(func(a *check.Arguments) { a.Metadata("metadata", map[string]any{"plan": tc.value}) }); !slices.Equal(got, want) {
			t.Errorf("%T %.50v: got %q, want %q", tc.value, tc.value, got, want)
		}
	}
	for key, want := range map[string]string{
		"a": "", strings.Repeat("é", 40): "", "a b]": "", "external_id": "", "__external_id_": "", "__EXTERNAL_ID": "",
		"": `m[""]: the key must be 1 to 40 characters`, strings.Repeat("k", 41): `m["` + strings.Repeat("k", 41) + `"]: the key must be 1 to 40 characters`,
		strings.Repeat("k", 1000): `m["` + strings.Repeat("k", 80) + `"]: the key must be 1 to 40 characters`, // not all of it in a log
		"a\x00":                   `m["a\x00"]: the key contains invalid UTF-8 or a NUL character`, "\xff": `m["\xff"]: the key contains invalid UTF-8 or a NUL character`,
		"__external_id": `m["__external_id"]: the key is reserved: the service could not read the customer, nor any list that includes it`,
	} {
		var all []string
		if want != "" {
			all = []string{want}
		}
		if got := problems(func(a *check.Arguments) { a.Metadata("m", map[string]any{key: 1}) }); !slices.Equal(got, all) {
			t.Errorf("key %.50q: got %q, want %q", key, got, all)
		}
	}
	pairs := map[string]any{}
	for i := range 51 {
		if got := problems(func(a *check.Arguments) { a.Metadata("m", pairs) }); len(got) > 0 {
			t.Errorf("%d pairs: %q", i, got)
		}
		pairs[fmt.Sprint("key_", i)] = i
	}
	if got := problems(func(a *check.Arguments) { a.Metadata("m", pairs) }); !slices.Equal(got, []string{"m: must have at most 50 pairs, not 51"}) {
		t.Errorf("51 pairs: %q", got)
	}
	if got := problems(func(a *check.Arguments) { a.Metadata("m", nil) }); len(got) > 0 {
		t.Errorf("no metadata: %q", got)
	}
}

func TestMetadataFilter(t *testing.T) {
	for _, tc := range []struct {
		filter map[string][]string
		want   []string
	}{
		{nil, nil}, {map[string][]string{"plan": {"gold", "", "a]b"}, "a[b": {"x"}}, nil},
		{map[string][]string{"a]": {"x"}}, []string{`m["a]"]: the key contains "]", where the service would cut it off`}},
		{map[string][]string{"": {"x"}}, []string{`m[""]: the key is empty, so that the service would ignore the filter`}},
		{map[string][]string{"b": {}, "a": nil}, []string{`m["a"]: has no values, so that the service would ignore the filter`, `m["b"]: has no values, so that the service would ignore the filter`}},
		{map[string][]string{"a\x00": {"x"}}, []string{`m["a\x00"]: contains a NUL character`}},
		{map[string][]string{"a": {"\x00", "b", "\xff"}}, []string{`m["a"]: contains a NUL character`, `m["a"]: is not valid UTF-8, which the service would replace`}},
	} {
		if got := problems(func(a *check.Arguments) { a.MetadataFilter("m", tc.filter) }); !slices.Equal(got, tc.want) {
			t.Errorf("%q: got %q, want %q", tc.filter, got, tc.want)
		}
	}
}

// Err returns all problems as one error, or nil.
func TestErr(t *testing.T) {
	var args check.Arguments
	if err := args.Err("customers:get"); err != nil {
		t.Errorf("without problems: %v", err)
	}
	args.Refuse("a", "is wrong")
	args.ID("b", "")
	err := args.Err("customers:get")
	var e *polar.Error
	if !errors.As(err, &e) || !errors.Is(err, polar.ErrInvalidArgument) || len(e.Fields) != 2 || e.Fields[0] != (polar.FieldError{Path: "a", Type: "invalid_argument", Message: "is wrong"}) {
		t.Errorf("got %#v", err)
	}
	if want := "customers: get: a: is wrong; b: is empty: must be Polar's ID, a UUID"; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
}

// plain reports whether a text can be stored and read back unchanged.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// FuzzText compares each check with a plain description of the texts that pass it, and
// makes sure that no reason contains any of the text.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "a", "user_42", ".", "..", "a/b", "a\x00", "\xff", " a", "a\u2028", "ada@polar.sh", id, strings.Repeat("é", 1025), "\u0085", "\ufeff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		inPath := s != "" && len(s) <= 2048 && s != "." && s != ".." && utf8.ValidString(s) && !strings.Contains(s, "/") &&
			!strings.ContainsFunc(s, unicode.IsControl) && strings.TrimSpace(s) == s
		_, err := uuid.Parse(s)
		isUUID := err == nil && len(s) == 36
		for name, tc := range map[string]struct {
			run func(*check.Arguments)
			ok  bool
		}{
			"ID":            {func(a *check.Arguments) { a.ID("x", s) }, isUUID},
			"UUID":          {func(a *check.Arguments) { a.UUID("x", s) }, isUUID || s == ""},
			"UUIDs":         {func(a *check.Arguments) { a.UUIDs("x", []string{s}) }, isUUID},
			"ExternalID":    {func(a *check.Arguments) { a.ExternalID("x", s) }, inPath},
			"NewExternalID": {func(a *check.Arguments) { a.NewExternalID("x", s) }, inPath || s == ""},
			"Text":          {func(a *check.Arguments) { a.Text("x", s, 0) }, plain(s)},
			"Text of 10":    {func(a *check.Arguments) { a.Text("x", s, 10) }, plain(s) && utf8.RuneCountInString(s) <= 10},
			"Metadata":      {func(a *check.Arguments) { a.Metadata("x", map[string]any{"k": s}) }, plain(s) && s != "" && utf8.RuneCountInString(s) <= 500},
			"Metadata key":  {func(a *check.Arguments) { a.Metadata("x", map[string]any{s: 1}) }, plain(s) && s != "" && s != "__external_id" && utf8.RuneCountInString(s) <= 40},
			"filter":        {func(a *check.Arguments) { a.MetadataFilter("x", map[string][]string{"k": {s}}) }, plain(s)},
			"filter key":    {func(a *check.Arguments) { a.MetadataFilter("x", map[string][]string{s: {"v"}}) }, plain(s) && s != "" && !strings.Contains(s, "]")},
			"number":        {func(a *check.Arguments) { a.Metadata("x", map[string]any{"k": json.Number(s)}) }, isNumber(s)},
		} {
			got := problems(tc.run)
			if (len(got) == 0) != tc.ok {
				t.Errorf("%s of %.100q: %q, want it to pass: %v", name, s, got, tc.ok)
			}
			for _, text := range got {
				if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
					t.Errorf("%s of %.100q: the reason is not one line: %q", name, s, text)
				}
				if !slices.ContainsFunc(reasons, func(reason string) bool { return strings.HasSuffix(text, ": "+reason) }) {
					t.Errorf("%s of %.100q: the reason is not a fixed text: %q", name, s, text)
				}
			}
		}
		// An email address has a name and a domain.
		if got := problems(func(a *check.Arguments) { a.Email("x", s) }); len(got) == 0 && s != "" {
			if name, domain, ok := strings.Cut(strings.TrimSpace(s), "@"); !ok || name == "" || domain == "" || !plain(s) {
				t.Errorf("%q passes as an email address", s)
			}
		}
	})
}

// reasons are the ends of all reasons. None contains any of an argument.
var reasons = []string{
	"must be a UUID", "is empty: must be Polar's ID, a UUID", "must be Polar's ID, a UUID", "must be Polar's ID, a UUID; for your own IDs, use the ByExternalID method",
	"is empty: must be the ID that you stored at Polar", "use Polar's ID instead", "is not valid UTF-8",
	"remove it, or use Polar's ID instead", "remove it first", "no ByExternalID method could find it", "is not valid UTF-8, which the service would replace",
	"contains a NUL character", "must be at most 10 characters", "must be 1 to 500 characters", "the key must be 1 to 40 characters",
	"the key contains invalid UTF-8 or a NUL character", "the service could not read the customer, nor any list that includes it",
	"the key is empty, so that the service would ignore the filter", `the key contains "]", where the service would cut it off`,
	"must be a number that a float64 can hold",
}

// isNumber reports whether encoding/json writes s as a number that it can read.
func isNumber(s string) bool {
	b, err := json.Marshal(json.Number(s))
	var f float64
	return s != "" && err == nil && json.Unmarshal(b, &f) == nil
}

// FuzzMetadata makes sure that metadata which passes survives JSON.
func FuzzMetadata(f *testing.F) {
	f.Add("plan", "gold", 1.5, int64(3), true)
	f.Add("", "", math.Inf(1), int64(math.MinInt64), false)
	f.Add("\xff", "\x00", math.NaN(), int64(0), true)
	f.Fuzz(func(t *testing.T, key, text string, number float64, integer int64, flag bool) {
		m := map[string]any{key: text, "f" + key: number, "i" + key: integer, "b" + key: flag}
		if len(problems(func(a *check.Arguments) { a.Metadata("m", m) })) > 0 {
			return
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatalf("%q: %v", m, err)
		}
		want := map[string]any{key: text, "f" + key: number, "i" + key: float64(integer), "b" + key: flag}
		var got map[string]any
		if err := json.Unmarshal(b, &got); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q became %q, %v", want, got, err)
		}
	})
}

func TestAt(t *testing.T) {
	var args check.Arguments
	args.At("events[2].", func(args *check.Arguments) {
		args.At("metadata.", func(args *check.Arguments) { check.NotNegative(args, "cost", -1) })
		check.NotNegative(args, "wait", -time.Second)
	})
	check.NotNegative(&args, "limit", -1)
	check.NotNegative(&args, "none", 0)
	var paths []string
	for _, p := range args.Problems() {
		paths = append(paths, p.Path)
	}
	if want := []string{"events[2].metadata.cost", "events[2].wait", "limit"}; !slices.Equal(paths, want) {
		t.Errorf("got problems of %q, want %q", paths, want)
	}
}

func TestOptional(t *testing.T) {
	if f := check.Optional(time.Time{}.In(time.FixedZone("", 3600))); f.IsSpecified() {
		t.Error("the zero time in another location has a value")
	}
	if f := check.Optional(time.Unix(0, 0)); !f.IsSpecified() {
		t.Error("a time has no value")
	}
	if f := check.Optional(""); f.IsSpecified() {
		t.Error("an empty text has a value")
	}
}
