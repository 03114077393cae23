package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/refresh/contract"
)

// A fetcher reads documents, each within timeout.
type fetcher struct{ timeout time.Duration }

// fetch reads the document at from, a file or a URL. It reads no more than
// contract.MaxBytes.
func (f fetcher) fetch(from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		file, err := os.Open(from)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return read(file)
	}
	ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
	defer cancel()
	data, err := get(ctx, from)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("no response within %v; try again, or save the document and pass the file", f.timeout)
	}
	return data, err
}

func get(ctx context.Context, from string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, errors.New("not a valid URL")
	}
	req.Header.Set("Accept", "application/json, application/yaml;q=0.9")
	client := http.Client{
		// The document must come from the URL that was given.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // without the URL, which the caller names
		}
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return nil, fmt.Errorf("it redirects to %q; if that is right, pass that URL", resp.Header.Get("Location"))
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("unexpected status %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return read(resp.Body)
}

func read(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, contract.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > contract.MaxBytes {
		return nil, fmt.Errorf("larger than %d MB", contract.MaxBytes>>20)
	}
	return data, nil
}
