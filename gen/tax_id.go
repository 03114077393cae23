package gen

import (
	"encoding/json"
	"errors"
	"fmt"
)

// TaxID is a tax number that the service has checked, and the format that it
// was checked against. On the wire it is a list of the two.
type TaxID struct {
	// Value is the number without separators, in upper case.
	Value string
	// Format names the kind of number, such as "eu_vat". It is an open set.
	Format TaxIDFormat
}

// MarshalJSON writes the pair as the service does.
func (t TaxID) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]string{t.Value, string(t.Format)})
}

// UnmarshalJSON reads a list of number and format, and ignores what may follow.
func (t *TaxID) UnmarshalJSON(b []byte) error {
	if t.scan(string(b)) {
		return nil
	}
	var pair []json.RawMessage
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if len(pair) < 2 {
		return fmt.Errorf("tax ID: want a number and a format, have %d of them", len(pair))
	}
	var read TaxID
	if err := errors.Join(json.Unmarshal(pair[0], &read.Value), json.Unmarshal(pair[1], &read.Format)); err != nil {
		return err
	}
	*t = read
	return nil
}

// scan reads a pair of plain strings.
func (t *TaxID) scan(text string) bool {
	s := scanner{text: text}
	if !s.next('[') {
		return false
	}
	value, ok := s.string()
	if !ok || !s.next(',') {
		return false
	}
	format, ok := s.string()
	if !ok || !s.next(']') || !s.end() {
		return false
	}
	*t = TaxID{Value: value, Format: TaxIDFormat(format)}
	return true
}
