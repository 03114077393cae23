package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// formatVersion is the version of the compact format.
const formatVersion = 1

// head is the first line of a file in the compact format.
type head struct {
	Format      int    `json:"format"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// RequestHeaders are the headers of every request with a body, ResponseHeaders
	// those of every response. The lines of steps list the exceptions.
	RequestHeaders  map[string]string `json:"request_headers,omitempty"`
	ResponseHeaders map[string]string `json:"response_headers,omitempty"`
}

// line is any other line, which holds a step.
type line struct {
	Method          string             `json:"method"`
	Path            string             `json:"path"`
	Token           *string            `json:"token"`
	RequestHeaders  map[string]*string `json:"request_headers"`
	Transport       Transport          `json:"transport"`
	Request         json.RawMessage    `json:"request"`
	RequestTrimmed  bool               `json:"request_trimmed"`
	Status          int                `json:"status"`
	ResponseHeaders map[string]*string `json:"response_headers"`
	Response        json.RawMessage    `json:"response"`
	ResponseOf      *int               `json:"response_of"`
	ResponseTrimmed bool               `json:"response_trimmed"`
}

// Format returns a scenario in the compact format. Equal scenarios give equal bytes.
//
// The first line has the version of the format, the scenario's name and
// description, and the headers that most steps share: request_headers apply to
// requests with a body, response_headers to all responses. Every other line is a
// step, in the order of the recording:
//
//   - method, path, status.
//   - token: the name of the credential; absent if none was sent.
//   - request_headers, response_headers: what differs from the shared headers;
//     null removes a header. Response headers are in lower case. Content-Length
//     is left out where it is the length of the body, and where the status is 204
//     or Transfer-Encoding takes its place and there is none.
//   - request, response: the body. An object or an array is a JSON body, byte for
//     byte. A string is any other body. Absent means no request body, or an empty
//     response body.
//   - response_of: the number of the step, counted from 0, whose response body
//     this response repeats.
//   - request_trimmed, response_trimmed: true if only the beginning of the body
//     was recorded.
//   - transport: how the request was written to the connection, see [Transport].
func Format(s *Scenario) ([]byte, error) {
	h := head{Format: formatVersion, Name: s.Name, Description: s.Description}
	var requests, responses []map[string]string
	for i := range s.Steps {
		if s.Steps[i].RequestBody != nil {
			requests = append(requests, s.Steps[i].RequestHeaders)
		}
		responses = append(responses, responseHeaders(&s.Steps[i]))
	}
	h.RequestHeaders, h.ResponseHeaders = shared(requests), shared(responses)
	var out lineWriter
	out.value(h)
	out.WriteByte('\n')
	first := map[string]int{} // the first step with a response body
	for i := range s.Steps {
		step := &s.Steps[i]
		out.field("method", step.Method)
		out.field("path", step.Path)
		if step.Token != nil {
			out.field("token", step.Token)
		}
		requestDefaults := h.RequestHeaders
		if step.RequestBody == nil {
			requestDefaults = nil
		}
		if diff := headerChanges(requestDefaults, step.RequestHeaders); len(diff) > 0 {
			out.field("request_headers", diff)
		}
		if step.Transport != (Transport{}) {
			out.field("transport", step.Transport)
		}
		if step.RequestBody != nil {
			out.field("request", bodyValue(*step.RequestBody))
		}
		if step.RequestTrimmed {
			out.field("request_trimmed", true)
		}
		out.field("status", step.Status)
		diff := headerChanges(h.ResponseHeaders, responseHeaders(step))
		if step.ResponseHeaders.Get(contentLength) == "" && impliedLength(step) != "" {
			diff[contentLength] = nil
		}
		if len(diff) > 0 {
			out.field("response_headers", diff)
		}
		if of, repeated := first[step.ResponseBody]; repeated {
			out.field("response_of", of)
		} else if step.ResponseBody != "" {
			out.field("response", bodyValue(step.ResponseBody))
			first[step.ResponseBody] = i
		}
		if step.Trimmed {
			out.field("response_trimmed", true)
		}
		out.end()
	}
	if out.err != nil {
		return nil, out.err
	}
	// The format cannot hold everything, such as two values of one header.
	if again, err := Parse(out.Bytes()); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	} else if i := differs(s, again); i >= 0 {
		return nil, fmt.Errorf("%s: step %d does not fit into the compact format", s.Name, i)
	}
	return out.Bytes(), nil
}

// differs returns the first step in which two scenarios differ, or -1.
func differs(a, b *Scenario) int {
	for i := range a.Steps {
		x, y := a.Steps[i], b.Steps[i]
		if len(x.RequestHeaders) == 0 && len(y.RequestHeaders) == 0 {
			x.RequestHeaders, y.RequestHeaders = nil, nil
		}
		if !reflect.DeepEqual(x, y) {
			return i
		}
	}
	return -1
}

// Parse reads a scenario in the compact format.
func Parse(data []byte) (*Scenario, error) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	var h head
	if err := strict(first, &h); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	if h.Format != formatVersion {
		return nil, fmt.Errorf("line 1: format %d, want %d", h.Format, formatVersion)
	}
	s := &Scenario{Name: h.Name, Description: h.Description}
	for text := range bytes.Lines(rest) {
		step, err := parseStep(text, &h, s.Steps)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(s.Steps)+2, err)
		}
		s.Steps = append(s.Steps, *step)
	}
	return s, nil
}

func parseStep(text []byte, h *head, before []Step) (*Step, error) {
	var l line
	if err := strict(text, &l); err != nil {
		return nil, err
	}
	step := &Step{
		Method: l.Method, Path: l.Path, Token: l.Token, Transport: l.Transport, RequestTrimmed: l.RequestTrimmed,
		Status: l.Status, Trimmed: l.ResponseTrimmed,
	}
	request, err := bodyText(l.Request)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	var defaults map[string]string
	if l.Request != nil {
		step.RequestBody, defaults = &request, h.RequestHeaders
	}
	step.RequestHeaders = applyChanges(defaults, l.RequestHeaders)
	if step.ResponseBody, err = bodyText(l.Response); err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	if l.ResponseOf != nil {
		if *l.ResponseOf < 0 || *l.ResponseOf >= len(before) {
			return nil, fmt.Errorf("response_of: no step %d before this one", *l.ResponseOf)
		}
		step.ResponseBody = before[*l.ResponseOf].ResponseBody
	}
	step.ResponseHeaders = http.Header{}
	for name, value := range applyChanges(h.ResponseHeaders, l.ResponseHeaders) {
		step.ResponseHeaders.Set(name, value)
	}
	if _, explicit := l.ResponseHeaders[contentLength]; !explicit {
		if length := impliedLength(step); length != "" {
			step.ResponseHeaders.Set(contentLength, length)
		}
	}
	return step, nil
}

const contentLength = "content-length"

// impliedLength returns the Content-Length of a response whose line has none, or "".
func impliedLength(s *Step) string {
	if s.Status == http.StatusNoContent || s.ResponseHeaders.Get("Transfer-Encoding") != "" {
		return ""
	}
	return strconv.Itoa(len(s.ResponseBody))
}

// responseHeaders returns a step's response headers in lower case, without an implied
// Content-Length.
func responseHeaders(s *Step) map[string]string {
	headers := map[string]string{}
	for name, values := range s.ResponseHeaders {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if headers[contentLength] == impliedLength(s) {
		delete(headers, contentLength)
	}
	return headers
}

// shared returns the headers that more than half of the messages have.
func shared(messages []map[string]string) map[string]string {
	count := map[[2]string]int{}
	for _, headers := range messages {
		for name, value := range headers {
			count[[2]string{name, value}]++
		}
	}
	common := map[string]string{}
	for header, n := range count {
		if 2*n > len(messages) {
			common[header[0]] = header[1]
		}
	}
	return common
}

// headerChanges returns the changes that turn the common headers into those of a
// message: a value to set, or nil to remove the header.
func headerChanges(common, headers map[string]string) map[string]*string {
	changes := map[string]*string{}
	for name := range common {
		if _, ok := headers[name]; !ok {
			changes[name] = nil
		}
	}
	for name, value := range headers {
		if had, ok := common[name]; !ok || had != value {
			changes[name] = &value
		}
	}
	return changes
}

func applyChanges(common map[string]string, changes map[string]*string) map[string]string {
	headers := map[string]string{}
	for name, value := range common {
		headers[name] = value
	}
	for name, value := range changes {
		if value == nil {
			delete(headers, name)
		} else {
			headers[name] = *value
		}
	}
	return headers
}

// bodyValue returns the value of a body in a line: a JSON object or array verbatim, which
// keeps diffs readable, and anything else as a string.
func bodyValue(body string) any {
	whole := strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}") || strings.HasPrefix(body, "[") && strings.HasSuffix(body, "]")
	if whole && !strings.Contains(body, "\n") && json.Valid([]byte(body)) {
		return verbatim(body)
	}
	return body
}

func bodyText(value json.RawMessage) (body string, err error) {
	if len(value) == 0 {
		return "", nil
	}
	switch value[0] {
	case '{', '[':
		return string(value), nil
	case '"':
		return body, json.Unmarshal(value, &body)
	}
	return "", errors.New("neither an object, an array nor a string")
}

// strict decodes a line. It refuses unknown fields and anything after the object.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}

// verbatim is JSON that is written byte for byte. encoding/json would reformat it.
type verbatim string

// lineWriter writes JSON objects, one per line, with their fields in the order of the
// calls.
type lineWriter struct {
	bytes.Buffer
	open bool
	err  error
}

func (w *lineWriter) field(name string, value any) {
	separator := byte('{')
	if w.open {
		separator = ','
	}
	w.open = true
	w.WriteByte(separator)
	w.value(name)
	w.WriteByte(':')
	w.value(value)
}

func (w *lineWriter) value(value any) {
	if text, ok := value.(verbatim); ok {
		w.WriteString(string(text))
		return
	}
	e := json.NewEncoder(&w.Buffer)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		w.err = errors.Join(w.err, err)
		return
	}
	w.Truncate(w.Len() - 1) // the encoder's line break
}

func (w *lineWriter) end() {
	w.WriteString("}\n")
	w.open = false
}
