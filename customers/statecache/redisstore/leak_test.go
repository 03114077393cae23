package redisstore_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails if the tests leave goroutines running. It ignores one that
// rueidis can leave after Close and that ends by itself within a second.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*call).DelayDo.func1"))
}
