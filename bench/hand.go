package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// hand is the client that a careful programmer writes for one program, with
// net/http and encoding/json: it has a timeout, but no retries and no typed errors,
// and it trusts the service.
type hand struct {
	base string
	http *http.Client
}

func newHand(base string) *hand {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	return &hand{base: base, http: &http.Client{Transport: t, Timeout: 5 * time.Minute}}
}

type handAddress struct {
	Line1      *string `json:"line1"`
	Line2      *string `json:"line2"`
	PostalCode *string `json:"postal_code"`
	City       *string `json:"city"`
	State      *string `json:"state"`
	Country    string  `json:"country"`
}

type handCustomer struct {
	ID                     string         `json:"id"`
	CreatedAt              time.Time      `json:"created_at"`
	ModifiedAt             *time.Time     `json:"modified_at"`
	Metadata               map[string]any `json:"metadata"`
	ExternalID             *string        `json:"external_id"`
	Email                  *string        `json:"email"`
	EmailVerified          bool           `json:"email_verified"`
	Type                   string         `json:"type"`
	Name                   *string        `json:"name"`
	BillingName            *string        `json:"billing_name"`
	BillingAddress         *handAddress   `json:"billing_address"`
	TaxID                  *[2]string     `json:"tax_id"`
	Locale                 *string        `json:"locale"`
	OrganizationID         string         `json:"organization_id"`
	DefaultPaymentMethodID *string        `json:"default_payment_method_id"`
	DeletedAt              *time.Time     `json:"deleted_at"`
	FirstUserEventAt       *time.Time     `json:"first_user_event_at"`
	AvatarURL              *string        `json:"avatar_url"`
}

type handState struct {
	handCustomer
	ActiveSubscriptions []struct {
		ID                 string         `json:"id"`
		CreatedAt          time.Time      `json:"created_at"`
		ModifiedAt         *time.Time     `json:"modified_at"`
		CustomFieldData    map[string]any `json:"custom_field_data"`
		Metadata           map[string]any `json:"metadata"`
		Status             string         `json:"status"`
		Amount             int            `json:"amount"`
		Currency           string         `json:"currency"`
		RecurringInterval  string         `json:"recurring_interval"`
		CurrentPeriodStart time.Time      `json:"current_period_start"`
		CurrentPeriodEnd   time.Time      `json:"current_period_end"`
		TrialStart         *time.Time     `json:"trial_start"`
		TrialEnd           *time.Time     `json:"trial_end"`
		CancelAtPeriodEnd  bool           `json:"cancel_at_period_end"`
		CanceledAt         *time.Time     `json:"canceled_at"`
		StartedAt          *time.Time     `json:"started_at"`
		EndsAt             *time.Time     `json:"ends_at"`
		ProductID          string         `json:"product_id"`
		DiscountID         *string        `json:"discount_id"`
		PriceID            *string        `json:"price_id"`
		Seats              *int           `json:"seats"`
		Units              *int           `json:"units"`
		Meters             []struct {
			ID            string     `json:"id"`
			CreatedAt     time.Time  `json:"created_at"`
			ModifiedAt    *time.Time `json:"modified_at"`
			ConsumedUnits float64    `json:"consumed_units"`
			CreditedUnits int        `json:"credited_units"`
			Amount        int        `json:"amount"`
			MeterID       string     `json:"meter_id"`
		} `json:"meters"`
	} `json:"active_subscriptions"`
	GrantedBenefits []struct {
		ID              string         `json:"id"`
		CreatedAt       time.Time      `json:"created_at"`
		ModifiedAt      *time.Time     `json:"modified_at"`
		GrantedAt       time.Time      `json:"granted_at"`
		BenefitID       string         `json:"benefit_id"`
		BenefitType     string         `json:"benefit_type"`
		BenefitMetadata map[string]any `json:"benefit_metadata"`
		Properties      map[string]any `json:"properties"`
	} `json:"granted_benefits"`
	ActiveMeters []struct {
		ID            string     `json:"id"`
		CreatedAt     time.Time  `json:"created_at"`
		ModifiedAt    *time.Time `json:"modified_at"`
		MeterID       string     `json:"meter_id"`
		ConsumedUnits float64    `json:"consumed_units"`
		CreditedUnits int        `json:"credited_units"`
		Balance       float64    `json:"balance"`
	} `json:"active_meters"`
}

type handPage struct {
	Items      []handCustomer `json:"items"`
	Pagination struct {
		TotalCount int `json:"total_count"`
		MaxPage    int `json:"max_page"`
	} `json:"pagination"`
}

