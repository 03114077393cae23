package hosted

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Guard keeps other sites from using the pages. It accepts a form only from a page that
// this server has shown to the same browser.
type Guard struct {
	key    [32]byte
	origin http.CrossOriginProtection
}

// NewGuard returns a guard with a key of its own.
func NewGuard() *Guard {
	g := &Guard{}
	_, _ = rand.Read(g.key[:]) // never fails
	return g
}

const (
	cookieName = "polar_sandbox_browser"
	// TokenField is the name of the input that holds a form's token.
	TokenField = "form_token"
	maxForm    = 64 << 10
)

// Token returns the token for the forms of a page, which page identifies. It gives the
// browser a cookie, unless it has one.
func (g *Guard) Token(w http.ResponseWriter, r *http.Request, page string) string {
	browser := browserOf(r)
	if browser == "" {
		browser = rand.Text()
		http.SetCookie(w, &http.Cookie{
			Name: cookieName, Value: browser, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int((24 * time.Hour).Seconds()),
		})
	}
	return g.sign(browser, page)
}

// Allows reads the submitted form, and reports whether it comes from a page of this
// server.
func (g *Guard) Allows(w http.ResponseWriter, r *http.Request, page string) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return false
	}
	browser := browserOf(r)
	return g.origin.Check(r) == nil && browser != "" &&
		hmac.Equal([]byte(r.PostForm.Get(TokenField)), []byte(g.sign(browser, page)))
}

func browserOf(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

func (g *Guard) sign(browser, page string) string {
	h := hmac.New(sha256.New, g.key[:])
	h.Write([]byte(browser + "\x00" + page))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Local reports whether a request comes from this machine and has one of its names as
// the host. Another name that resolves to this machine may belong to another site.
func Local(r *http.Request) bool {
	if addr, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && !addr.Addr().Unmap().IsLoopback() {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return IsLocalHost(host)
}

// IsLocalHost reports whether a host is a loopback name or address, which no other
// machine can reach.
func IsLocalHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}
