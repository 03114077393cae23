package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// start runs the program and returns its URL; stopping it waits for its end.
func start(t *testing.T, args ...string) (url string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-addr", "127.0.0.1:0", "-token", "polar_oat_test"}, args...), w)
		w.CloseWithError(err)
		done <- err
	}()
	lines := bufio.NewReader(r)
	form := regexp.MustCompile(`URL +(\S+)`)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the program ended: %v", err)
		}
		if m := form.FindStringSubmatch(line); m != nil {
			go io.Copy(io.Discard, lines)
			return m[1], func() error { cancel(); return <-done }
		}
	}
}

func send(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer polar_oat_test")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, v
}

func TestSaveAndLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "customers.json")
	url, stop := start(t, "-load", file, "-save", file)
	status, made := send(t, "POST", url+"/v1/customers/", `{"email":"ada@polar.sh","external_id":"ada","metadata":{"n":1.0}}`)
	if status != 201 {
		t.Fatalf("create: %d %v", status, made)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(data), `"n": 1.0`) {
		t.Fatalf("saved %s, %v", data, err)
	}

	url, stop = start(t, "-load", file)
	status, got := send(t, "GET", url+"/v1/customers/external/ada", "")
	if status != 200 || got["id"] != made["id"] || got["organization_id"] != made["organization_id"] {
		t.Errorf("after loading: %d %v, want %v", status, got, made)
	}
	status, members := send(t, "GET", url+"/v1/customers/external/ada/members", "")
	if status != 200 || len(members["items"].([]any)) != 1 {
		t.Errorf("members after loading: %d %v", status, members)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"customers":[{"id":"1"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-load", bad, "-addr", "127.0.0.1:0"}, {"-addr", "nowhere:-1"}, {"extra"}, {"-unknown"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("run(%q) = nil, want an error", args)
		}
	}
}
