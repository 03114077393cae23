package main

import (
	"context"
	"fmt"
	"io"
	"slices"
)

const token = "polar_oat_benchmark"

// client is what is measured. What a method returns shows that the
// response was decoded, and is the same on every side.
type client interface {
	Get(ctx context.Context, id string) (string, error)
	GetByExternalID(ctx context.Context, id string) (string, error)
	GetState(ctx context.Context, id string) (string, error)
	Create(ctx context.Context, email, externalID, name string) (string, error)
	List(ctx context.Context, width int, use func(id string)) error
	Export(ctx context.Context, w io.Writer) error
	ExportRows(ctx context.Context, use func(id string)) error
}

// sides are the clients, by name. One that is nil is not in this build, or, as
// ts, a program of its own.
var sides = map[string]func(base string) client{
	"hand":  func(base string) client { return newHand(base) },
	"naive": newGenerated,
	"ours":  func(base string) client { return newOurs(base) },
}

// work is something to measure.
type work struct {
	name  string
	setup string // of the service, in the base URL
	ops   int    // number of requests or rows; go test reports the time of one
	times int    // how often a round repeats it
	sides []string
	// limits of ours against a side.
	limits []limit
	run    func(context.Context, client) (string, error)
}

// limit is the greatest ratio that ours may have to a side in a measure, or the
// greatest peak of memory that it may have.
type limit struct {
	side, measure string
	ratio         float64
}

// rounds returns how many rounds of n a work needs. Memory differs less than time.
func (w work) rounds(n int) int {
	if w.times == 0 && !slices.ContainsFunc(w.limits, func(l limit) bool { return l.side != "" }) {
		return min(n, 3)
	}
	return n
}

func times(n int, call func(i int) (string, error)) (string, error) {
	length := 0
	for i := range n {
		s, err := call(i)
		if err != nil {
			return "", err
		}
		length += len(s)
	}
	return fmt.Sprint(length), nil
}

func counting(iterate func(use func(id string)) error) (string, error) {
	n, length := 0, 0
	err := iterate(func(id string) { n++; length += len(id) })
	return fmt.Sprintf("%d of %d", n, length), err
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// asHand are the limits of a single call against the hand-written client.
var asHand = []limit{{"hand", "cpu", 1.10}, {"hand", "wall", 1.10}, {"hand", "allocs", 1.20}}

// calls takes some 50 ms, in which the garbage collector runs once or twice.
const calls = 500

func list(width int) func(context.Context, client) (string, error) {
	return func(ctx context.Context, s client) (string, error) {
		return counting(func(use func(string)) error { return s.List(ctx, width, use) })
	}
}

func exportBytes(ctx context.Context, s client) (string, error) {
	var c counter
	err := s.Export(ctx, &c)
	return fmt.Sprint(c.n), err
}

func exportRows(ctx context.Context, s client) (string, error) {
	return counting(func(use func(string)) error { return s.ExportRows(ctx, use) })
}

var works = []work{
	{
		name: "get", ops: calls, times: 10, sides: []string{"hand", "naive", "ours"}, limits: asHand,
		run: func(ctx context.Context, s client) (string, error) {
			return times(calls, func(i int) (string, error) { return s.Get(ctx, uuid(1, i)) })
		},
	},
	{
		name: "get-external", ops: calls, times: 10, sides: []string{"hand", "naive", "ours", "ts"},
		limits: append([]limit{{"ts", "cpu", 0.45}}, asHand...),
		run: func(ctx context.Context, s client) (string, error) {
			return times(calls, func(i int) (string, error) { return s.GetByExternalID(ctx, fmt.Sprintf("user_%d", i)) })
		},
	},
	{
		name: "state", ops: calls, times: 10, sides: []string{"hand", "naive", "ours", "ts"}, limits: asHand,
		run: func(ctx context.Context, s client) (string, error) {
			return times(calls, func(i int) (string, error) { return s.GetState(ctx, uuid(1, i)) })
		},
	},
	{
		name: "create", ops: calls, times: 10, sides: []string{"hand", "naive", "ours"}, limits: asHand,
		run: func(ctx context.Context, s client) (string, error) {
			return times(calls, func(i int) (string, error) {
				return s.Create(ctx, "ada@example.com", fmt.Sprintf("user_%d", i), "Ada")
			})
		},
	},
	{
		name: "list", ops: totalCustomers, times: 5, sides: []string{"hand", "naive", "ours", "ts"},
		limits: append([]limit{{"naive", "cpu", 0.45}, {"ts", "cpu", 1.10}}, asHand...),
		run:    list(1),
	},
	{
		name: "list-50ms", setup: "/latency=50ms", ops: totalCustomers, sides: []string{"hand", "ours"},
		run: list(1),
	},
	{
		name: "list-50ms-8", setup: "/latency=50ms", ops: totalCustomers, sides: []string{"hand", "ours"},
		limits: []limit{{"", "peak", 24}},
		run:    list(8),
	},
	{
		name: "list-1m", setup: "/customers=1000000", ops: 1_000_000, sides: []string{"ours"},
		limits: []limit{{"", "peak", 96}},
		run:    list(1),
	},
	{
		name: "export", ops: 1_000_000, times: 10, sides: []string{"hand", "naive", "ours", "ts"},
		limits: []limit{{"hand", "wall", 1.10}, {"hand", "cpu", 1.10}, {"", "peak", 20}},
		run:    exportBytes,
	},
	{
		name: "export-5m", setup: "/rows=5000000", ops: 5_000_000, sides: []string{"ours"},
		limits: []limit{{"", "peak", 20}},
		run:    exportBytes,
	},
	{
		name: "rows", ops: 1_000_000, sides: []string{"hand", "naive", "ours"},
		limits: []limit{{"hand", "wall", 0.80}, {"hand", "cpu", 0.80}, {"", "peak", 20}},
		run:    exportRows,
	},
	{
		name: "rows-5m", setup: "/rows=5000000", ops: 5_000_000, sides: []string{"ours"},
		limits: []limit{{"", "peak", 20}},
		run:    exportRows,
	},
}
