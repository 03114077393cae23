package main

import (
	"fmt"
	"strings"
	"sync"
)

// users takes the place of the application's table of users, which has a unique
// index on the email address.
type users struct {
	mu  sync.Mutex
	ids map[string]string // by address
}

func newUsers() *users { return &users{ids: map[string]string{}} }

// add returns the ID of the user with this address, and adds the user if needed.
// The same address always gets the same ID, which makes a sign-up idempotent.
func (u *users) add(email string) (id string) {
	email = strings.ToLower(strings.TrimSpace(email))
	u.mu.Lock()
	defer u.mu.Unlock()
	if id, ok := u.ids[email]; ok {
		return id
	}
	id = fmt.Sprintf("user_%d", len(u.ids)+1)
	u.ids[email] = id
	return id
}
