package polar

import (
	"context"
	"log/slog"
	"time"
)

// logAttempt logs one line, without personal data.
func logAttempt(ctx context.Context, l *slog.Logger, op *Operation, r *response, failure *Error, attempt int, waited time.Duration, start time.Time) {
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
