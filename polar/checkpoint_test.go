package polar

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// until reads on from c, stores it inside the loop as a program does, and crashes
// while item number n is in progress. It returns the IDs read and what was stored.
func until(t *testing.T, client *Client, limit, n int, stored string, opts ...ListOption) (ids []string, _ string, crashed bool) {
	t.Helper()
	var c Checkpoint
	if err := json.Unmarshal([]byte(stored), &c); err != nil {
		t.Fatal(err)
	}
	for item, err := range things(client, limit).All(t.Context(), append(opts, WithCheckpoint(&c))...) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		stored = string(b)
		ids = append(ids, item.ID)
		if len(ids) == n {
			return ids, stored, true
		}
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return ids, string(b), false
}

// After a crash, wherever it happens, each item comes once, and the one that was
// in progress comes again.
func TestCheckpoint(t *testing.T) {
	for _, opts := range [][]ListOption{nil, {WithConcurrency(3)}} {
		s := newShelf(23)
		s.delay = func(page int) time.Duration { return time.Duration(page%3) * time.Millisecond }
		for n := 1; n <= len(s.ids)+1; n++ {
			synctest.Test(t, func(t *testing.T) {
				c := s.client(t)
				first, stored, crashed := until(t, c, 5, n, "{}", opts...)
				if crashed {
					first = first[:n-1] // the last one was in progress
				}
				second, end, _ := until(t, c, 5, -1, stored, opts...)
				if !slices.Equal(append(slices.Clone(first), second...), s.ids) {
					t.Errorf("crash at %d: read %d and then %d items, want %d in all", n, len(first), len(second), len(s.ids))
				}
				// At the end there is nothing more, until there is.
				third, _, _ := until(t, c, 5, -1, end, opts...)
				if len(third) != 0 {
					t.Errorf("crash at %d: %d items after the end", n, len(third))
				}
				s.ids = append(s.ids, shelfID(100))
				fourth, _, _ := until(t, c, 5, -1, end, opts...)
				s.ids = s.ids[:len(s.ids)-1]
				if !slices.Equal(fourth, []string{shelfID(100)}) {
					t.Errorf("crash at %d: %q after another was added", n, fourth)
				}
			})
		}
	}
}

// Many crashes are as harmless as one.
func TestCheckpointManyCrashes(t *testing.T) {
	s := newShelf(37)
	stored := "{}"
	var got []string
	for range 100 {
		ids, next, crashed := until(t, s.client(t), 4, 3, stored)
		stored = next
		if !crashed {
			got = append(got, ids...)
			break
		}
		got = append(got, ids[:2]...)
	}
	if !slices.Equal(got, s.ids) {
		t.Errorf("read %d items, want %d", len(got), len(s.ids))
	}
}

// Earlier items may be deleted meanwhile, up to a page of them and the item at the
// checkpoint too: none of the others is lost.
func TestCheckpointDeletions(t *testing.T) {
	const limit = 5
	random := rand.New(rand.NewPCG(1, 2))
	for n := 2; n <= 23; n++ { // the item in progress
		for deleted := 0; deleted <= limit; deleted++ {
			for range 3 {
				s := newShelf(23)
				_, stored, _ := until(t, s.client(t), limit, n, "{}")
				rest := slices.Clone(s.ids[n-1:])
				for range min(deleted, n-1) { // among those before
					i := random.IntN(n - 1 - (23 - len(s.ids)))
					s.ids = slices.Delete(s.ids, i, i+1)
				}
				got, _, _ := until(t, s.client(t), limit, -1, stored)
				for _, id := range rest {
					if !slices.Contains(got, id) {
						t.Fatalf("crash at item %d, %d deleted: %s is lost", n, deleted, id)
					}
				}
				if repeated := len(got) - len(rest); repeated > 2*limit {
					t.Fatalf("crash at item %d, %d deleted: %d items came again", n, deleted, repeated)
				}
			}
		}
	}
}

// The item at the checkpoint is found on the page before. Only if it is deleted
// does a page come again.
func TestCheckpointPlace(t *testing.T) {
	for _, tc := range []struct {
		name   string
		delete []int
		asked  []int
		from   int // index in the list of what is read
	}{
		{"nothing deleted", nil, []int{3, 4, 5}, 12},
		{"one before", []int{0}, []int{3, 4, 5}, 12},
		{"three before", []int{0, 1, 2}, []int{3, 2, 3, 4}, 12},
		{"the item itself", []int{11}, []int{3, 2, 3, 4, 5}, 5},
		{"a page before", []int{0, 1, 2, 3, 4}, []int{3, 2, 3, 4}, 12},
	} {
		s := newShelf(23)
		_, stored, _ := until(t, s.client(t), 5, 13, "{}") // items 0 to 11 are done
		if want := fmt.Sprintf(`{"page":3,"after":%q}`, shelfID(11)); stored != want {
			t.Fatalf("stored %s, want %s", stored, want)
		}
		want := slices.Clone(s.ids[tc.from:])
		if tc.name == "the item itself" {
			want = slices.DeleteFunc(want, func(id string) bool { return id == shelfID(11) })
		}
		for i, at := range tc.delete {
			s.ids = slices.Delete(s.ids, at-i, at-i+1)
		}
		s.asked = nil
		got, _, _ := until(t, s.client(t), 5, -1, stored)
		if !slices.Equal(got, want) || !slices.Equal(s.asked, tc.asked) {
			t.Errorf("%s: read %d items of pages %v, want %d of %v", tc.name, len(got), s.asked, len(want), tc.asked)
		}
	}
	// If everything is gone, there is nothing left to read.
	s := newShelf(23)
	_, stored, _ := until(t, s.client(t), 5, 13, "{}")
	s.ids = nil
	if got, _, _ := until(t, s.client(t), 5, -1, stored); len(got) != 0 {
		t.Errorf("read %d items of an empty list", len(got))
	}
}

// A failure on the way to the place of a checkpoint is yielded, and leaves the
// checkpoint as it is.
func TestCheckpointFailure(t *testing.T) {
	for _, bad := range []int{2, 3} {
		s := newShelf(23)
		s.respond = nil
		c := &Checkpoint{Page: 3, After: "gone"}
		shelf := *c
		failing := play(reply{})
		failing.replies = []reply{coded(200, s.page(3, 5)), coded(404, notFoundBody)}
		if bad == 3 {
			failing.replies = failing.replies[1:]
		}
		n := 0
		for item, err := range things(failing.client(t), 5).All(t.Context(), WithCheckpoint(c)) {
			if n++; item != nil || !errors.Is(err, ErrNotFound) {
				t.Errorf("page %d: got %v, %v", bad, item, err)
			}
		}
		if n != 1 || *c != shelf {
			t.Errorf("page %d: %d results, checkpoint %+v", bad, n, c)
		}
	}
}

func TestCheckpointRefused(t *testing.T) {
	s := newShelf(3)
	for _, c := range []Checkpoint{{Page: -1}, {Page: -1, After: "x"}, {Page: 1}, {After: "x"}} {
		before := c
		_, err := read(t.Context(), s.client(t), 0, WithCheckpoint(&c))
		if !errors.Is(err, ErrInvalidArgument) || err.Error() != "customers: list: checkpoint: is damaged: Page and After belong together" || c != before {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if len(s.asked) != 0 {
		t.Errorf("asked for pages %v", s.asked)
	}
}
