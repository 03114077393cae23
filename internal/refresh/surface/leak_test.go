package surface

import (
	"testing"

	"go.uber.org/goleak"
)

// The tests leave no goroutine running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
