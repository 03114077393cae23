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

// A fetcher reads documents. It waits no longer than timeout for one.
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
		return nil, fmt.Errorf("it did not answer within %v; try again, or save the document and give the file", f.timeout)
	}
	return data, err
}

func get(ctx context.Context, from string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	req.Header.Set("Accept", "application/json, application/yaml;q=0.9")
	client := http.Client{
		// A document from elsewhere is not the one that was asked for.
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
		return nil, fmt.Errorf("it redirects to %q; if that is right, give that URL", resp.Header.Get("Location"))
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return read(resp.Body)
}

func read(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, contract.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > contract.MaxBytes {
		return nil, fmt.Errorf("it is larger than %d MB, which no API description is", contract.MaxBytes>>20)
	}
	return data, nil
}
