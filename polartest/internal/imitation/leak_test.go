package imitation

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing is left running when the tests have ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
