package polartest_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/polar"
	"github.com/polarexpress/polar-go/polartest"
)

// nobody is an ID that no object has.
const nobody = "0b1f6e9e-5f0a-4c59-9d0e-0d5d1f4c2a11"

// misuses are calls that fail a test, by the beginning of the failure's text.
var misuses = map[string]func(*polartest.Server){
	"AddBenefit":         func(srv *polartest.Server) { srv.AddBenefit(polartest.Benefit{Type: "none"}) },
	"AddCustomer":        func(srv *polartest.Server) { srv.AddCustomer(polartest.Customer{Email: "ada@example.com"}) },
	"AddDiscount":        func(srv *polartest.Server) { srv.AddDiscount(polartest.Discount{Duration: "none"}) },
	"AddGrant":           func(srv *polartest.Server) { srv.AddGrant(polartest.Grant{CustomerID: nobody}) },
	"AddMember":          func(srv *polartest.Server) { srv.AddMember(polartest.Member{CustomerID: nobody}) },
	"AddMeter":           func(srv *polartest.Server) { srv.AddMeter(polartest.Meter{CustomerID: nobody}) },
	"AddMeterDefinition": func(srv *polartest.Server) { srv.AddMeterDefinition(polartest.MeterDefinition{Aggregation: "none"}) },
	"AddPaymentMethod":   func(srv *polartest.Server) { srv.AddPaymentMethod(polartest.PaymentMethod{CustomerID: nobody}) },
	"AddProduct":         func(srv *polartest.Server) { srv.AddProduct(polartest.Product{Benefits: []string{nobody}}) },
	"AddSubscription":    func(srv *polartest.Server) { srv.AddSubscription(polartest.Subscription{CustomerID: nobody}) },
	"AddWebhook":         func(srv *polartest.Server) { srv.AddWebhook(polartest.Webhook{}) },
	"ChangeSubscription": func(srv *polartest.Server) { srv.ChangeSubscription(polartest.Subscription{ID: nobody}) },
	"Client":             func(srv *polartest.Server) { srv.Client(polar.WithBaseURL("none")) },
	"Expect":             func(srv *polartest.Server) { srv.Expect("customers.Crate", 1) },
	"FailNext":           func(srv *polartest.Server) { srv.FailNext(polartest.Failure{Operation: "customers.Crate"}) },
	"FailPayment":        func(srv *polartest.Server) { srv.FailPayment(nobody) },
	"Outage":             func(srv *polartest.Server) { srv.Outage(polartest.Failure{Operation: "customers.Crate"}) },
	"Pay":                func(srv *polartest.Server) { srv.Pay(nobody) },
	"Refund":             func(srv *polartest.Server) { srv.Refund(nobody, 0) },
	"Requests":           func(srv *polartest.Server) { srv.Requests("customers.Crate") },
	"RevokeGrant":        func(srv *polartest.Server) { srv.RevokeGrant(nobody, nobody) },
	"seed with ID":       func(srv *polartest.Server) { srv.AddOrganization(polartest.Organization{ID: "none"}) },
	"no request met":     func(srv *polartest.Server) { srv.FailNext(polartest.Failure{}) },
}

// TestMisuse checks that mistakes of a test, and problems at its end, are reported with
// the line of the test. It runs itself as a program whose tests fail.
func TestMisuse(t *testing.T) {
	const variable = "POLARTEST_MISUSE"
	if os.Getenv(variable) != "" {
		for name, misuse := range misuses {
			t.Run(name, func(t *testing.T) { misuse(polartest.NewServer(t, polartest.WithoutSocket())) })
		}
		return
	}
	source, err := os.ReadFile("misuse_test.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(source), "\n")
	cmd := exec.Command(os.Args[0], "-test.run=^TestMisuse$")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("no test failed:\n%s", out)
	}
	found := regexp.MustCompile(`(?m)^ +misuse_test\.go:(\d+): polartest: (.*)$`).FindAllStringSubmatch(string(out), -1)
	if len(found) != len(misuses) {
		t.Errorf("%d failures have a line of the test, want %d:\n%s", len(found), len(misuses), out)
	}
	for _, f := range found {
		n, err := strconv.Atoi(f[1])
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := strings.Cut(strings.TrimSpace(lines[n-1]), ":")
		if strings.Contains(lines[n-1], "NewServer(") {
			want = "no request met" // reported at the end of the test
		}
		if want = strings.Trim(want, `"`); !strings.HasPrefix(f[2], want) {
			t.Errorf("line %d, whose failure begins with %q, has the failure %q", n, want, f[2])
		}
	}
}
