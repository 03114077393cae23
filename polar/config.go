package polar

import (
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

type config struct {
	baseURL      string // without a slash at the end
	base         *url.URL
	environment  string      // the option that chose baseURL
	tokens       tokenSource // nil if public
	public       bool        // whether requests have no credentials
	httpClient   *http.Client
	middleware   []func(http.RoundTripper) http.RoundTripper
	retry        RetryPolicy
	timeout      time.Duration
	maxBytes     int64
	userAgent    string
	apiVersion   string
	organization string
	logger       *slog.Logger
	limit        *rate.Limiter
	pause        *pause
	jitter       func() float64
}

func defaultConfig() *config {
	cfg := &config{
		httpClient: &http.Client{Transport: defaultTransport()},
		retry:      defaultRetry(),
		timeout:    30 * time.Second,
		maxBytes:   8 << 20,
		apiVersion: APIVersion,
		pause:      newPause(),
		jitter:     randomJitter,
	}
	cfg.baseURL = ProductionURL
	cfg.base, _ = url.Parse(ProductionURL) // a constant, which is a URL
	return cfg
}

// defaultTransport is the standard library's with room for many requests at
// once to one host, and a limit on headers.
func defaultTransport() *http.Transport {
	t, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		t = t.Clone()
	} else { // the program has replaced it
		t = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second}
	}
	t.MaxIdleConnsPerHost = 64
	t.MaxResponseHeaderBytes = 256 << 10
	return t
}
