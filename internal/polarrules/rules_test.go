package polarrules

import "testing"

func TestLocales(t *testing.T) {
	for in, want := range map[string]string{
		"en": "en", "EN-us": "en-US", "fr_CA": "fr-CA", "en-UK": "en-GB", "iw": "he", "zh-Hant-TW": "zh-Hant-TW", "pt-br": "pt-BR",
		"sr-Latn-RS": "sr-Latn-RS", "es-419": "es-419", "de-DE": "de-DE", "fil": "fil", "zh-Hans": "zh-Hans", "nb-NO": "nb-NO", "en-GB": "en-GB",
		"i-klingon": "tlh", "tl": "fil", "sh": "sr-Latn", "sh-RS": "sr-Latn-RS", "en-Latn-US": "en-US", "en-gb-oed": "en-GB-oxendict", "eng": "en",
		"": "", "zz": "", "und": "", "x-foo": "", "english": "", "e": "", "en-": "", "12": "", "en-ZZZZZ-": "", "xx-bad-": "", " en": "", "en US": "",
	} {
		if got, ok := canonicalLocale(in); ok != (want != "") || ok && got != want {
			t.Errorf("canonicalLocale(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTaxIDs(t *testing.T) {
	for _, tc := range []struct{ country, number, value, format string }{
		{"US", "91-1144442", "911144442", "us_ein"},
		{"FR", "fr 61 954 506 077", "FR61954506077", "eu_vat"},
		{"GB", "GB980780684", "980780684", "gb_vat"},
		{"FR", "61954506077", "", ""},
		{"DE", "ATU13585627", "ATU13585627", "eu_vat"},
		{"AQ", "123", "", ""},
		{"CH", "CHE-100.155.212", "CHE100155212", "ch_uid"},
		{"CH", "CHE-100.155.213", "", ""},
		{"CA", "123456782RT0001", "123456782RT0001", "ca_gst_hst"},
		{"DE", "DE136695976", "DE136695976", "eu_vat"},
		{"DE", "DE136695977", "", ""},
		{"AU", "83 914 571 673", "83914571673", "au_abn"},
		{"BR", "390.533.447-05", "39053344705", "br_cpf"},
		{"BR", "16.727.230/0001-97", "16727230000197", "br_cnpj"},
		{"JP", "5835678256246", "5835678256246", "jp_cn"},
		{"NL", "NL123456789B13", "NL123456789B13", "eu_vat"},
		{"IT", "IT 00743110157", "IT00743110157", "eu_vat"},
		{"IE", "IE 6433435F", "IE6433435F", "eu_vat"},
		{"US", "00-1234567", "", ""},
	} {
		got, bad := CheckTaxID(tc.number, &Address{Country: tc.country})
		switch {
		case tc.value == "" && bad == nil:
			t.Errorf("%s %s: %v, want an error", tc.country, tc.number, got)
		case tc.value != "" && (bad != nil || *got != TaxID{tc.value, tc.format}):
			t.Errorf("%s %s: %v, %v, want %s %s", tc.country, tc.number, got, bad, tc.value, tc.format)
		}
	}
}
