package usage

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/polarexpress/polar-go/internal/check"
	"github.com/polarexpress/polar-go/polar"
)

// Why an event is not recorded, or dropped, for [errors.Is].
var (
	// ErrQueueFull: the recorder holds as many events as it may.
	ErrQueueFull = errors.New("usage: the recorder's queue is full")
	// ErrClosed: the recorder is closed, or was closed before the event was sent.
	ErrClosed = errors.New("usage: the recorder is closed")
)

// RecorderOptions configures a [Recorder]. A zero field means the default.
type RecorderOptions struct {
	// BatchSize is how many events are sent at once, at most 1,000, which is the
	// default, and at most QueueSize. If more than four meters match an event, choose
	// fewer.
	BatchSize int
	// BatchWait is how long an event waits for others. The default is a second.
	BatchWait time.Duration
	// QueueSize is how many events wait to be sent, besides those that are being sent.
	// The default is 50,000, for which the recorder takes some 30 MB.
	QueueSize int
	// MaxBlock is how long Record waits for room in a full queue. By default it does
	// not wait.
	MaxBlock time.Duration
	// RetryFor is how long an event is tried. The default is an hour. It holds for a
	// token that the service refuses, too: watch Stats.LastError, or give the client a
	// logger.
	RetryFor time.Duration
	// OnDrop is called with events that were recorded and could not be sent, and the
	// reason. Without it, only Stats.Dropped tells that events are lost. If err matches
	// [polar.ErrOutcomeUnknown], the service may have counted them. OnDrop is called in
	// the recorder's goroutine, must not keep or change events, and must not call
	// methods of the recorder.
	OnDrop func(events []Event, err error)
}

// Stats is what a recorder has done.
type Stats struct {
	// Recorded events are those that Record has taken.
	Recorded int
	// Sent events are those that the service has confirmed.
	Sent int
	// Duplicates are sent events that the service had already, because a response was
	// lost or the program has used their ExternalID before.
	Duplicates int
	// Dropped events are those that could not be sent, for which OnDrop was called.
	Dropped int
	// Refused events are those for which Record returned ErrQueueFull.
	Refused int
	// Queued events wait to be sent or are being sent.
	Queued int
	// LastError is why the last request failed, or nil if it did not.
	LastError error
}

// Recorder collects events and sends them in the background, one batch after the
// other, in the order in which they were recorded. It is safe for concurrent use.
//
// It holds events in memory. A program that is killed loses those that wait: those
// of the last BatchWait and of the batch on its way, and during a failure of the
// service or a rate limit up to QueueSize and BatchSize. Close the recorder when
// the program ends.
//
// Each event gets an ExternalID, unless it has one, and the time at which it was
// recorded as its Timestamp, unless it has one. A failed request is sent again,
// after growing delays or when the rate limit allows it, until it succeeds or its
// events are older than RetryFor. Events that the service refuses are dropped, and
// the rest of their batch is sent without them. So each recorded event is counted
// once, or OnDrop is called with it.
type Recorder struct {
	client  *Client
	options RecorderOptions
	cancel  context.CancelFunc // ends the sending
	done    chan struct{}      // closed when the goroutine has ended
	cut     bool               // whether events were left when it ended; read after done

	wake chan struct{} // has an element when the goroutine has something to look at

	mu      sync.Mutex
	queue   []*entry
	stats   Stats
	flushTo int           // how many events, of all recorded, are to be sent without waiting for others
	changed chan struct{} // closed, and replaced, when events leave the queue or are settled
	closed  bool
}

// entry is an event on its way.
type entry struct {
	event    Event
	recorded time.Time
	timed    bool // whether the recorder has set the timestamp
}

// NewRecorder returns a recorder that sends events through client, and starts its
// goroutine, which [Recorder.Close] ends. The error is [polar.ErrInvalidArgument].
func NewRecorder(client *polar.Client, o RecorderOptions) (*Recorder, error) {
	var args check.Arguments
	o.QueueSize = cmp.Or(o.QueueSize, 50_000)
	most := min(max(o.QueueSize, 1), maxBatch)
	o.BatchSize = cmp.Or(o.BatchSize, most)
	o.BatchWait = cmp.Or(o.BatchWait, time.Second)
	o.RetryFor = cmp.Or(o.RetryFor, time.Hour)
	if client == nil {
		args.Refuse("client", "is nil: make one with polar.New")
	}
	args.Int("BatchSize", &o.BatchSize, 1, most)
	check.NotNegative(&args, "QueueSize", o.QueueSize)
	check.NotNegative(&args, "BatchWait", o.BatchWait)
	check.NotNegative(&args, "MaxBlock", o.MaxBlock)
	check.NotNegative(&args, "RetryFor", o.RetryFor)
	if err := args.Err("events:ingest"); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &Recorder{
		client: New(client), options: o, cancel: cancel,
		done: make(chan struct{}), wake: make(chan struct{}, 1), changed: make(chan struct{}),
	}
	go r.run(ctx)
	return r, nil
}

