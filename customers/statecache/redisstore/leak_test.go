package redisstore_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Nothing is left running when the tests have ended, but for what rueidis leaves
// after Close: a look at the cluster that it has put off, which ends by itself
// within a second.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*call).DelayDo.func1"))
}
