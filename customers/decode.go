package customers

import (
	"encoding/json"
	"errors"
	"io"
)

// decode reads a success into out, and refuses what is not the resource: a page
// of a proxy, a body cut short, an object of another kind.
func decode(op *Operation, a *answer, out any) *Error {
	refuse := func(why string) *Error { return unexpected(op, a.status, a.header, a.body, why) }
	if !isMedia(a.header, "application/json") {
		return refuse("the answer is not JSON: check the base URL and what is in front of the service")
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) && syntax.Offset >= int64(len(a.body)) {
			e := refuse("the answer was cut short")
			e.cause = io.ErrUnexpectedEOF
			return e
		}
		return refuse("the answer is not of the shape that the contract promises")
	}
	if !whole(out) {
		return refuse("the answer is JSON, but not what was asked for: check the base URL")
	}
	return nil
}

// whole reports whether a decoded answer has what every one of its kind has.
func whole(out any) bool {
	switch v := out.(type) {
	case *Customer:
		return v.ID != ""
	case *State:
		return v.ID != ""
	case *Member:
		return v.ID != ""
	case interface{ whole() bool }:
		return v.whole()
	}
	return false
}
