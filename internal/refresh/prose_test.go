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

// minWords is the number of words with which two sentences are not equal by chance.
const minWords = 7

// TestNoCopiedSentences looks for sentences of Polar's document in the contract, the
// overlay and the code. Facts may be copied, sentences must not be. It skips polartest,
// which imitates the service's messages.
func TestNoCopiedSentences(t *testing.T) {
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
		t.Fatalf("found only %d sentences in the document: the test misses some", len(theirs))
	}
	// Compare whole sentences only where their beginning occurs.
	byStart := map[string][]string{}
	for sentence := range theirs {
		start := firstWords(strings.Fields(sentence))
		byStart[start] = append(byStart[start], sentence)
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || name == "polartest" || name == "internal") {
				return filepath.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".yaml", ".md"}, filepath.Ext(path)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		ours := words(string(text))
		fields := strings.Fields(ours)
		for i := range fields {
			for _, sentence := range byStart[firstWords(fields[i:])] {
				if strings.Contains(ours, sentence) {
					t.Errorf("%s has a sentence of Polar's document: %q. Say it in your own words", path, theirs[sentence])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// firstWords joins the first words of a sentence.
func firstWords(w []string) string { return strings.Join(w[:min(len(w), 5)], " ") }

// sentences collects the sentences in the strings of a document, except in values that
// clients need.
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
				if w := words(s); strings.Count(w, " ")-1 >= minWords && !strings.ContainsAny(w, "0123456789") {
					into[w] = strings.TrimSpace(s)
				}
			}
		}
	}
}

// words returns a text in lower case with single spaces between its words and no
// punctuation.
func words(s string) string {
	return " " + strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}), " ")) + " "
}

func TestWords(t *testing.T) {
	into := map[string]string{}
	sentences(map[string]any{
		"description": "The **ID** of\nthe customer or of the team. It is `unique`, in the whole organization that sells! Short one.",
		"default":     "a value that a client has to know",
	}, into)
	ours := words("\t// It is unique in the\n\t// whole organization that sells.\n")
	found := false
	for sentence := range into {
		found = found || strings.Contains(ours, sentence)
	}
	if len(into) != 2 || !found {
		t.Errorf("the sentences are %q", into)
	}
}
