package browser

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// limit is the time for the whole test, on a slow machine.
const limit = 3 * time.Minute

// TestShop buys in the shop, cancels in the portal, and loses access when the period
// ends. It saves screenshots, at the width of a phone and of a desktop, in the
// directory SHOP_SCREENSHOTS, or else in the test's artifact directory (go test
// -artifacts).
func TestShop(t *testing.T) {
	chromium := findChromium(t)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	shop := startShop(t, ctx)
	b := openBrowser(t, ctx, chromium)

	b.run("the product page", chromedp.Navigate(shop), chromedp.WaitVisible("#buy"))
	b.keep("shop")
	b.run("the account before", chromedp.Navigate(shop+"/account"), chromedp.WaitVisible("#not-entitled"))
	b.run("buy", chromedp.Navigate(shop), chromedp.Click("#buy"), chromedp.WaitVisible("#customer_email"))
	b.keep("checkout")

	b.run("an address that takes no mail", chromedp.SendKeys("#customer_email", "ada@example.com"), chromedp.SetValue("#country", "FR"),
		chromedp.Click("button[value=pay]"), chromedp.WaitVisible("[role=alert]"))
	b.keep("checkout-error")
	b.run("pay", chromedp.SetValue("#customer_email", "ada@polar.sh"), chromedp.SendKeys("#customer_name", "Ada Lovelace"),
		chromedp.Click("button[value=pay]"), chromedp.WaitVisible("#paid"))
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	if _, id, _ := strings.Cut(at, "/thanks?checkout_id="); len(id) != 36 {
		t.Errorf("the success page is %s", at)
	}
	b.keep("success")
	b.run("the account", chromedp.Navigate(shop+"/account"), chromedp.WaitVisible("#entitled"))
	b.keep("account")

	b.run("the portal", chromedp.Click("#portal"), chromedp.WaitVisible("button[value=cancel]"))
	b.keep("portal")
	b.run("cancel", chromedp.Click("button[value=cancel]"), chromedp.WaitVisible("button[value=resume]"))
	b.run("resume", chromedp.Click("button[value=resume]"), chromedp.WaitVisible("button[value=cancel]"))
	b.run("cancel again", chromedp.Click("button[value=cancel]"), chromedp.WaitVisible("button[value=resume]"))
	b.keep("portal-canceled")
	b.run("still entitled", chromedp.Navigate(shop+"/account"), chromedp.WaitVisible("#entitled"))

	b.run("the dashboard", chromedp.Click("footer a"), chromedp.WaitVisible("button[value=month]"))
	b.keep("dashboard")
	b.run("a month later", chromedp.Click("button[value=month]"), chromedp.WaitVisible("[role=status]"))
	b.run("no longer entitled", chromedp.Navigate(shop+"/account"), chromedp.WaitVisible("#not-entitled"))
	b.keep("account-ended")
}

// findChromium returns the path of the browser. Without one, it skips the test.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("chromium is not installed: apt-get install chromium")
	return ""
}

// startShop builds and starts the example, and returns its URL.
func startShop(t *testing.T, ctx context.Context) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "shop")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the shop: %v\n%s", err, out)
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, "-addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = []string{} // no token
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	t.Cleanup(func() {
		cancel()
		if lines.Scan() {
			t.Errorf("the shop printed a second line: %s", lines.Text())
		}
		if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("the shop ended with %v", err)
		}
	})
	if !lines.Scan() {
		t.Fatalf("the shop printed no URL: %v", lines.Err())
	}
	return lines.Text()
}

// browser is a tab of a browser.
type browser struct {
	t      *testing.T
	ctx    context.Context
	folder string
	shots  int
}

func openBrowser(t *testing.T, ctx context.Context, chromium string) *browser {
	t.Helper()
	folder := os.Getenv("SHOP_SCREENSHOTS")
	if folder == "" {
		folder = t.ArtifactDir()
	} else if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(limit),
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancelAllocator)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it
		t.Fatalf("start %s: %v", chromium, err)
	}
	return &browser{t: t, ctx: ctx, folder: folder}
}

// run performs a step. If it fails, the test reports the text of the page.
func (b *browser) run(step string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		at, _ := chromedp.Run(b.ctx, chromedp.Location())
		text, _ := chromedp.Run(b.ctx, chromedp.Text("body"))
		b.t.Fatalf("%s: %v\nat %s:\n%s", step, err, at, text)
	}
}

// keep saves screenshots of the page, which must not be wider than the window.
func (b *browser) keep(name string) {
	b.t.Helper()
	b.shots++
	for _, width := range []int64{390, 1280} {
		b.run("the width for "+name, chromedp.EmulateViewport(width, 900))
		content, err := chromedp.Run(b.ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
		if err != nil {
			b.t.Fatal(err)
		}
		if content > width {
			b.t.Errorf("%s is %d pixels wide in a window of %d", name, content, width)
		}
		image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			b.t.Fatal(err)
		}
		file := filepath.Join(b.folder, fmt.Sprintf("%02d-%s-%d.png", b.shots, name, width))
		if err := os.WriteFile(file, image, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}
