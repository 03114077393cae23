package redisstore_test

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"

	"github.com/polarexpress/polar-go/customers/statecache/redisstore"
)

// server is a Redis server for one test.
type server struct {
	t    testing.TB
	addr string
	cmd  *exec.Cmd
}

// startServer starts a server on a free port of the loopback interface. It
// skips the test where there is no redis-server.
func startServer(t testing.TB) *server {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("there is no redis-server on the PATH; apt-get install redis-server to run this test")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, addr: listener.Addr().String()}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s.start(binary)
	t.Cleanup(s.stop)
	return s
}

func (s *server) start(binary string) {
	s.t.Helper()
	_, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd = exec.Command(binary, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir())
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.eventually("the server to listen", func() bool {
		conn, err := net.DialTimeout("tcp", s.addr, time.Second)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

func (s *server) stop() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed
	s.cmd = nil
}

func (s *server) restart() {
	s.t.Helper()
	binary := s.cmd.Path
	s.stop()
	s.start(binary)
}

// eventually waits for other processes, which a simulated clock does not affect.
func (s *server) eventually(what string, f func() bool) {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !f() {
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("timed out waiting for %s", what)
		}
	}
}

func (s *server) store(opts ...redisstore.Option) *redisstore.Store {
	s.t.Helper()
	store, err := redisstore.New(rueidis.ClientOption{InitAddress: []string{s.addr}}, opts...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(store.Close)
	return store
}

// relay forwards connections to a server, and can pause them.
type relay struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	held     chan struct{} // not nil while paused
	conns    []net.Conn
}

func startRelay(t testing.TB, target string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: l, target: target}
	go r.accept()
	t.Cleanup(func() {
		_ = l.Close()
		r.release()
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, c := range r.conns {
			_ = c.Close()
		}
	})
	return r
}

func (r *relay) accept() {
	for {
		in, err := r.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", r.target)
		if err != nil {
			_ = in.Close()
			continue
		}
		r.mu.Lock()
		r.conns = append(r.conns, in, out)
		r.mu.Unlock()
		go r.pass(in, out)
		go r.pass(out, in)
	}
}

func (r *relay) pass(from, to net.Conn) {
	defer to.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		r.mu.Lock()
		held := r.held
		r.mu.Unlock()
		if held != nil {
			<-held
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (r *relay) hold() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = make(chan struct{})
}

func (r *relay) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held != nil {
		close(r.held)
		r.held = nil
	}
}

func TestStore(t *testing.T) {
	s := startServer(t)
	a, b, other := s.store(), s.store(), s.store(redisstore.WithPrefix("other:"))
	ctx := context.Background()

	changed := make(chan []string, 100)
	stop := b.Watch(func(keys []string) { changed <- keys })
	foreign := make(chan []string, 100)
	defer other.Watch(func(keys []string) { foreign <- keys })()

	expect := func(store *redisstore.Store, want string) {
		t.Helper()
		value, err := store.Get(ctx, "ext:ü 1")
		if err != nil || string(value) != want || want == "" && value != nil {
			t.Errorf("got %q, %v; want %q", value, err, want)
		}
	}
	swap := func(old, new string, want bool) {
		t.Helper()
		var was []byte
		if old != "" {
			was = []byte(old)
		}
		swapped, err := a.Swap(ctx, "ext:ü 1", was, []byte(new), time.Minute)
		if err != nil || swapped != want {
			t.Errorf("swap %q for %q: %v, %v", old, new, swapped, err)
		}
	}
	expect(a, "")
	swap("x", "one", false)
	expect(a, "")
	swap("", "one\x00\xff", true)
	swap("", "two", false)
	swap("one", "two", false)
	expect(b, "one\x00\xff")
	swap("one\x00\xff", "two", true)
	expect(b, "two")
	expect(other, "")
	for range 2 {
		if keys := <-changed; fmt.Sprint(keys) != "[ext:ü 1]" {
			t.Errorf("notified of %q", keys)
		}
	}
	stop()
	heard := make(chan struct{}, 100)
	defer b.Watch(func(keys []string) {
		if slices.Contains(keys, "after") {
			heard <- struct{}{}
		}
	})()
	if swapped, err := a.Swap(ctx, "after", nil, []byte("x"), time.Minute); err != nil || !swapped {
		t.Errorf("%v, %v", swapped, err)
	}
	<-heard
	for len(changed) > 0 { // every connection notifies
		if keys := <-changed; slices.Contains(keys, "after") {
			t.Errorf("notified of %q after stop", keys)
		}
	}
	if len(foreign) > 0 {
		t.Errorf("notified of another prefix: %q", <-foreign)
	}

	if swapped, err := a.Swap(ctx, "brief", nil, []byte("x"), time.Microsecond); err != nil || !swapped {
		t.Errorf("%v, %v", swapped, err)
	}
	s.eventually("the value to be dropped", func() bool {
		value, err := a.Get(ctx, "brief")
		return err == nil && value == nil
	})
}

func TestNewFails(t *testing.T) {
	if _, err := redisstore.New(rueidis.ClientOption{InitAddress: []string{"127.0.0.1:1"}}); err == nil {
		t.Error("connected to nothing")
	}
	for name, opt := range map[string]redisstore.Option{"an empty prefix": redisstore.WithPrefix(""), "a nil option": nil} {
		if _, err := redisstore.New(rueidis.ClientOption{}, opt); err == nil || !strings.HasPrefix(err.Error(), "redisstore: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
