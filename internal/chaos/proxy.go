// Package chaos puts a bad network between a client and a server. It has a proxy that
// breaks connections as a test demands, and a transport that retries on its own.
package chaos

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Fault is what happens to one exchange.
type Fault int

// The faults. Before means before the service receives the request, and After means
// after it has carried out the request.
const (
	None Fault = iota
	Refuse
	ResetBefore
	ResetAfter
	ResetWithin
	Drip
	StallBefore
	StallAfter
	Limit
	LimitFor
	FailBefore
	FailAfter
	GatewayBefore
	GatewayAfter
	Unavailable
	CutJSON
	Plaintext
	Twice
	faults
)

var names = [faults]string{
	None: "none", Refuse: "connection refused", ResetBefore: "reset before the request", ResetAfter: "reset after the change",
	ResetWithin: "reset halfway through the body", Drip: "slow drip", StallBefore: "stall before the request",
	StallAfter: "stall after the change", Limit: "429", LimitFor: "429 with Retry-After", FailBefore: "500 before the request",
	FailAfter: "500 after the change", GatewayBefore: "502 in HTML before the request",
	GatewayAfter: "502 in HTML after the change", Unavailable: "503", CutJSON: "truncated JSON",
	Plaintext: "plain text in the TLS stream after the change", Twice: "delivered twice",
}

func (f Fault) String() string { return names[f] }

// All returns all faults except None.
func All() []Fault {
	var all []Fault
	for f := None + 1; f < faults; f++ {
		all = append(all, f)
	}
	return all
}

// OrderHeader numbers the requests of a sender. Its value is the sender and the number,
// separated by a space. The proxy does not deliver a request that arrives after one with
// a higher number: its sender has given up on it, and no client can prevent the service
// from carrying out such a late request.
const OrderHeader = "X-Order"

// A Proxy listens for TLS connections on this machine, and forwards their requests to a
// service.
type Proxy struct {
	upstream  string
	listener  net.Listener
	identity  identity
	refusing  net.Conn // whose local address refuses connections
	transport *http.Transport
	pick      func(*http.Request, []byte) Fault
	dial      func() Fault
	serving   sync.WaitGroup

	mu      sync.Mutex
	conns   map[net.Conn]bool
	senders map[string]*sender
	seen    [faults]int
}

type sender struct {
	mu   sync.Mutex
	last int
}

// New starts a proxy for the service at the URL upstream. pick chooses the fault of an
// exchange. dial chooses that of a connection: None or Refuse.
func New(upstream string, dial func() Fault, pick func(req *http.Request, body []byte) Fault) (*Proxy, error) {
	id, err := newIdentity()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	// Nothing can listen on the local address of a connection, so that it refuses others.
	refusing, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	p := &Proxy{
		upstream: upstream, listener: l, identity: id, refusing: refusing, dial: dial, pick: pick,
		transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		conns:     map[net.Conn]bool{}, senders: map[string]*sender{},
	}
	p.serving.Go(p.accept)
	return p, nil
}

// URL returns the URL of the proxy.
func (p *Proxy) URL() string { return "https://" + p.listener.Addr().String() }

// DialContext connects to the proxy, or to an address that refuses it.
func (p *Proxy) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if p.dial() == Refuse {
		p.count(Refuse)
		addr = p.refusing.LocalAddr().String()
	}
	return new(net.Dialer).DialContext(ctx, network, addr)
}

// TLS returns a client's configuration that trusts the proxy.
func (p *Proxy) TLS() *tls.Config { return &tls.Config{RootCAs: p.identity.roots} }

// Seen returns how often each fault has happened. None counts the exchanges without a
// fault.
func (p *Proxy) Seen() map[Fault]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := map[Fault]int{}
	for f, n := range p.seen {
		seen[Fault(f)] = n
	}
	return seen
}

// Close breaks all connections and waits for the proxy's goroutines to end.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	_ = p.refusing.Close()
	p.mu.Lock()
	for conn := range p.conns {
		_ = conn.Close()
	}
	p.mu.Unlock()
	p.serving.Wait()
	p.transport.CloseIdleConnections()
	return err
}

func (p *Proxy) count(f Fault) {
	p.mu.Lock()
	p.seen[f]++
	p.mu.Unlock()
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.conns[conn] = true
		p.mu.Unlock()
		p.serving.Go(func() {
			defer func() {
				_ = conn.Close()
				p.mu.Lock()
				delete(p.conns, conn)
				p.mu.Unlock()
			}()
			p.serve(&conversation{tls.Server(conn, p.identity.config), conn.(*net.TCPConn)})
		})
	}
}

