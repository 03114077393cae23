package main

import (
	"encoding/json"
	"testing"

	segmentio "github.com/segmentio/encoding/json"

	"github.com/polarexpress/polar-go/gen"
)

// decoders are ways to decode a page. encoding/json/v2 is in Go 1.27 and later.
var decoders = []struct {
	name   string
	decode func(body []byte) (items int, err error)
}{
	{"encoding/json, by hand", into(json.Unmarshal, func(p *handPage) int { return len(p.Items) })},
	{"encoding/json", into(json.Unmarshal, countItems)},
	{"encoding/json/v2", into(unmarshalV2, countItems)},
	{"segmentio", into(segmentio.Unmarshal, countItems)},
}

func countItems(p *gen.CustomerList) int { return len(p.Items) }

func into[T any](unmarshal func([]byte, any) error, count func(*T) int) func([]byte) (int, error) {
	if unmarshal == nil {
		return nil
	}
	return func(body []byte) (int, error) {
		var out T
		err := unmarshal(body, &out)
		return count(&out), err
	}
}

// BenchmarkDecode decodes a page of a hundred customers.
func BenchmarkDecode(b *testing.B) {
	body := newService().pages[0]
	for _, d := range decoders {
		if d.decode == nil {
			continue // this version of Go lacks it
		}
		b.Run(d.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := d.decode(body); n != perPage || err != nil {
					b.Fatal(n, err)
				}
			}
		})
	}
}
