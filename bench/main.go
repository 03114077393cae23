// Command bench measures this module against other ways to read customers: a
// client written by hand, what a generator makes of the contract as it is, and
// Polar's own TypeScript SDK if node is installed.
//
// Each side is a process of its own, and a new one in each round, because it can
// matter where the system places it. In a round the sides do the work several times,
// in turns, so that what else the machine does affects all of them. A value is the
// median of all times, and a ratio the median of their ratios. Peak memory is that
// after the first time, the least of the rounds.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	serve := flag.Bool("serve", false, "be the service")
	child := flag.String("child", "", "be the side and work `side,work,url`")
	rounds := flag.Int("rounds", 9, "how often to start the processes of each work")
	only := flag.String("only", "", "measure works whose names match `regexp`")
	withTS := flag.Bool("ts", false, "measure the TypeScript SDK too (needs npm ci in ts/)")
	flag.Parse()

	var err error
	switch {
	case *serve:
		err = beService()
	case *child != "":
		err = beChild(*child)
	default:
		err = compare(*rounds, *only, *withTS)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// beService prints its URL and serves until its standard input ends.
func beService() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	return http.Serve(l, newService())
}

// result is what it cost to do a work once.
type result struct {
	Wall, CPU float64 // milliseconds
	Allocs    float64
	Peak      float64 // MiB in RAM, at most, since the process started
	Sum       string  // what it read
}

func (r result) measure(name string) float64 {
	switch name {
	case "wall":
		return r.Wall
	case "cpu":
		return r.CPU
	}
	return r.Allocs
}

// beChild does a work once for each line of its standard input, and prints what
// only the process itself knows.
func beChild(arg string) error {
	part := strings.SplitN(arg, ",", 3)
	w := works[slices.IndexFunc(works, func(w work) bool { return w.name == part[1] })]
	s := sides[part[0]](part[2] + w.setup)
	input, output := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for input.Scan() {
		mallocs, cpu, err := used()
		if err != nil {
			return err
		}
		start := time.Now()
		sum, err := w.run(context.Background(), s)
		if err != nil {
			return err
		}
		r := result{Wall: ms(time.Since(start)), Sum: sum}
		mallocsAfter, cpuAfter, err := used()
		if err != nil {
			return err
		}
		r.Allocs, r.CPU = mallocsAfter-mallocs, cpuAfter-cpu
		if r.Peak, err = peak(); err != nil {
			return err
		}
		if err := output.Encode(r); err != nil {
			return err
		}
	}
	return input.Err()
}

// used returns how often this process has allocated, and its CPU time in
// milliseconds.
func used() (mallocs, cpu float64, err error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var u syscall.Rusage
	err = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(m.Mallocs), ms(time.Duration(u.Utime.Nano() + u.Stime.Nano())), err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// peak reads the high-water mark of this process alone: that of getrusage
// begins with the parent's.
func peak() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0, errors.New("/proc/self/status has no VmHWM")
	}
	kib, err := strconv.ParseFloat(string(m[1]), 64)
	return kib / 1024, err
}

// maxExtension is how many times as many rounds are run, at most, while a value is
// above its limit: on a busy machine it takes more of them to tell.
const maxExtension = 4

