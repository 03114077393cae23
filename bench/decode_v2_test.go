//go:build go1.27 && goexperiment.jsonv2

package main

import "encoding/json/v2"

func unmarshalV2(body []byte, out any) error { return json.Unmarshal(body, out) }
