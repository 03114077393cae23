package polar

import (
	"net/http"
	"strings"
)

// checkTarget returns the path of a request below the base URL. It refuses a
// request that would take the token elsewhere.
func (c *Client) checkTarget(op *Operation, req *http.Request) (path string, err error) {
	refuse := func(name, why string) (string, error) {
		return "", invalidArgument(op, []FieldError{{Path: name, Message: why}})
	}
	base := c.config.base
	switch {
	case req == nil || req.URL == nil:
		return refuse("request", "is nil or has no URL")
	case req.URL.Scheme != base.Scheme:
		return refuse("request", "has another scheme than the base URL")
	case !strings.EqualFold(req.URL.Host, base.Host) || req.URL.User != nil || req.URL.Opaque != "":
		return refuse("request", "goes to another host than the base URL")
	case req.Host != "" && !strings.EqualFold(req.Host, base.Host):
		return refuse("request", "names another host than the base URL")
	}
	path, ok := strings.CutPrefix(req.URL.EscapedPath(), base.EscapedPath())
	switch {
	case !ok || !strings.HasPrefix(path, "/"):
		return refuse("request", "has a path outside of the base URL")
	case unsafePath(path) != "":
		return refuse("path", unsafePath(path))
	}
	return path, nil
}
