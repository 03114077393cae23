// Command bench measures this module against other ways to read customers: a
// client written by hand, what a generator makes of the contract as it stands,
// and Polar's own TypeScript SDK if node is there. Every run is a process of its
// own, the sides take turns, and what counts is the median of the ratios.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
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
	"time"
)

func main() {
	serve := flag.Bool("serve", false, "be the service")
	child := flag.String("child", "", "be the side and work `side,work,url`")
	rounds := flag.Int("rounds", 9, "how often each side does each work")
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

// result is what a process cost from its start to its end.
type result struct {
	Wall, CPU float64 // milliseconds
	Allocs    float64
	Peak      float64 // MiB of memory in RAM, at most
	Sum       string  // what it read
}

func (r result) measure(name string) float64 {
	switch name {
	case "wall":
		return r.Wall
	case "cpu":
		return r.CPU
	case "allocs":
		return r.Allocs
	}
	return r.Peak
}

// beChild prints what only the process itself knows.
func beChild(arg string) error {
	part := strings.SplitN(arg, ",", 3)
	w := works[slices.IndexFunc(works, func(w work) bool { return w.name == part[1] })]
	sum, err := w.run(context.Background(), sides[part[0]](part[2]+w.setup))
	if err != nil {
		return err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	high, err := peak()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result{Allocs: float64(m.Mallocs), Peak: high, Sum: sum})
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
	for _, w := range works {
		if !selected.MatchString(w.name) {
			continue
		}
		names := slices.DeleteFunc(slices.Clone(w.sides), func(name string) bool {
			return sides[name] == nil && !(name == "ts" && withTS)
		})
		rounds := rounds
		if w.setup == "" && w.ops <= totalCustomers {
			rounds *= 3 // over in a moment, so that noise tells more
		}
		results := map[string][]result{}
		for round := range rounds {
			for i := range names {
				name := names[(i+round)%len(names)] // take turns at being first
				r, err := runChild(self, name, w, url)
				if err != nil {
					return fmt.Errorf("%s on %s: %w", w.name, name, err)
				}
				results[name] = append(results[name], r)
			}
		}
		fmt.Printf("\n%s, medians of %d rounds\n%-8s %10s %10s %12s %10s\n", w.name, rounds, "", "wall ms", "CPU ms", "allocs", "peak MiB")
		for _, name := range names {
			rs := results[name]
			m := result{Sum: rs[0].Sum, Wall: median(rs, "wall"), CPU: median(rs, "cpu"), Allocs: median(rs, "allocs"), Peak: median(rs, "peak")}
			if m.Sum != results[names[0]][0].Sum {
				return fmt.Errorf("%s: %s read %s and %s read %s", w.name, name, m.Sum, names[0], results[names[0]][0].Sum)
			}
			medians[w.name+"/"+name] = m
			fmt.Printf("%-8s %10.1f %10.1f %12.0f %10.1f\n", name, m.Wall, m.CPU, m.Allocs, m.Peak)
		}
		for _, l := range w.limits {
			if l.side == "" {
				broken += verdict(fmt.Sprintf("ours %s in MiB", l.measure), medians[w.name+"/ours"].measure(l.measure), l.ratio)
			} else if results[l.side] != nil {
				broken += verdict(fmt.Sprintf("ours / %s in %s", l.side, l.measure), ratio(results["ours"], results[l.side], l.measure), l.ratio)
			}
		}
	}
	if one, ok := medians["list-50ms/ours"]; ok {
		if eight, ok := medians["list-50ms-8/ours"]; ok {
			fmt.Println("\nacross works")
			broken += verdict("8 pages ahead / one at a time, wall", eight.Wall/one.Wall, 1/6.5)
		}
	}
	for _, kind := range []string{"export", "rows"} {
		if small, ok := medians[kind+"/ours"]; ok {
			if big, ok := medians[kind+"-5m/ours"]; ok {
				broken += verdict(kind+" of 5 million rows / of 1 million, peak", big.Peak/small.Peak, 1.10)
			}
		}
	}
	if broken > 0 {
		return fmt.Errorf("%d ratios are above their limits", broken)
	}
	return nil
}

func runChild(self, name string, w work, url string) (r result, err error) {
	cmd := exec.Command(self, "-child", name+","+w.name+","+url)
	if name == "ts" {
		cmd = exec.Command("node", filepath.Join("ts", "child.mjs"), w.name, url+w.setup)
	}
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return r, err
	}
	wall := time.Since(start)
	err = json.Unmarshal(out, &r)
	r.Wall = ms(wall)
	r.CPU = ms(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime())
	return r, err
}

// verdict prints a ratio beside its limit, and returns 1 if it is above.
func verdict(what string, got, limit float64) int {
	word, n := "ok", 0
	if !(got <= limit) { // NaN is no success
		word, n = "ABOVE", 1
	}
	fmt.Printf("  %-42s %8.3f  limit %6.3f  %s\n", what, got, limit, word)
	return n
}

func median(rs []result, measure string) float64 {
	values := make([]float64, len(rs))
	for i, r := range rs {
		values[i] = r.measure(measure)
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
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
