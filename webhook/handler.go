package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// errInProgress makes the service retry, when the outcome is known.
var errInProgress = errors.New("webhook: the event is being handled by another request")

// Handler returns an http.Handler that verifies requests with the endpoint's
// secret and calls handle for each event once. A repeated event is acknowledged
// without a call. Calls run concurrently. The service waits ten seconds for a
// response: hand longer work to a queue.
//
// The response is 204 if handle returned nil, now or for an earlier delivery of
// the event. Any other status makes the service deliver the event again:
//
//	400  a header is missing or malformed, or the body could not be read
//	401  no signature matches, or the timestamp is outside the tolerance
//	405  the method is not POST
//	409  another request is handling the same event right now
//	413  the body is larger than the limit
//	422  the request is genuine, but the event is unreadable
//	500  handle returned an error
//	503  the deduplicator failed; see WithFailOpen
//
// The response has no body, and nothing is logged: give [WithErrorHandler] to learn
// of errors, those of handle included.
//
// Handler returns an error if handle or an option is nil or an option is
// invalid, and one that matches [ErrSecret] if the secret is unusable, for
// example because the variable that should hold it is empty.
func Handler(secret string, handle func(context.Context, Event) error, opts ...Option) (http.Handler, error) {
	c, err := newConfig(secret, opts)
	if err != nil {
		return nil, err
	}
	if handle == nil {
		return nil, errors.New("webhook: handle is nil; pass the function that handles events")
	}
	if c.dedup == nil {
		c.dedup = newMemory()
	}
	return &handler{config: c, handle: handle}, nil
}

type handler struct {
	*config
	handle func(context.Context, Event) error
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, err := h.serve(w, r)
	if err != nil {
		h.onError(r, err)
	}
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", http.MethodPost)
	}
	w.WriteHeader(status)
}

func (h *handler) serve(w http.ResponseWriter, r *http.Request) (int, error) {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, fmt.Errorf("webhook: method %s: events come by POST", r.Method)
	}
	// A Content-Encoding is ignored: the signature covers the bytes as sent, and
	// the service does not compress.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, fmt.Errorf("webhook: the body has more than %d bytes", h.maxBody)
	} else if err != nil {
		return http.StatusBadRequest, fmt.Errorf("webhook: read the body: %w", err)
	}
	event, err := h.parse(body, r.Header)
	switch {
	case errors.Is(err, ErrPayload):
		return http.StatusUnprocessableEntity, err
	case errors.Is(err, ErrHeader):
		return http.StatusBadRequest, err
	case err != nil:
		return http.StatusUnauthorized, err
	}
	return h.once(r.Context(), event)
}

// once handles the event unless it has been handled.
func (h *handler) once(ctx context.Context, event Event) (status int, err error) {
	claim, err := h.claim(ctx, event.ID)
	switch {
	case err != nil && !h.failOpen:
		return http.StatusServiceUnavailable, err
	case err != nil:
		// There is no claim to settle: it may belong to another request.
		status, handleErr := h.call(ctx, event)
		return status, errors.Join(err, handleErr)
	case claim == Handled:
		return http.StatusNoContent, nil
	case claim == InProgress:
		return http.StatusConflict, errInProgress
	}
	handled := false
	// Deferred, so that a panic of handle releases the claim.
	defer func() {
		if settleErr := h.settle(ctx, event.ID, handled); settleErr != nil {
			err = errors.Join(err, settleErr)
		}
	}()
	status, err = h.call(ctx, event)
	handled = err == nil
	return status, err
}

func (h *handler) call(ctx context.Context, event Event) (int, error) {
	if err := h.handle(ctx, event); err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusNoContent, nil
}

func (h *handler) claim(ctx context.Context, id string) (Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, deduplicatorTimeout)
	defer cancel()
	claim, err := h.dedup.Claim(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("webhook: claim the event: %w", err)
	}
	return claim, nil
}

// settle works after the request has ended, too: the outcome still counts.
func (h *handler) settle(ctx context.Context, id string, handled bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deduplicatorTimeout)
	defer cancel()
	if err := h.dedup.Settle(ctx, id, handled); err != nil {
		return fmt.Errorf("webhook: settle the event: %w", err)
	}
	return nil
}
