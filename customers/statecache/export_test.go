package statecache

import "time"

// SetWallClock makes the cache's wall clock show something else. Call it before
// the cache is used.
func (c *Cache) SetWallClock(wall func(time.Time) time.Time) { c.clock.wall = wall }

// ServiceWide makes the classification of failures visible to tests.
var ServiceWide = serviceWide

// Recents returns how many entries are kept because they are recent.
func Recents(c *Cache) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recents.order.Len()
}
