package usage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polarexpress/polar-go/internal/await"
	"github.com/polarexpress/polar-go/polar"
)

// run sends batches until the recorder is closed and its queue empty.
func (r *Recorder) run(ctx context.Context) {
	defer close(r.done)
	defer r.cancel()
	for {
		batch, wait, ok := r.take()
		if !ok {
			return
		}
		if batch == nil {
			await.Signal(ctx, wait, r.wake)
			continue
		}
		r.send(ctx, batch)
	}
}

// send sends a batch, and its parts, until each event is settled.
func (r *Recorder) send(ctx context.Context, batch []*entry) {
	parts := [][]*entry{batch}
	for failures := 0; len(parts) > 0; {
		part := parts[0]
		parts = parts[1:]
		if len(part) == 0 {
			continue
		}
		result, err := r.client.ingest(ctx, eventsOf(part), nil)
		r.update(func(s *Stats) {
			if s.LastError = err; err == nil {
				s.Sent, s.Duplicates = s.Sent+len(part), s.Duplicates+polar.Value(result.Duplicates)
			}
		})
		if err == nil {
			failures = 0
			continue
		}
		if ctx.Err() != nil {
			r.cut = true
			r.drop(slices.Concat(append([][]*entry{part}, parts...)...), fmt.Errorf("%w: %w", ErrClosed, err))
			return
		}
		rest, again := r.sort(part, err)
		parts = append(rest, parts...)
		if again {
			failures++
			await.Signal(ctx, delay(failures, err), nil)
		}
	}
}

// sort drops the events of a part that can never be sent, and returns the others.
// again is whether the same request may succeed later, and not before.
func (r *Recorder) sort(part []*entry, err error) (rest [][]*entry, again bool) {
	var e *polar.Error
	errors.As(err, &e) // which every error of a call is
	refused := errors.Is(err, polar.ErrValidation) || errors.Is(err, polar.ErrInvalidArgument)
	good, bad := sift(part, e.Fields)
	half := len(part) / 2
	switch {
	case refused && len(good)+len(bad) > 0:
		r.drop(bad, err)
		return [][]*entry{good}, false
	case refused && half == 0:
		r.drop(part, err)
		return nil, false
	case refused: // no event by name, so look for it in the halves
		return [][]*entry{part[:half], part[half:]}, false
	case e.StatusCode == http.StatusInternalServerError: // more than the service can take at once, perhaps
		rest = [][]*entry{part[:half], part[half:]}
	default:
		rest = [][]*entry{part}
	}
	for i, part := range rest {
		rest[i] = r.expire(part, err)
	}
	return rest, true
}

// sift tells the events that the service names as wrong from the others. An event
// whose only mistake is a timestamp that the recorder has set, on a machine with a
// fast clock, is good without it. Both are empty if no event is named.
func sift(part []*entry, fields []polar.FieldError) (good, bad []*entry) {
	wrong := map[int]bool{} // false for a timestamp alone
	for _, f := range fields {
		rest, ok := strings.CutPrefix(f.Path, "events.")
		index, field, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(index)
		switch {
		case !ok || err != nil || i < 0 || i >= len(part):
		case f.Type == "missing" && strings.HasSuffix(field, "customer_id"): // of the form of event that it does not have
		default:
			wrong[i] = wrong[i] || field != "timestamp" || !part[i].timed
		}
	}
	if len(wrong) == 0 {
		return nil, nil
	}
	for i, e := range part {
		isWrong, named := wrong[i]
		switch {
		case isWrong:
			bad = append(bad, e)
		case named:
			e.event.Timestamp, e.timed = nil, false
			fallthrough
		default:
			good = append(good, e)
		}
	}
	return good, bad
}

// expire drops the events that are too old to be sent again, and returns the
// others. They are in the order in which they were recorded, apart from moments.
func (r *Recorder) expire(part []*entry, err error) []*entry {
	n := 0
	for n < len(part) && time.Since(part[n].recorded) >= r.options.RetryFor {
		n++
	}
	r.drop(part[:n], err)
	return part[n:]
}

func eventsOf(part []*entry) []Event {
	events := make([]Event, len(part))
	for i, e := range part {
		events[i] = e.event
	}
	return events
}

func (r *Recorder) drop(part []*entry, err error) {
	if len(part) > 0 && r.options.OnDrop != nil {
		r.options.OnDrop(eventsOf(part), err)
	}
	r.update(func(s *Stats) { s.Dropped += len(part) })
}

// delay is how long to wait after a number of failures in a row: what the service
// asks for, or about 0.5, 1, 2, 4 … 30 seconds.
func delay(failures int, err error) time.Duration {
	var e *polar.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter
	}
	d := min(500*time.Millisecond<<min(failures-1, 10), 30*time.Second)
	return d/2 + rand.N(d/2+1)
}
