package webhook_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/polarexpress/polar-go/webhook"
)

func TestTypes(t *testing.T) {
	names := map[webhook.Type]bool{}
	for _, info := range webhook.Types() {
		if names[info.Type] {
			t.Errorf("%s is there twice", info.Type)
		}
		names[info.Type] = true
		if info.Data == "" || !strings.HasSuffix(info.Meaning, ".") || !strings.HasSuffix(info.Use, ".") {
			t.Errorf("incomplete: %+v", info)
		}
	}
	if len(names) != 42 {
		t.Errorf("%d types, want the 41 of the contract and subscription.migrated", len(names))
	}
	webhook.Types()[0] = webhook.TypeInfo{}
	if webhook.Types()[0].Type == "" {
		t.Error("a caller can change the table")
	}
}

// Every constant is in the table.
func TestTypesHasEveryConstant(t *testing.T) {
	source, err := os.ReadFile("types.go")
	if err != nil {
		t.Fatal(err)
	}
	var constants, table []string
	for _, m := range regexp.MustCompile(`(?m)^\t\w+ +Type = "(.+)"$`).FindAllStringSubmatch(string(source), -1) {
		constants = append(constants, m[1])
	}
	for _, info := range webhook.Types() {
		table = append(table, string(info.Type))
	}
	slices.Sort(constants)
	slices.Sort(table)
	if !slices.Equal(constants, table) {
		t.Errorf("constants %q\ntable     %q", constants, table)
	}
}

// The key words of Use mark exactly the events that the documentation names.
func TestTypesSayWhatMatters(t *testing.T) {
	got := map[string][]webhook.Type{}
	for _, info := range webhook.Types() {
		if word, _, ok := strings.Cut(info.Use, ":"); ok {
			got[word] = append(got[word], info.Type)
		}
	}
	want := map[string][]webhook.Type{
		"Paid": {webhook.OrderPaid},
		"Access begins": {
			webhook.CustomerSeatClaimed, webhook.SubscriptionActive, webhook.SubscriptionResumed, webhook.BenefitGrantCreated,
		},
		"Access ends": {
			webhook.CustomerDeleted, webhook.CustomerSeatRevoked, webhook.MemberDeleted, webhook.SubscriptionPaused,
			webhook.SubscriptionRevoked, webhook.BenefitGrantRevoked,
		},
		"Replace what you know": {webhook.CustomerStateChanged},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTypesAreInThePackageDoc(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, info := range webhook.Types() {
		fmt.Fprintf(&want, "//\t%-24s%-21s%s\n//\t    %s\n", info.Type, info.Data, info.Meaning, info.Use)
	}
	if !strings.Contains(string(source), "//\n"+want.String()+"//\n") {
		t.Errorf("doc.go holds another table than Types; replace it with:\n%s", want.String())
	}
}

// The table agrees with the service's OpenAPI document, where that is at hand.
func TestTypesAgainstTheContract(t *testing.T) {
	const document = "../../shared/upstream/polar-2026-10.openapi.json"
	source, err := os.ReadFile(document)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there", document)
	} else if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Webhooks map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct {
						Schema struct {
							Ref string `json:"$ref"`
						}
					}
				}
			}
		}
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Ref string `json:"$ref"`
				}
			}
		}
	}
	if err := json.Unmarshal(source, &contract); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{string(webhook.SubscriptionMigrated): "Subscription"} // announced only
	for name, hook := range contract.Webhooks {
		payload := path.Base(hook.Post.RequestBody.Content["application/json"].Schema.Ref)
		want[name] = path.Base(contract.Components.Schemas[payload].Properties["data"].Ref)
	}
	got := map[string]string{}
	for _, info := range webhook.Types() {
		got[string(info.Type)] = info.Data
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
