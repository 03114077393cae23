package main

import (
	"testing"

	"go.uber.org/goleak"
)

// No goroutine is left running when the tests end.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