func compare(rounds int, only string, withTS bool) error {
	selected, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	service := exec.Command(self, "-serve")
	stdin, err := service.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := service.StdoutPipe()
	if err != nil {
		return err
	}
	if err := service.Start(); err != nil {
		return err
	}
	defer func() { _ = stdin.Close(); _ = service.Wait() }()
	var url string
	if _, err := fmt.Fscanln(stdout, &url); err != nil {
		return err
	}

	fmt.Printf("%s %s/%s, %d CPUs\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	broken := 0
	medians := map[string]result{}
	var bars []bar
	for _, w := range works {
		if !selected.MatchString(w.name) {
			continue
		}
		names := slices.DeleteFunc(slices.Clone(w.sides), func(name string) bool {
			return sides[name] == nil && !(name == "ts" && withTS)
		})
		measured := map[string]*side{}
		for _, name := range names {
			measured[name] = &side{name: name, peak: math.Inf(1)}
		}
		var verdicts []verdict
		for done := 0; done < maxExtension && (done == 0 || slices.ContainsFunc(verdicts, verdict.above)); done++ {
			for round := range w.rounds(rounds) {
				if err := w.round(self, url, names, round, measured); err != nil {
					return fmt.Errorf("%s: %w", w.name, err)
				}
			}
			verdicts = w.judge(measured)
		}
		fmt.Printf("\n%s, %d times\n%-8s %10s %10s %12s %10s\n", w.name, len(measured["ours"].results), "", "wall ms", "CPU ms", "allocs", "peak MiB")
		for _, name := range names {
			side := measured[name]
			m := result{Wall: median(side.results, "wall"), CPU: median(side.results, "cpu"), Allocs: median(side.results, "allocs"), Peak: side.peak}
			medians[w.name+"/"+name] = m
			fmt.Printf("%-8s %10.1f %10.1f %12.0f %10.1f\n", name, m.Wall, m.CPU, m.Allocs, m.Peak)
		}
		bars = append(bars, w.bars(measured)...)
		for _, v := range verdicts {
			broken += v.print()
		}
	}
	if one, ok := medians["list-50ms/ours"]; ok {
		if eight, ok := medians["list-50ms-8/ours"]; ok {
			fmt.Println("\nacross works")
			broken += verdict{"8 pages ahead / one at a time, wall", eight.Wall / one.Wall, 1 / 6.5}.print()
		}
	}
	for _, kind := range []string{"export", "rows"} {
		if small, ok := medians[kind+"/ours"]; ok {
			if big, ok := medians[kind+"-5m/ours"]; ok {
				broken += verdict{kind + " of 5 million rows / of 1 million, peak", big.Peak / small.Peak, 1.25}.print()
			}
		}
	}
	if only == "" {
		if err := os.WriteFile("chart.svg", chart(bars), 0o644); err != nil {
			return err
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d ratios are above their limits", broken)
	}
	return nil
}

// side is what was measured of a side.
type side struct {
	name    string
	results []result
	peak    float64
	sum     string
}

// round starts a process for each side, and lets them do the work in turns. The
// first time opens connections and, in node, compiles: it counts only if it is the
// only one.
func (w work) round(self, url string, names []string, round int, measured map[string]*side) error {
	children := make([]*child, len(names))
	defer func() {
		for _, c := range children {
			if c != nil {
				c.stop()
			}
		}
	}()
	for n := range w.times + 1 {
		for i := range names {
			i := (i + round + n) % len(names) // each is the first in its turn
			side := measured[names[i]]
			if children[i] == nil {
				var err error
				if children[i], err = startChild(self, side.name, w, url); err != nil {
					return err
				}
			}
			r, err := children[i].run()
			if err != nil {
				return fmt.Errorf("%s: %w", side.name, err)
			}
			if n == 0 {
				side.peak = min(side.peak, r.Peak)
			}
			if n > 0 || w.times == 0 {
				side.results = append(side.results, r)
			}
			side.sum = r.Sum
			if first := measured[names[0]]; first.sum != "" && side.sum != first.sum {
				return fmt.Errorf("%s read %s, and %s read %s", side.name, side.sum, first.name, first.sum)
			}
		}
	}
	return nil
}

// child is a process that does a work for a side.
type child struct {
	cmd    *exec.Cmd
	input  io.WriteCloser
	output *json.Decoder
}

func startChild(self, side string, w work, url string) (*child, error) {
	cmd := exec.Command(self, "-child", side+","+w.name+","+url)
	if side == "ts" {
		cmd = exec.Command("node", filepath.Join("ts", "child.mjs"), w.name, url+w.setup)
	}
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &child{cmd, input, json.NewDecoder(output)}, nil
}

// run lets the child do its work once.
func (c *child) run() (r result, err error) {
	if _, err := io.WriteString(c.input, "\n"); err != nil {
		return r, err
	}
	err = c.output.Decode(&r)
	return r, err
}

func (c *child) stop() {
	_ = c.input.Close()
	_ = c.cmd.Wait() // what went wrong was an error of run
}

// judge compares what the sides cost with the limits of a work.
func (w work) judge(measured map[string]*side) []verdict {
	ours := measured["ours"]
	var verdicts []verdict
	for _, l := range w.limits {
		if l.side == "" {
			verdicts = append(verdicts, verdict{"ours peak in MiB", ours.peak, l.ratio})
		} else if other := measured[l.side]; other != nil {
			verdicts = append(verdicts, verdict{fmt.Sprintf("ours / %s in %s", l.side, l.measure), ratio(ours.results, other.results, l.measure), l.ratio})
		}
	}
	return verdicts
}

// verdict is a value beside its limit.
type verdict struct {
	what       string
	got, limit float64
}

func (v verdict) above() bool { return !(v.got <= v.limit) } // NaN is no success

// print returns 1 if the value is above its limit.
func (v verdict) print() int {
	word, n := "ok", 0
	if v.above() {
		word, n = "ABOVE", 1
	}
	fmt.Printf("  %-42s %8.3f  limit %6.3f  %s\n", v.what, v.got, v.limit, word)
	return n
}

func median(runs []result, measure string) float64 {
	values := make([]float64, len(runs))
	for i := range runs {
		values[i] = runs[i].measure(measure)
	}
	return middle(values)
}

// ratio is the median of the ratios of the rounds.
func ratio(ours, theirs []result, measure string) float64 {
	values := make([]float64, len(ours))
	for i := range ours {
		values[i] = ours[i].measure(measure) / theirs[i].measure(measure)
	}
	return middle(values)
}

func middle(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
