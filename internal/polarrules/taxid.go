package polarrules

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/polarexpress/polar-go/internal/pydantic"
)

// TaxID is a stored tax number: its value and its format, such as "eu_vat".
type TaxID struct {
	Value, Format string
}

// CheckTaxID checks a number against the formats of the address's country. It returns
// the first format that matches, and the number without separators. Each format has a
// simple rule here: its shape and, if the format is widely used, its check digits. The
// service also checks the digits of the other formats.
func CheckTaxID(number string, address *Address) (*TaxID, *pydantic.Problem) {
	if address == nil {
		return nil, &pydantic.Problem{Type: "missing", Loc: pydantic.Loc("body", "billing_address"), Msg: "Country is required to validate tax ID."}
	}
	compact := compactTaxID(number)
	for _, format := range taxFormats[address.Country] {
		apply := euVAT
		if format != "eu_vat" {
			rule, known := taxRules[format]
			if !known {
				continue
			}
			apply = rule.apply
		}
		if value, ok := apply(compact); ok {
			return &TaxID{value, format}, nil
		}
	}
	return nil, &pydantic.Problem{Type: "invalid", Loc: pydantic.Loc("body", "tax_id"), Msg: "Invalid tax ID.", Input: number}
}

// taxFormats are the formats to try for each country.
var taxFormats = taxCountries(`
AD ad_nrt|AE ae_trn|AR ar_cuit|AU au_abn au_arn|BH bh_vat|BO bo_tin|BR br_cnpj br_cpf
CA ca_gst_hst ca_pst_bc ca_pst_mb ca_pst_sk ca_qst ca_bn|CH ch_uid ch_vat|CL cl_tin|CN cn_tin|CO co_nit|CR cr_tin
DO do_rcn|EC ec_ruc|EG eg_tin|GB gb_vat|GE ge_vat|HK hk_br|ID id_npwp|IL il_vat|IN in_gst|IS is_vat|JP jp_cn jp_rn jp_trn
KE ke_pin|KR kr_brn|KZ kz_bin|LI li_uid|MK mk_vat|MU mu_tan|MX mx_rfc|MY my_frp my_itn my_sst|NG ng_tin|NO no_vat no_voec
NZ nz_gst|OM om_vat|PE pe_ruc|PH ph_tin|RS rs_pib|RU ru_inn ru_kpp|SA sa_vat|SG sg_gst sg_uen|SV sv_nit|TH th_vat|TR tr_tin
TW tw_vat|UA ua_vat|US us_ein|UY uy_ruc|VE ve_rif|VN vn_tin|ZA za_vat
AT eu_vat|BE eu_vat|BG eu_vat|CY eu_vat|CZ eu_vat|DE eu_vat|DK eu_vat|EE eu_vat|ES eu_vat|FI eu_vat|FR eu_vat|GR eu_vat|HR eu_vat
HU eu_vat|IE eu_vat|IT eu_vat|LT eu_vat|LU eu_vat|LV eu_vat|MT eu_vat|NL eu_vat|PL eu_vat|PT eu_vat|RO eu_vat|SE eu_vat|SI eu_vat|SK eu_vat`)

func taxCountries(table string) map[string][]string {
	m := map[string][]string{}
	for entry := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == '|' || r == '\n' }) {
		words := strings.Fields(entry)
		m[words[0]] = words[1:]
	}
	return m
}

// taxRule is the shape of a number, without separators and in upper case, and
// optionally the check of its digits.
type taxRule struct {
	shape *regexp.Regexp
	// check, if set, receives the digits only.
	check func(digits string) bool
	// prefix is optional in input and is not stored.
	prefix string
}

func shape(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "/", "", ",", "", "(", "", ")", "")

func compactTaxID(number string) string { return strings.ToUpper(separators.Replace(number)) }

func (r taxRule) apply(s string) (string, bool) {
	s = strings.TrimPrefix(s, r.prefix)
	if !r.shape.MatchString(s) {
		return "", false
	}
	if r.check == nil {
		return s, true
	}
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
	return s, r.check(digits)
}

