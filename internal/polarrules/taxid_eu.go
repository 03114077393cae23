package polarrules

import (
	"strconv"
	"strings"
)

// euRules are the rules of the member states, by prefix. The prefix need not match the
// address's country.
var euRules = map[string]taxRule{
	"AT": {shape: shape(`U\d{8}`), check: austria},
	"BE": {shape: shape(`[01]\d{9}`), check: func(d string) bool { return (number(d[:8])+number(d[8:]))%97 == 0 }},
	"BG": {shape: shape(`\d{9,10}`)},
	"CY": {shape: shape(`\d{8}[A-Z]`)},
	"CZ": {shape: shape(`\d{8,10}`)},
	"DE": {shape: shape(`[1-9]\d{8}`), check: mod11And10},
	"DK": {shape: shape(`[1-9]\d{7}`), check: weighted(11, 2, 7, 6, 5, 4, 3, 2, 1)},
	"EE": {shape: shape(`\d{9}`), check: weighted(10, 3, 7, 1, 3, 7, 1, 3, 7, 1)},
	"EL": {shape: shape(`\d{9}`), check: greece},
	"ES": {shape: shape(`[A-Z0-9]\d{7}[A-Z0-9]`)},
	"FI": {shape: shape(`\d{8}`), check: weighted(11, 7, 9, 10, 5, 8, 4, 2, 1)},
	"FR": {shape: shape(`[0-9A-HJ-NP-Z]{2}\d{9}`), check: france},
	"HR": {shape: shape(`\d{11}`), check: mod11And10},
	"HU": {shape: shape(`\d{8}`), check: weighted(10, 9, 7, 3, 1, 9, 7, 3, 1)},
	"IE": {shape: shape(`\d[A-Z0-9+*]\d{5}[A-Z]{1,2}`)},
	"IT": {shape: shape(`\d{11}`), check: luhn},
	"LT": {shape: shape(`\d{9}|\d{12}`)},
	"LU": {shape: shape(`\d{8}`), check: func(d string) bool { return number(d[:6])%89 == number(d[6:]) }},
	"LV": {shape: shape(`\d{11}`)},
	"MT": {shape: shape(`\d{8}`), check: weighted(37, 3, 4, 6, 7, 8, 9, 10, 1)},
	"NL": {shape: shape(`\d{9}B\d{2}`), check: netherlands},
	"PL": {shape: shape(`\d{10}`), check: weighted(11, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1)},
	"PT": {shape: shape(`[1-9]\d{8}`), check: portugal},
	"RO": {shape: shape(`\d{2,10}`)},
	"SE": {shape: shape(`\d{10}01`), check: first(10, luhn)},
	"SI": {shape: shape(`[1-9]\d{7}`)},
	"SK": {shape: shape(`[1-9]\d[2-47-9]\d{7}`), check: func(d string) bool { return number(d)%11 == 0 }},
}

// euVAT checks a number by the rule of its prefix. The result includes the prefix.
func euVAT(s string) (string, bool) {
	if len(s) < 3 {
		return "", false
	}
	prefix, rest := s[:2], s[2:]
	if prefix == "GR" {
		prefix = "EL"
	}
	if prefix == "BE" && len(rest) == 9 {
		rest = "0" + rest
	}
	rule, known := euRules[prefix]
	if !known {
		return "", false
	}
	rest, ok := rule.apply(rest)
	return prefix + rest, ok
}

// number reads digits that match a shape.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// mod11And10 is the check of ISO 7064 with these two moduli.
func mod11And10(d string) bool {
	check := 5
	for i := range len(d) {
		if check == 0 {
			check = 10
		}
		check = (check*2%11 + digit(d, i)) % 10
	}
	return check == 1
}

func austria(d string) bool {
	sum := 4
	for i := range 7 {
		n := digit(d, i)
		if i%2 == 1 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	return (10-sum%10)%10 == digit(d, 7)
}

func greece(d string) bool {
	sum := 0
	for i := range 8 {
		sum = sum*2 + digit(d, i)
	}
	return sum*2%11%10 == digit(d, 8)
}

// france checks the company's number, and the key if it consists of digits. Numbers of
// Monaco have none.
func france(d string) bool {
	siren := d[len(d)-9:]
	if !luhn(siren) && !strings.HasPrefix(siren, "000") {
		return false
	}
	return len(d) < 11 || number(d[:2]) == (number(siren)*100+12)%97
}

// netherlands accepts companies, by the check of their number, and individuals, by the
// remainder of the whole.
func netherlands(d string) bool {
	if weighted(11, 9, 8, 7, 6, 5, 4, 3, 2, -1)(d[:9]) {
		return true
	}
	rest := 0
	for _, c := range "2321" + d[:9] + "11" + d[9:] { // N, L and B are 23, 21 and 11
		rest = (rest*10 + int(c-'0')) % 97
	}
	return rest == 1
}

func portugal(d string) bool {
	sum := 0
	for i := range 8 {
		sum += (9 - i) * digit(d, i)
	}
	return (11-sum%11)%11%10 == digit(d, 8)
}
