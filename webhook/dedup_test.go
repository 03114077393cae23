package webhook

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		claim := func(id string) Claim {
			t.Helper()
			c, err := m.Claim(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		settle := func(id string, handled bool) {
			t.Helper()
			if err := m.Settle(t.Context(), id, handled); err != nil {
				t.Fatal(err)
			}
		}
		if got := []Claim{claim("a"), claim("a")}; got[0] != Claimed || got[1] != InProgress {
			t.Errorf("claims %v", got)
		}
		settle("a", true)
		time.Sleep(memoryAge)
		if got := claim("a"); got != Handled {
			t.Errorf("within the age: %v", got)
		}
		time.Sleep(time.Nanosecond)
		if got := claim("a"); got != Claimed {
			t.Errorf("after the age: %v", got)
		}
		settle("a", false)
		if got := claim("a"); got != Claimed {
			t.Errorf("after a failure: %v", got)
		}
		for i := range 2 * memorySize {
			id := fmt.Sprint(i)
			claim(id)
			settle(id, true)
		}
		if got := claim("0"); got != Claimed {
			t.Errorf("beyond the size: %v", got)
		}
		if got := claim(fmt.Sprint(memorySize + 1)); got != Handled {
			t.Errorf("within the size: %v", got)
		}
		if len(m.claims) > memorySize+3 || len(m.done) > 3*memorySize {
			t.Errorf("%d claims, %d done", len(m.claims), len(m.done))
		}
		if got := claim("a"); got != InProgress {
			t.Errorf("a claim that was not settled was forgotten: %v", got)
		}
	})
}
