// Command interop signs and verifies for interop.mjs: it reads one JSON object
// a line and answers each with one.
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

type question struct {
	Do      string            `json:"do"` // sign or verify
	Secret  string            `json:"secret"`
	ID      string            `json:"id"`
	Seconds int64             `json:"seconds"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

type answer struct {
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
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			return err
		}
		if err := out.Encode(q.answer()); err != nil {
			return err
		}
	}
	return in.Err()
}

func (q question) answer() answer {
	if q.Do == "sign" {
		return answer{Signature: webhook.Sign(q.Secret, q.ID, time.Unix(q.Seconds, 0), []byte(q.Body))}
	}
	header := http.Header{}
	for k, v := range q.Headers {
		header[k] = []string{v} // as written, not in Go's form
	}
	if err := webhook.Verify([]byte(q.Body), header, q.Secret); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{}
}