// A conversation is a TLS connection and the TCP connection below it.
type conversation struct {
	*tls.Conn
	tcp *net.TCPConn
}

// serve forwards requests until either side ends the connection.
func (p *Proxy) serve(conn *conversation) {
	r := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		fault := p.pick(req, body)
		p.count(fault)
		if !p.exchange(conn, r, req, body, fault) {
			return
		}
	}
}

// exchange responds to one request, with the fault, and reports whether the connection
// can be used again.
func (p *Proxy) exchange(conn *conversation, r *bufio.Reader, req *http.Request, body []byte, fault Fault) bool {
	var resp *http.Response
	var content []byte
	switch fault {
	case ResetBefore, StallBefore, Limit, LimitFor, FailBefore, GatewayBefore, Unavailable:
	default:
		var ok bool
		if resp, content, ok = p.deliver(req, body, fault == Twice); !ok {
			return reset(conn)
		}
	}
	switch fault {
	case ResetBefore, ResetAfter:
		return reset(conn)
	case StallBefore, StallAfter:
		_, _ = r.Peek(1) // until the client hangs up
		return false
	case ResetWithin:
		_, _ = conn.Write(head(resp, len(content)))
		_, _ = conn.Write(content[:len(content)/2])
		return reset(conn)
	case Drip:
		return drip(conn, append(head(resp, len(content)), content...))
	case CutJSON:
		content = content[:len(content)/2]
	case Plaintext:
		_, _ = conn.tcp.Write([]byte("HTTP/1.1 502 Bad Gateway\r\n\r\n"))
		return false
	case Limit:
		resp = status(429)
	case LimitFor:
		resp = status(429)
		resp.Header.Set("Retry-After", "1")
	case FailBefore, FailAfter:
		resp, content = status(500), []byte("Internal Server Error")
	case GatewayBefore, GatewayAfter:
		resp, content = status(502), []byte("<html><body>502 Bad Gateway</body></html>")
	case Unavailable:
		resp, content = status(503), nil
	}
	_, err := conn.Write(append(head(resp, len(content)), content...))
	return err == nil
}

// deliver forwards a request, once or twice, and returns the first response. It does not
// forward a late request.
func (p *Proxy) deliver(req *http.Request, body []byte, twice bool) (*http.Response, []byte, bool) {
	var name string
	var number int
	if _, err := fmt.Sscanf(req.Header.Get(OrderHeader), "%s %d", &name, &number); err == nil {
		p.mu.Lock()
		s := p.senders[name]
		if s == nil {
			s = &sender{}
			p.senders[name] = s
		}
		p.mu.Unlock()
		s.mu.Lock()
		defer s.mu.Unlock()
		if number < s.last {
			return nil, nil, false
		}
		s.last = number
	}
	resp, content, err := p.send(req, body)
	if err == nil && twice {
		_, _, err = p.send(req, body)
	}
	return resp, content, err == nil
}

func (p *Proxy) send(req *http.Request, body []byte) (*http.Response, []byte, error) {
	out, err := http.NewRequest(req.Method, p.upstream+req.RequestURI, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	out.Header = req.Header.Clone()
	resp, err := p.transport.RoundTrip(out)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	return resp, content, err
}

// reset ends a connection as a crash does: the other side receives an RST.
func reset(conn *conversation) bool {
	_ = conn.tcp.SetLinger(0)
	_ = conn.tcp.Close()
	return false
}

// drip writes b in pieces, one per millisecond.
func drip(conn net.Conn, b []byte) bool {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for size := max(1, len(b)/20); len(b) > 0; b = b[min(size, len(b)):] {
		if _, err := conn.Write(b[:min(size, len(b))]); err != nil {
			return false
		}
		<-tick.C
	}
	return true
}

func status(code int) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"text/html"}}}
}

// head returns the status line and the header of a response with a body of n bytes.
func head(resp *http.Response, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", resp.StatusCode, http.StatusText(resp.StatusCode))
	h := resp.Header.Clone()
	h.Del("Transfer-Encoding")
	h.Del("Content-Length")
	if resp.StatusCode != http.StatusNoContent {
		h.Set("Content-Length", fmt.Sprint(n))
	}
	_ = h.Write(&b) // to memory
	b.WriteString("\r\n")
	return b.Bytes()
}
