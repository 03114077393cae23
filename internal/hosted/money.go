package hosted

import (
	"fmt"
	"strings"
	"time"
)

var symbols = map[string]string{"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹"}

// decimals are the decimal places of currencies that do not have two.
var decimals = map[string]int{"bif": 0, "clp": 0, "djf": 0, "gnf": 0, "jpy": 0, "kmf": 0, "krw": 0, "mga": 0, "pyg": 0, "rwf": 0,
	"ugx": 0, "vnd": 0, "vuv": 0, "xaf": 0, "xof": 0, "xpf": 0, "bhd": 3, "jod": 3, "kwd": 3, "omr": 3, "tnd": 3}

// Money writes an amount, given in the currency's smallest unit.
func Money(amount int64, currency string) string {
	currency = strings.ToLower(currency)
	digits, other := decimals[currency]
	if !other {
		digits = 2
	}
	sign := ""
	if amount < 0 {
		sign, amount = "−", -amount
	}
	number := fmt.Sprintf("%0*d", digits+1, amount)
	whole, rest := number[:len(number)-digits], number[len(number)-digits:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if symbol := symbols[currency]; symbol != "" {
		return sign + symbol + whole
	}
	return sign + whole + " " + strings.ToUpper(currency)
}

// Per writes how often a price is paid, such as " a month" or " every 3 months".
func Per(interval string, count int64) string {
	switch {
	case interval == "":
		return ""
	case count > 1:
		return fmt.Sprintf(" every %d %ss", count, interval)
	}
	return " a " + interval
}

// Date writes the day of a time.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006")
}

// Clock writes a time to the second.
func Clock(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05 UTC") }

// Moment writes a time to the second, without the year.
func Moment(t time.Time) string { return t.UTC().Format("2 Jan, 15:04:05") }
