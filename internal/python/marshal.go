package python

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf16"
)

// MarshalJSON writes v compactly and without escaping Unicode text. NaN and the
// infinities, which JSON cannot express, become null.
func MarshalJSON(v any) []byte {
	var b bytes.Buffer
	jsonWriter{comma: ",", colon: ":"}.write(&b, v)
	return b.Bytes()
}

// MarshalSpaced writes v as json.dumps does by default: with a space after each
// separator, and in ASCII.
func MarshalSpaced(v any) []byte {
	var b bytes.Buffer
	jsonWriter{comma: ", ", colon: ": ", ascii: true}.write(&b, v)
	return b.Bytes()
}

type jsonWriter struct {
	comma, colon string
	ascii        bool
}

func (w jsonWriter) write(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		w.str(b, v)
	case int:
		b.WriteString(strconv.Itoa(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case *big.Int:
		b.WriteString(v.String())
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			b.WriteString("null")
			return
		}
		b.WriteString(float(v))
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(w.comma)
			}
			w.write(b, e)
		}
		b.WriteByte(']')
	case *Object:
		if v == nil {
			b.WriteString("null")
			return
		}
		b.WriteByte('{')
		for i, k := range v.keys.list {
			if i > 0 {
				b.WriteString(w.comma)
			}
			w.str(b, k)
			b.WriteString(w.colon)
			w.write(b, v.values[i])
		}
		b.WriteByte('}')
	default:
		// Values of this package have only the types above.
		w.str(b, fmt.Sprint(v))
	}
}

func (w jsonWriter) str(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	plain := 0
	for plain < len(s) && s[plain] >= ' ' && s[plain] < 0x7f && s[plain] != '"' && s[plain] != '\\' {
		plain++
	}
	b.WriteString(s[:plain])
	for _, r := range s[plain:] {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		default:
			switch {
			case r < 0x20, w.ascii && r >= 0x7f && r <= 0xffff:
				fmt.Fprintf(b, `\u%04x`, r)
			case w.ascii && r > 0xffff:
				hi, lo := utf16.EncodeRune(r)
				fmt.Fprintf(b, `\u%04x\u%04x`, hi, lo)
			default:
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
}
