package pydantic

import (
	"strings"
	"testing"
)

func TestParseUUID(t *testing.T) {
	const canonical = "67e55044-10b1-426f-9247-bb680e5fe0c8"
	for _, s := range []string{
		canonical, strings.ToUpper(canonical), strings.ReplaceAll(canonical, "-", ""), "{" + canonical + "}", "urn:uuid:" + canonical,
	} {
		if got, err := ParseUUID(s); got != canonical || err != nil {
			t.Errorf("ParseUUID(%q) = %q, %v", s, got, err)
		}
	}
	for s, want := range map[string]string{
		"":                                      "invalid length: found 0",
		"bad":                                   "invalid length: found 3",
		"nope":                                  "invalid character: found `n` at 0",
		"export":                                "invalid character: found `x` at 1",
		"caf\u00e9":                             "invalid character: found `\u00e9` at 3",
		"{":                                     "invalid character: found `{` at 0",
		"{}":                                    "invalid group count: expected 5, found 1",
		"a-b":                                   "invalid group count: expected 5, found 2",
		"not-a-uuid":                            "invalid character: found `n` at 0",
		canonical + "0":                         "invalid group length in group 4: expected 12, found 13",
		canonical[:35]:                          "invalid group length in group 4: expected 12, found 11",
		canonical[:31]:                          "invalid group length in group 4: expected 12, found 7",
		canonical + "," + canonical:             "invalid length: found 73",
		"{" + canonical:                         "invalid character: found `{` at 0",
		canonical + "}":                         "invalid character: found `}` at 36",
		"{" + canonical + "0}":                  "invalid group length in group 4: expected 12, found 15",
		"urn:uuid:bad":                          "invalid group count: expected 5, found 1",
		"urn:uuid:" + canonical[:35]:            "invalid group length in group 4: expected 12, found 20",
		"urn:uuid:" + canonical[:35] + "x":      "invalid character: found `x` at 35",
		"{" + canonical[:35] + "x}":             "invalid character: found `x` at 35",
		canonical[:35] + "x":                    "invalid character: found `x` at 35",
		" " + canonical:                         "invalid character: found ` ` at 0",
		"67e5504-410b1-426f-9247-bb680e5fe0c8":  "invalid group length in group 0: expected 8, found 7",
		"67e55044-10b-1426f-9247-bb680e5fe0c8":  "invalid group length in group 1: expected 4, found 3",
		"67e55044-10b1-426f9-247-bb680e5fe0c8":  "invalid group length in group 2: expected 4, found 5",
		"67e55044-10b1-426f-92470bb680e5fe0c8a": "invalid group count: expected 5, found 4",
		strings.Repeat("0", 31):                 "invalid length: found 31",
		strings.Repeat("0", 33):                 "invalid length: found 33",
		strings.Repeat("0", 36):                 "invalid group count: expected 5, found 1",
		strings.Repeat("g", 46):                 "invalid length: found 46",
	} {
		if got, err := ParseUUID(s); err == nil || err.Error() != want {
			t.Errorf("ParseUUID(%q) = %q, %v, want %s", s, got, err, want)
		}
	}
}

func TestCheckUUID(t *testing.T) {
	for s, want := range map[string]string{
		"00000000-0000-0000-0000-000000000000": "UUID version 4 expected",
		"018f4e1a-7c3b-7000-8000-000000000000": "UUID version 4 expected",
		"018f4e1a-7c3b-4000-c000-000000000000": "UUID version 4 expected",
		"bad":                                  "Input should be a valid UUID, invalid length: found 3",
		"018F4E1A-7C3B-4000-8000-000000000000": "",
	} {
		_, p := CheckUUID(s, Loc("path", "id"), true)
		if got := ""; p != nil {
			if got = p.Msg; got != want {
				t.Errorf("CheckUUID(%q): %q, want %q", s, got, want)
			}
		} else if want != "" {
			t.Errorf("CheckUUID(%q) is accepted, want %q", s, want)
		}
	}
	if id, p := CheckUUID("00000000-0000-0000-0000-000000000000", nil, false); p != nil || id == "" {
		t.Errorf("nil UUID where any version is accepted: %q, %v", id, p)
	}
}

func FuzzParseUUID(f *testing.F) {
	for _, s := range []string{"", "{}", "urn:uuid:", "67e55044-10b1-426f-9247-bb680e5fe0c8", "{67e55044-10b1-426f-9247-bb680e5fe0c8}", "----", "\u0131"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseUUID(s)
		if err != nil {
			return
		}
		if again, err := ParseUUID(id); again != id || err != nil || len(id) != 36 {
			t.Errorf("%q is read as %q, which is read as %q, %v", s, id, again, err)
		}
	})
}