func (h *hand) send(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, h.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Polar-Version", "2026-10")
	req.Header.Set("User-Agent", "hand/1.0")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := h.http.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		resp.Body.Close()
		return nil, fmt.Errorf("%s %s: %s", method, path, resp.Status)
	}
	return resp, nil
}

func (h *hand) json(ctx context.Context, method, path string, body io.Reader, out any) error {
	resp, err := h.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(out)
}

func (h *hand) Get(ctx context.Context, id string) (string, error) {
	var c handCustomer
	err := h.json(ctx, "GET", "/v1/customers/"+url.PathEscape(id), nil, &c)
	return c.ID, err
}

func (h *hand) GetByExternalID(ctx context.Context, id string) (string, error) {
	var c handCustomer
	err := h.json(ctx, "GET", "/v1/customers/external/"+url.PathEscape(id), nil, &c)
	return c.ID, err
}

func (h *hand) GetState(ctx context.Context, id string) (string, error) {
	var s handState
	err := h.json(ctx, "GET", "/v1/customers/"+url.PathEscape(id)+"/state", nil, &s)
	return s.ID + s.ActiveSubscriptions[1].ID, err
}

func (h *hand) Create(ctx context.Context, email, externalID, name string) (string, error) {
	b, err := json.Marshal(struct {
		Email      string         `json:"email"`
		ExternalID string         `json:"external_id,omitempty"`
		Name       string         `json:"name,omitempty"`
		Metadata   map[string]any `json:"metadata,omitempty"`
	}{email, externalID, name, map[string]any{"plan": "gold"}})
	if err != nil {
		return "", err
	}
	var c handCustomer
	err = h.json(ctx, "POST", "/v1/customers/", bytes.NewReader(b), &c)
	return c.ID, err
}

func (h *hand) page(ctx context.Context, page int) (p handPage, err error) {
	err = h.json(ctx, "GET", fmt.Sprintf("/v1/customers/?page=%d&limit=%d&sorting=created_at", page, perPage), nil, &p)
	return p, err
}

func (h *hand) List(ctx context.Context, width int, use func(id string)) error {
	first, err := h.page(ctx, 1)
	if err != nil {
		return err
	}
	pages := make([]chan handPage, first.Pagination.MaxPage+1)
	var failed error
	var once sync.Once
	slots := make(chan struct{}, width)
	for i := range first.Items {
		use(first.Items[i].ID)
	}
	if width == 1 {
		for page := 2; page <= first.Pagination.MaxPage; page++ {
			p, err := h.page(ctx, page)
			if err != nil {
				return err
			}
			for i := range p.Items {
				use(p.Items[i].ID)
			}
		}
		return nil
	}
	for page := range pages {
		pages[page] = make(chan handPage, 1)
	}
	go func() {
		for page := 2; page < len(pages); page++ {
			slots <- struct{}{}
			go func() {
				p, err := h.page(ctx, page)
				if err != nil {
					once.Do(func() { failed = err })
				}
				pages[page] <- p
			}()
		}
	}()
	for page := 2; page < len(pages); page++ {
		p := <-pages[page]
		<-slots
		for i := range p.Items {
			use(p.Items[i].ID)
		}
	}
	return failed
}

func (h *hand) Export(ctx context.Context, w io.Writer) error {
	resp, err := h.send(ctx, "GET", "/v1/customers/export", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(w, resp.Body)
	return err
}

// handRow has the columns of an export, parsed: all of them where
// encoding/csv reads them.
type handRow struct {
	ID, ExternalID string
	CreatedAt      time.Time
	Email, Name    string
	TaxID          *[2]string
	Address        *handAddress
	Metadata       map[string]any
}

func (h *hand) ExportRows(ctx context.Context, use func(id string)) error {
	resp, err := h.send(ctx, "GET", "/v1/customers/export", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return readRows(resp.Body, use)
}

func readRows(body io.Reader, use func(id string)) error {
	r := csv.NewReader(body)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		return err
	}
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		row := &handRow{ID: cells[0], ExternalID: cells[1], Email: cells[3], Name: cells[4]}
		if row.CreatedAt, err = time.Parse(time.RFC3339, cells[2]); err != nil {
			return err
		}
		if t := cells[5]; t != "" {
			parts := strings.Split(t, "'")
			row.TaxID = &[2]string{parts[1], parts[3]}
		}
		if cells[11] != "" {
			row.Address = &handAddress{Line1: text(cells[6]), Line2: text(cells[7]), City: text(cells[8]), State: text(cells[9]), PostalCode: text(cells[10]), Country: cells[11]}
		}
		if m := cells[12]; m != "" {
			if err := json.Unmarshal([]byte(m), &row.Metadata); err != nil {
				return err
			}
		}
		use(row.ID)
	}
}
