package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestChart(t *testing.T) {
	picture := chart([]bar{
		{"get", "hand", 1}, {"get", "naive", 1.25}, {"get", "ours", 0.5}, {"get", "ts", 2.875},
		{"rows", "hand", 1}, {"rows", "naive", 31.5}, {"rows", "ours", 0.75},
	})
	// What the picture says, from top to bottom, and how long its bars are.
	var texts, widths []string
	inText, cuts := false, 0
	for d := xml.NewDecoder(bytes.NewReader(picture)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, picture)
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Name.Local] = a.Value
			}
			inText = token.Name.Local == "text"
			switch {
			case token.Name.Local == "rect" && attributes["height"] == "15":
				widths = append(widths, attributes["class"]+" "+attributes["width"])
			case attributes["class"] == "cut":
				cuts++
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				texts = append(texts, string(token))
			}
		}
	}
	wantTexts := []string{
		"CPU time of each work, by hand = 1", "this module", "by hand", "generated", "TypeScript",
		"get", "0.50", "1.00", "1.25", "2.88", "rows", "0.75", "1.00", "31.50",
	}
	if !slices.Equal(texts, wantTexts) {
		t.Errorf("texts are %q, want %q", texts, wantTexts)
	}
	wantWidths := []string{"ours 40.0", "hand 80.0", "naive 100.0", "ts 230.0", "ours 60.0", "hand 80.0", "naive 320.0"}
	if !slices.Equal(widths, wantWidths) {
		t.Errorf("bars are %q, want %q", widths, wantWidths)
	}
	if cuts != 1 {
		t.Errorf("%d bars are cut, want the one above %d", cuts, chartMost)
	}
	if !strings.Contains(string(picture), "prefers-color-scheme: dark") {
		t.Error("the picture has no colors for dark pages")
	}
}

func TestBars(t *testing.T) {
	measured := map[string]*side{
		"ours": {results: []result{{CPU: 10}, {CPU: 30}, {CPU: 10}}},
		"hand": {results: []result{{CPU: 20}, {CPU: 20}, {CPU: 20}}},
	}
	want := []bar{{"get", "ours", 0.5}, {"get", "hand", 1}}
	if got := (work{name: "get"}).bars(measured); !slices.Equal(got, want) {
		t.Errorf("bars are %v, want %v", got, want)
	}
	delete(measured, "hand")
	if got := (work{name: "get"}).bars(measured); got != nil {
		t.Errorf("without the client written by hand, bars are %v", got)
	}
}
