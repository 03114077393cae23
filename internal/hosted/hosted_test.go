package hosted

import (
	"math"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestMoney(t *testing.T) {
	for _, test := range []struct {
		amount   int64
		currency string
		want     string
	}{
		{1900, "usd", "$19.00"}, {0, "usd", "$0.00"}, {5, "EUR", "€0.05"}, {123456789, "gbp", "£1,234,567.89"}, {-190, "usd", "−$1.90"},
		{1000, "jpy", "¥1,000"}, {1234, "kwd", "1.234 KWD"}, {99, "chf", "0.99 CHF"}, {100000, "sek", "1,000.00 SEK"},
	} {
		if got := Money(test.amount, test.currency); got != test.want {
			t.Errorf("Money(%d, %s) = %q, want %q", test.amount, test.currency, got, test.want)
		}
	}
	for want, got := range map[string]string{
		"": Per("", 1), " a month": Per("month", 1), " every 3 months": Per("month", 3), "2 January 2026": Date(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestIsLocalHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "shop.localhost": true, "127.0.0.1": true, "127.8.9.1": true, "[::1]": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "[::]": false, "192.0.2.1": false, "localhost.evil.test": false, "evil.test": false, "127.0.0.1.evil.test": false, "notlocalhost": false,
	} {
		if got := IsLocalHost(host); got != want {
			t.Errorf("IsLocalHost(%q) = %t", host, got)
		}
	}
}

// All text is escaped, and links lead to web pages.
func TestEscaping(t *testing.T) {
	const evil = `"><script>alert(1)</script>'`
	form := Form{To: "/x?y=" + evil, Token: evil}
	for name, render := range map[string]func(*httptest.ResponseRecorder){
		"message": func(w *httptest.ResponseRecorder) {
			Message{Brand: evil, Title: evil, Text: evil, Lines: []Line{{evil, evil}}, Link: "javascript:alert(1)", LinkText: evil}.Render(w, 200)
		},
		"checkout": func(w *httptest.ResponseRecorder) {
			Checkout{
				Form: form, Brand: evil, Product: evil, Description: evil, Price: evil, Trial: evil, Benefits: []string{evil}, Lines: []Line{{evil, evil}}, Total: evil, Shown: evil,
				Products: []Option{{Value: evil, Label: evil, Hint: evil}},
				Fields:   []Field{{Name: evil, Label: evil, Type: "text", Value: evil, Error: evil}, {Name: "c", Options: []Option{{Value: evil, Label: evil}}, Hint: evil}},
				Errors:   []string{evil}, Notice: evil, Pay: evil, Back: "javascript:alert(1)",
			}.Render(w, 200)
		},
		"portal": func(w *httptest.ResponseRecorder) {
			Portal{
				Form: form, Brand: evil, Customer: evil, Done: evil, Error: evil, Back: "javascript:alert(1)", Keys: []Key{{evil, evil, evil, true}}, Orders: []Order{{evil, evil, evil, evil, evil}},
				Subscriptions: []Subscription{{ID: evil, Product: evil, Price: evil, Status: evil, Detail: evil, Cancelable: true, Resumable: true}},
			}.Render(w, 200)
		},
		"dashboard": func(w *httptest.ResponseRecorder) {
			Dashboard{
				Form: form, Now: evil, Done: evil, Error: evil, Customers: []Customer{{evil, evil, evil, evil, evil, evil}}, Products: []Product{{evil, evil, evil}},
				Events: []Event{{evil, evil, evil}}, Deliveries: []Delivery{{evil, evil, evil, evil, evil, true}},
			}.Render(w)
		},
	} {
		w := httptest.NewRecorder()
		render(w)
		page := w.Body.String()
		if w.Code != 200 || strings.Contains(page, "<script") || strings.Contains(page, `href="javascript`) {
			t.Errorf("%s: status %d\n%s", name, w.Code, page)
		}
	}
}

// All inputs and buttons of a page have names.
func TestAccessible(t *testing.T) {
	w := httptest.NewRecorder()
	Checkout{Product: "Pro", Pay: "Pay", Fields: []Field{
		{Name: "a", Label: "A", Type: "text", Hint: "h"}, {Name: "country", Label: "Country", Options: Countries("FR"), Error: "wrong"},
	}}.Render(w, 200)
	page := w.Body.String()
	ids := regexp.MustCompile(`<(?:input|select) id="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(ids) != 2 {
		t.Fatalf("%d fields", len(ids))
	}
	for _, id := range ids {
		if !strings.Contains(page, `<label for="`+id[1]+`"`) || !strings.Contains(page, `aria-describedby="`+id[1]+`-help"`) || !strings.Contains(page, `id="`+id[1]+`-help"`) {
			t.Errorf("field %s has no label or no description", id[1])
		}
	}
	for _, want := range []string{`<html lang="en">`, `<main id="main">`, `role="alert"`, `href="#country"`, `aria-invalid="true"`, "<title>Error: Checkout: Pro</title>", `<option value="FR" selected>France</option>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	if n := strings.Count(page, "<h1"); n != 1 {
		t.Errorf("%d headings of the first level", n)
	}
}

// Text has the contrast that WCAG requires, in both schemes.
func TestContrast(t *testing.T) {
	schemes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(style, -1)
	if len(schemes) != 2 {
		t.Fatalf("%d schemes", len(schemes))
	}
	for i, scheme := range schemes {
		colors := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+):(#[0-9a-f]+)`).FindAllStringSubmatch(scheme[1], -1) {
			colors[m[1]] = m[2]
		}
		for _, pair := range []struct {
			front, back string
			least       float64
		}{
			{"text", "bg", 7}, {"text", "card", 7}, {"muted", "bg", 4.5}, {"muted", "card", 4.5}, {"accent", "bg", 4.5}, {"accent", "card", 4.5}, {"on-accent", "accent", 4.5},
			{"good", "good-bg", 4.5}, {"good", "bg", 4.5}, {"bad", "bad-bg", 4.5}, {"bad", "card", 4.5}, {"text", "soft", 4.5}, {"edge", "card", 3},
		} {
			if c := contrast(t, colors[pair.front], colors[pair.back]); c < pair.least {
				t.Errorf("scheme %d: %s on %s has contrast %.2f, want %.1f", i, pair.front, pair.back, c, pair.least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	color = strings.TrimPrefix(color, "#")
	if len(color) == 3 {
		color = color[:1] + color[:1] + color[1:2] + color[1:2] + color[2:] + color[2:]
	}
	n, err := strconv.ParseUint(color, 16, 32)
	if err != nil || len(color) != 6 {
		t.Fatalf("color %q: %v", color, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(n>>(16-8*i)&0xff) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