// Record queues an event. It does not wait for the network, and for room in the
// queue no longer than MaxBlock. The metadata must not change until the event is
// sent.
//
// It returns [polar.ErrInvalidArgument] for an event that the service would refuse
// or never bill, [ErrQueueFull] and [ErrClosed]. Such an event is not recorded.
func (r *Recorder) Record(event Event) error {
	var args check.Arguments
	checkEvent(&args, &event)
	if err := args.Err("events:ingest"); err != nil {
		return err
	}
	e := &entry{event: event, recorded: time.Now()}
	identify(&e.event)
	if event.Timestamp == nil {
		at := e.recorded.UTC()
		e.event.Timestamp, e.timed = &at, true
	}
	changed, err := r.add(e)
	if errors.Is(err, ErrQueueFull) && r.options.MaxBlock > 0 {
		timeout := time.NewTimer(r.options.MaxBlock)
		defer timeout.Stop()
		for waiting := true; waiting && errors.Is(err, ErrQueueFull); changed, err = r.add(e) {
			select {
			case <-changed:
			case <-timeout.C:
				waiting = false
			}
		}
	}
	if errors.Is(err, ErrQueueFull) {
		r.update(func(s *Stats) { s.Refused++ })
	}
	return err
}

// add queues an event if there is room. Otherwise there may be when changed is
// closed.
func (r *Recorder) add(e *entry) (changed <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return nil, ErrClosed
	case len(r.queue) >= r.options.QueueSize:
		return r.changed, ErrQueueFull
	}
	r.queue = append(r.queue, e)
	r.stats.Recorded++
	if n := len(r.queue); n == 1 || n == r.options.BatchSize {
		r.nudge()
	}
	return nil, nil
}

// nudge lets the goroutine look at the queue.
func (r *Recorder) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Flush sends all events that were recorded before the call, without waiting for
// others, and returns when each is confirmed by the service or dropped. If ctx ends
// first it returns the context's error, and the events are still sent.
func (r *Recorder) Flush(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	target := r.stats.Recorded
	r.flushTo = max(r.flushTo, target)
	r.nudge()
	for r.stats.Sent+r.stats.Dropped < target {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		r.mu.Lock()
	}
	return nil
}

// Close sends the events that wait and ends the recorder. Record returns ErrClosed
// from then on, so stop what records events first, such as an HTTP server.
//
// If ctx ends while events are left, they are dropped, OnDrop is called with them,
// and Close returns the context's error. Do not pass a context that has already
// ended, such as the one that tells the program to stop: give Close a timeout of its
// own. Close waits for the recorder's goroutine in any case. Further calls do the
// same.
func (r *Recorder) Close(ctx context.Context) error {
	r.update(func(*Stats) { r.closed = true })
	r.nudge()
	stop := context.AfterFunc(ctx, r.cancel)
	defer stop()
	<-r.done
	if r.cut {
		return ctx.Err()
	}
	return nil
}

// Stats returns what the recorder has done so far.
func (r *Recorder) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Queued = s.Recorded - s.Sent - s.Dropped
	return s
}

// take returns the next batch, nil if it is not due, and then how long to wait for
// it. ok is false when there will be no other.
func (r *Recorder) take() (batch []*entry, wait time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(r.queue), r.options.BatchSize)
	if n == 0 {
		return nil, time.Hour, !r.closed
	}
	wait = r.options.BatchWait - time.Since(r.queue[0].recorded)
	flushing := r.flushTo > r.stats.Sent+r.stats.Dropped
	if n < r.options.BatchSize && !r.closed && !flushing && wait > 0 {
		return nil, wait, true
	}
	batch = slices.Clone(r.queue[:n])
	r.queue = slices.Delete(r.queue, 0, n)
	r.broadcast()
	return batch, 0, true
}

// update changes the statistics, and tells those who wait.
func (r *Recorder) update(change func(*Stats)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.stats)
	r.broadcast()
}

// broadcast tells those who wait that something has changed. r.mu is held.
func (r *Recorder) broadcast() {
	close(r.changed)
	r.changed = make(chan struct{})
}
