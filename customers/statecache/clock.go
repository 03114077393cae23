package statecache

import "time"

// longest bounds every duration, so that sums of them and readings of the
// clock do not overflow.
const longest = 50 * 365 * 24 * time.Hour

// clock measures ages by the monotonic clock. The wall clock only dates
// loaded states, which is how they are ordered with events.
type clock struct {
	start time.Time
	// wall returns the wall clock's reading at a time. Tests replace it.
	wall func(time.Time) time.Time
}

func newClock() clock {
	return clock{start: time.Now(), wall: func(t time.Time) time.Time { return t.Round(0) }}
}

// now reads the monotonic clock alone, which takes half as long as [time.Now].
func (c *clock) now() int64 { return int64(time.Since(c.start)) }

// moment is one reading of both clocks.
type moment struct {
	mono int64
	// latest is the latest that the service's clock can show. It can also show
	// up to uncertainty less, if the wall clock was set since the start.
	latest      time.Time
	uncertainty time.Duration
}

// moment reads both clocks. After the wall clock was set, nobody here knows
// whether it was right before or is right now.
func (c *clock) moment() moment {
	t := time.Now()
	elapsed := t.Sub(c.start)
	wall, steady := c.wall(t), c.start.Round(0).Add(elapsed)
	m := moment{mono: int64(elapsed), latest: wall, uncertainty: wall.Sub(steady).Abs()}
	if m.uncertainty < time.Millisecond {
		m.uncertainty = 0 // the two are not read at the same time
	} else if steady.After(wall) {
		m.latest = steady
	}
	return m
}

// age returns how long ago t was, by the clock that is more likely right: the
// earlier one if t is within the margin of it, or else the later one.
func (m moment) age(t time.Time, margin time.Duration) time.Duration {
	age := m.latest.Sub(t)
	if earlier := age - m.uncertainty; earlier.Abs() <= margin {
		age = earlier
	}
	return min(max(age, 0), longest)
}