// taxRules are the rules of the formats. A format of taxFormats without a rule never
// matches, as on the service.
var taxRules = map[string]taxRule{
	"ad_nrt": {shape: shape(`[A-Z]\d{6}[A-Z]`)}, "ae_trn": {shape: shape(`\d{15}`)},
	"ar_cuit":    {shape: shape(`\d{11}`), check: weighted(11, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)},
	"au_abn":     {shape: shape(`\d{11}`), check: auABN},
	"br_cnpj":    {shape: shape(`\d{14}`), check: brCNPJ},
	"br_cpf":     {shape: shape(`\d{11}`), check: brCPF},
	"ca_gst_hst": {shape: shape(`\d{9}RT\d{4}`), check: first(9, luhn)},
	"ca_bn":      {shape: shape(`\d{9}`), check: luhn},
	"ch_uid":     {shape: shape(`CHE\d{9}`), check: chUID},
	"ch_vat":     {shape: shape(`CHE\d{9}(?:MWST|TVA|IVA|TPV)`), check: chUID},
	"cl_tin":     {shape: shape(`\d{8,9}[\dK]?`), prefix: "CL"}, "cn_tin": {shape: shape(`[0-9A-HJ-NPQRTUWXY]{18}`)},
	"co_nit": {shape: shape(`\d{8,16}`)}, "cr_tin": {shape: shape(`\d{9,12}`)}, "do_rcn": {shape: shape(`\d{9}`)},
	"ec_ruc": {shape: shape(`\d{13}`)}, "eg_tin": {shape: shape(`\d{9}`)},
	"gb_vat": {shape: shape(`\d{9}|\d{12}|GD\d{3}|HA\d{3}`), check: gbVAT, prefix: "GB"},
	"ge_vat": {shape: shape(`\d{9}`)}, "id_npwp": {shape: shape(`\d{15,16}`)},
	"il_vat": {shape: shape(`\d{9}`), check: luhn}, "in_gst": {shape: shape(`[0-3]\d[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]`)},
	"is_vat": {shape: shape(`\d{5,6}`), prefix: "IS"}, "jp_cn": {shape: shape(`\d{13}`), check: jpCN},
	"ke_pin": {shape: shape(`[AP]\d{9}[A-Z]`)}, "kr_brn": {shape: shape(`\d{10}`)}, "li_uid": {shape: shape(`CHE\d{9}`), check: chUID},
	"mk_vat": {shape: shape(`\d{13}`), prefix: "MK"}, "mu_tan": {shape: shape(`\d{8}`)},
	"mx_rfc": {shape: shape(`[A-ZÑ&]{3,4}\d{6}[0-9A-Z]{2,3}`)}, "my_itn": {shape: shape(`[A-Z]{1,2}\d{8,11}`)},
	"no_vat": {shape: shape(`\d{9}MVA`), check: weighted(11, 3, 2, 7, 6, 5, 4, 3, 2, 1), prefix: "NO"},
	"nz_gst": {shape: shape(`\d{8,9}`)}, "pe_ruc": {shape: shape(`\d{11}`)}, "rs_pib": {shape: shape(`\d{9}`)},
	"ru_inn": {shape: shape(`\d{10}|\d{12}`)}, "sg_uen": {shape: shape(`\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]`)},
	"sv_nit": {shape: shape(`\d{14}`), prefix: "SV"}, "th_vat": {shape: shape(`\d{13}`)}, "tr_tin": {shape: shape(`\d{10}`)},
	"tw_vat": {shape: shape(`\d{8}`)}, "ua_vat": {shape: shape(`\d{8}|\d{12}`)}, "us_ein": {shape: shape(`\d{9}`), check: usEIN},
	"uy_ruc": {shape: shape(`\d{12}`), prefix: "UY"}, "ve_rif": {shape: shape(`[VEJPG]\d{9}`)},
	"vn_tin": {shape: shape(`\d{10}(?:\d{3})?`)}, "za_vat": {shape: shape(`4\d{9}`), check: luhn},
}

func first(n int, check func(string) bool) func(string) bool {
	return func(d string) bool { return len(d) >= n && check(d[:n]) }
}

func digit(s string, i int) int { return int(s[i] - '0') }

// luhn is the check of credit cards and of several tax numbers.
func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		n := digit(d, len(d)-1-i)
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return len(d) > 0 && sum%10 == 0
}

// weighted checks that the weighted sum of the digits is a multiple of modulus.
func weighted(modulus int, weights ...int) func(string) bool {
	return func(d string) bool {
		if len(d) != len(weights) {
			return false
		}
		sum := 0
		for i, w := range weights {
			sum += w * digit(d, i)
		}
		return sum%modulus == 0
	}
}

func chUID(d string) bool { return weighted(11, 5, 4, 3, 2, 7, 6, 5, 4, 1)(d) }

func auABN(d string) bool {
	if d[0] == '0' {
		return false
	}
	lead := strconv.Itoa(digit(d, 0) - 1)
	return weighted(89, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)(lead + d[1:])
}

// brCheck computes a Brazilian check digit with weights that fall to two.
func brCheck(d string, top int) int {
	sum := 0
	for i := range len(d) {
		weight := (len(d)-i-1)%(top-1) + 2
		sum += weight * digit(d, i)
	}
	return (11 - sum%11) % 11 % 10
}

func brCNPJ(d string) bool {
	return brCheck(d[:12], 9) == digit(d, 12) && brCheck(d[:13], 9) == digit(d, 13)
}

func brCPF(d string) bool {
	return brCheck(d[:9], 11) == digit(d, 9) && brCheck(d[:10], 12) == digit(d, 10)
}

// gbVAT accepts either of the two sums in use. Government numbers have none.
func gbVAT(d string) bool {
	if len(d) < 9 {
		return true
	}
	sum := 10*digit(d, 7) + digit(d, 8)
	for i := range 7 {
		sum += (8 - i) * digit(d, i)
	}
	return sum%97 == 0 || (sum+55)%97 == 0
}

func jpCN(d string) bool {
	sum := 0
	for i := 1; i < len(d); i++ {
		sum += digit(d, i) * (1 + i%2)
	}
	return digit(d, 0) == 9-sum%9
}

// usEIN refuses the prefixes that no campus has used.
func usEIN(d string) bool {
	return !strings.Contains(" 00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97 ", " "+d[:2]+" ")
}
