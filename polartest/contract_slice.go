package polartest

import (
	"bytes"
	"regexp"
	"strings"
)

// The contract describes Polar's whole API, and parsing all of it takes a
// second. A test pays only for what the server implements.

var schemaRef = regexp.MustCompile(`#/components/schemas/([A-Za-z0-9_.-]+)`)

// sliceContract returns the part of a document that describes some paths: the
// document as it is, without other paths, webhooks, and schemas that no path
// needs. It relies on the indentation of the vendored file.
func sliceContract(document []byte, keep func(path string) bool) []byte {
	var out bytes.Buffer
	schemas := map[string][]byte{}
	section, name := "", ""
	for line := range bytes.Lines(document) {
		text := strings.TrimRight(string(line), "\n")
		indent := len(text) - len(strings.TrimLeft(text, " "))
		key, isKey := strings.CutSuffix(strings.TrimSpace(text), ":")
		switch {
		case text == "" || !isKey:
		case indent == 0:
			section, name = key, ""
		case strings.HasPrefix(section, "components") && indent == 2:
			section, name = "components/"+key, ""
		case section == "paths" && indent == 2, section == "components/schemas" && indent == 4:
			name = strings.Trim(key, `'"`)
		}
		switch {
		case section == "webhooks":
		case section == "paths" && name != "" && !keep(name):
		case section == "components/schemas" && name != "":
			schemas[name] = append(schemas[name], line...)
		default:
			out.Write(line)
		}
	}
	// The schemas are the last section, so they can simply be appended.
	added := map[string]bool{}
	for text := out.Bytes(); len(text) > 0; {
		var more []byte
		for _, m := range schemaRef.FindAllSubmatch(text, -1) {
			if n := string(m[1]); !added[n] {
				added[n] = true
				more = append(more, schemas[n]...)
			}
		}
		out.Write(more)
		text = more
	}
	return out.Bytes()
}
