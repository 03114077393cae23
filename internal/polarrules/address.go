package polarrules

import (
	"strings"

	"github.com/polarexpress/polar-go/internal/pydantic"
	"github.com/polarexpress/polar-go/internal/python"
)

// countryCodes are the ISO 3166-1 countries that the service bills, sorted as in its
// messages. Cuba, Iran, North Korea, Russia and Syria are not among them.
var countryCodes = strings.Fields(`
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP
KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ
NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`)

var countryEnum = pydantic.Enum(countryCodes...)

// countryCheck checks a country code in either case.
func countryCheck(in any, at []any) (any, []pydantic.Problem) {
	if s, ok := in.(string); ok {
		if v, bad := countryEnum(strings.ToUpper(s), at); bad == nil {
			return v, nil
		}
		_, bad := countryEnum(s, at)
		if bad == nil {
			return s, nil
		}
		bad[0].Input = strings.ToUpper(s)
		return nil, bad
	}
	return countryEnum(in, at)
}

var addressFields = pydantic.Model{
	{Name: "line1", Check: pydantic.Nullable(addressText)},
	{Name: "line2", Check: pydantic.Nullable(addressText)},
	{Name: "postal_code", Check: pydantic.Nullable(addressText)},
	{Name: "city", Check: pydantic.Nullable(addressText)},
	{Name: "state", Check: pydantic.Nullable(addressText)},
	{Name: "country", Required: true, Check: countryCheck},
}

// states are the subdivisions of the countries whose states are checked.
var states = map[string]map[string]bool{
	"US": wordSet(`AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC`),
	"CA": wordSet(`AB BC MB NB NL NS NT NU ON PE QC SK YT`),
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var stateMessages = map[string]string{"US": "Invalid US state", "CA": "Invalid CA subdivision"}

// Address is a billing address. Only Country is required.
type Address struct {
	Line1, Line2, PostalCode, City, State, Country string
}

// addressText checks a part of an address. A blank one counts as null. Unlike other
// texts it may contain NUL, which the database then refuses.
func addressText(in any, at []any) (any, []pydantic.Problem) {
	s, bad := pydantic.String(in, at)
	if bad != nil {
		return nil, bad
	}
	return blankIsNull(python.Strip(s)), nil
}

// Storable reports whether the database can store the address.
func (a *Address) Storable() bool {
	if a == nil {
		return true
	}
	return !strings.ContainsRune(a.Line1+a.Line2+a.PostalCode+a.City+a.State, 0)
}

// addressCheck checks a billing address.
func addressCheck(in any, at []any) (any, []pydantic.Problem) {
	v, bad := addressFields.Nested(in, at)
	if bad != nil {
		return nil, bad
	}
	fields := v.(map[string]any)
	a := &Address{
		Line1: text(fields["line1"]), Line2: text(fields["line2"]), PostalCode: text(fields["postal_code"]),
		City: text(fields["city"]), State: text(fields["state"]), Country: text(fields["country"]),
	}
	if known, ok := states[a.Country]; ok && a.State != "" {
		code := strings.TrimPrefix(a.State, a.Country+"-")
		if !known[code] {
			return nil, []pydantic.Problem{pydantic.ValueError(in, at, stateMessages[a.Country])}
		}
		a.State = a.Country + "-" + code
	}
	return a, nil
}
