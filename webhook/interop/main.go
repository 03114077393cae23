// Command interop signs and verifies webhooks for interop.mjs. It reads a JSON object from
// each line of its input, and writes its result as a line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/polarexpress/polar-go/webhook"
)

type task struct {
	Do      string            `json:"do"` // sign or verify
	Secret  string            `json:"secret"`
	ID      string            `json:"id"`
	Seconds int64             `json:"seconds"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

type result struct {
	Signature string `json:"signature,omitempty"`
	Error     string `json:"error,omitempty"`
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func serve() error {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 4<<20)
	for in.Scan() {
		var t task
		if err := json.Unmarshal(in.Bytes(), &t); err != nil {
			return err
		}
		if err := out.Encode(t.result()); err != nil {
			return err
		}
	}
	return in.Err()
}

func (t task) result() result {
	if t.Do == "sign" {
		return result{Signature: webhook.Sign(t.Secret, t.ID, time.Unix(t.Seconds, 0), []byte(t.Body))}
	}
	header := http.Header{}
	for k, v := range t.Headers {
		header[k] = []string{v} // as written, not canonical
	}
	if err := webhook.Verify([]byte(t.Body), header, t.Secret); err != nil {
		return result{Error: err.Error()}
	}
	return result{}
}
