package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// errInProgress makes the service try again, by when the outcome is known.
var errInProgress = errors.New("webhook: the same event is being handled at this moment")

// Handler returns an http.Handler that verifies each request with the secret
// of the endpoint, and calls handle with the event in it. Events are handled
// concurrently, and each but once: one that has been handled before is
// acknowledged without a call. The service waits ten seconds for the answer.
//
// It answers 204 only if handle returned nil, or did for this event before.
// Everything else makes the service deliver the event again later:
//
//	400  a header is missing or malformed
//	401  no signature matches, or the timestamp is outside the tolerance
//	405  the method is not POST
//	409  the same event is being handled at this moment
//	413  the body is larger than the limit
//	422  the request is genuine, but its event is unreadable
//	500  handle returned an error
//	503  the deduplicator could not be asked
//
// An endpoint whose last ten events all failed for good, about an hour after
// each, is disabled by the service.
//
// It returns an error that matches [ErrSecret] if the secret is unusable, as
// when the variable that should hold it is not set.
func Handler(secret string, handle func(context.Context, Event) error, opts ...Option) (http.Handler, error) {
	c, err := newConfig(secret, opts)
	if err != nil {
		return nil, err
	}
	if handle == nil {
		return nil, errors.New("webhook: there is no function to handle events")
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
		return http.StatusMethodNotAllowed, fmt.Errorf("webhook: events come by POST, not %s", r.Method)
	}
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

// once handles the event unless that has been done.
func (h *handler) once(ctx context.Context, event Event) (status int, err error) {
	claim, err := h.dedup.Claim(ctx, event.ID)
	switch {
	case err != nil:
		return http.StatusServiceUnavailable, fmt.Errorf("webhook: claim the event: %w", err)
	case claim == Handled:
		return http.StatusNoContent, nil
	case claim == InProgress:
		return http.StatusConflict, errInProgress
	}
	handled := false
	defer func() {
		// The request may be over; what became of the event still counts. A
		// panic of handle passes through here too.
		if e := h.dedup.Settle(context.WithoutCancel(ctx), event.ID, handled); e != nil {
			err = errors.Join(err, fmt.Errorf("webhook: settle the event: %w", e))
		}
	}()
	if err := h.handle(ctx, event); err != nil {
		return http.StatusInternalServerError, err
	}
	handled = true
	return http.StatusNoContent, nil
}
