package customers

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/polarexpress/polar-go/polar"
)

// StateResult is the state of one of many customers, or the error of getting it.
type StateResult struct {
	// ID is the ID that was asked for.
	ID string
	// State is the customer's state. It is nil if Err is not.
	State *State
	// Err is why there is no state, such as [polar.ErrNotFound].
	Err error
}

// States gets the states of the customers with Polar's IDs ids, up to concurrency
// at once, and yields one result for each ID, in order. A concurrency below 1 counts
// as 1. An error concerns its customer alone, and the loop continues. It ends early
// when ctx ends, after a result with the context's error.
//
// Each state is a request. Below the production limit of 500 requests a minute,
// 10,000 states take 20 minutes or more, in the sandbox 100. Give the client
// [polar.WithRateLimit] and [polar.BatchRetry], or results will be
// [polar.ErrRateLimited]. To follow states, use webhooks or package statecache.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) States(ctx context.Context, ids iter.Seq[string], concurrency int, opts ...polar.CallOption) iter.Seq[StateResult] {
	return states(ctx, ids, concurrency, func(ctx context.Context, id string) (*State, error) {
		return c.GetState(ctx, id, opts...)
	})
}

// StatesByExternalID gets the states of the customers with the external IDs
// externalIDs, as [Client.States] does.
//
// Scopes: customers:read or customers:write (any one is enough).
func (c *Client) StatesByExternalID(ctx context.Context, externalIDs iter.Seq[string], concurrency int, opts ...polar.CallOption) iter.Seq[StateResult] {
	return states(ctx, externalIDs, concurrency, func(ctx context.Context, id string) (*State, error) {
		return c.GetStateByExternalID(ctx, id, opts...)
	})
}

func states(ctx context.Context, ids iter.Seq[string], concurrency int, get func(context.Context, string) (*State, error)) iter.Seq[StateResult] {
	return func(yield func(StateResult) bool) {
		if ctx == nil || ids == nil {
			problem := polar.FieldError{Path: "ids", Message: "is nil"}
			if ctx == nil {
				problem.Path = "context"
			}
			yield(StateResult{Err: polar.InvalidArgument("customers:get_state", problem)})
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var inFlight sync.WaitGroup
		defer inFlight.Wait() // no goroutine is left when the loop ends
		defer cancel()
		var queue []chan StateResult
		deliver := func() bool {
			result := <-queue[0]
			queue = queue[1:]
			// A context that ends is the error of the last result.
			return yield(result) && (ctx.Err() == nil || !errors.Is(result.Err, ctx.Err()))
		}
		for id := range ids {
			result := make(chan StateResult, 1)
			queue = append(queue, result)
			inFlight.Go(func() {
				state, err := get(ctx, id)
				result <- StateResult{ID: id, State: state, Err: err}
			})
			if len(queue) >= max(concurrency, 1) && !deliver() {
				return
			}
		}
		for len(queue) > 0 && deliver() {
		}
	}
}
