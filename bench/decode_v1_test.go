//go:build !(go1.27 && goexperiment.jsonv2)

package main

// unmarshalV2 is nil because this version of Go has no encoding/json/v2.
var unmarshalV2 func([]byte, any) error
