package customers_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write what the tests see to testdata")

// Nothing is left running when the tests have ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
