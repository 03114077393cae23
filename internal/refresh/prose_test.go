package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestNoSentenceOfPolars compares every sentence of five words or more in
// Polar's document with the contract, the overlay, the generated code and the
// client: facts carry over, sentences do not.
func TestNoSentenceOfPolars(t *testing.T) {
	data, err := os.ReadFile(upstream(t))
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	theirs := map[string]string{} // as words → as written
	sentences(doc, theirs)
	if len(theirs) < 500 {
		t.Fatalf("the document has %d sentences only: the test does not find them", len(theirs))
	}
	for _, dir := range []string{"openapi", "gen", "customers"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			ours := words(string(text))
			for sentence, written := range theirs {
				if strings.Contains(ours, sentence) {
					t.Errorf("%s has a sentence of Polar's document: %q. Say it in our own words", path, written)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sentences collects the sentences in the strings of a document, but for
// values that a client has to know.
func sentences(v any, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for key, e := range v {
			if !slices.Contains([]string{"$ref", "const", "enum", "default", "pattern", "x-codeSamples"}, key) {
				sentences(e, into)
			}
		}
	case []any:
		for _, e := range v {
			sentences(e, into)
		}
	case string:
		// A line may be a sentence of its own or a part of one.
		for _, text := range []string{v, strings.ReplaceAll(v, "\n", " ")} {
			for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?:;\n", r) }) {
				if w := words(s); strings.Count(w, " ")-1 >= 5 {
					into[w] = strings.TrimSpace(s)
				}
			}
		}
	}
}

// words is a text with nothing between its words but one space, whatever the
// marks of comments, Markdown and quotation around them.
func words(s string) string {
	return " " + strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}), " ")) + " "
}

func TestWords(t *testing.T) {
	into := map[string]string{}
	sentences(map[string]any{
		"description": "The **ID** of\nthe customer. It is `unique`, in the whole organization! Short one.",
		"default":     "a value that a client has to know",
	}, into)
	ours := words("\t// It is unique in the\n\t// whole organization.\n")
	found := false
	for sentence := range into {
		found = found || strings.Contains(ours, sentence)
	}
	if len(into) != 2 || !found {
		t.Errorf("the sentences are %q", into)
	}
}
