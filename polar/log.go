package polar

import (
	"context"
	"log/slog"
	"time"
)

// WithLogger logs one line for each attempt: operation, route template, status,
// duration, number of the attempt, and the time waited before it. Failures are
// logged as warnings, everything else at debug level. No line holds an ID, an
// email address, a body or a secret. A nil logger logs nothing.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error {
		c.logger = l
		return nil
	}
}

func (c *Client) log(ctx context.Context, op *Operation, r *response, failure *Error, attempt int, waited time.Duration, start time.Time) {
	l := c.config.logger
	if l == nil {
		return
	}
	level := slog.LevelDebug
	if failure != nil {
		level = slog.LevelWarn
	}
	if !l.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs,
		slog.String("operation", op.ID), slog.String("method", op.Method), slog.String("route", op.Path),
		slog.Int("attempt", attempt), slog.Duration("duration", time.Since(start)), slog.Duration("wait", waited))
	if r != nil {
		attrs = append(attrs, slog.Int("status", r.status))
	}
	if failure != nil {
		attrs = append(attrs, slog.String("error", failure.Error()))
	}
	l.LogAttrs(ctx, level, "polar request", attrs...)
}
