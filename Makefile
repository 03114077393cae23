# The module's chores. make alone lists them, in the sections that begin with ##@.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# FROM is Polar's OpenAPI document, a file or a URL; by default it is the URL where
# Polar publishes it. REPORT is a file to write the report to as well.
FROM ?=
REPORT ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Examples and adapters whose libraries must not reach users' builds are modules
# of their own. MODULES are all of them, this one first.
MODULES = . $(patsubst %/go.mod,%,$(shell git ls-files '*/go.mod'))
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

##@ Every change

.PHONY: check
check: fmt-check tidy-check vet lint check-generate test quickstart ## Run what every change must pass (CI also runs release-rehearsal)

.PHONY: generate
generate: ## Write generated code from openapi/
	go generate ./...

.PHONY: check-generate
check-generate: ## Generate from nothing, and fail if that is not what is committed
	rm -f gen/*.gen.go gen/*/*.gen.go polar/operations.gen.go
	go generate ./...
	@git diff --exit-code -- gen polar customers checkouts portal subscriptions orders products usage licensekeys polartest || { echo 'generated code is not what openapi/ generates: run make generate and commit the result'; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- '*.gen.go') && test -z "$$new" || { echo "generated files are not in git: add them: $$new"; exit 1; }

.PHONY: test
# TestOrder runs once more without the race detector, which lets it play far more
# histories.
test: ## Run all tests under the race detector
	GOFLAGS=-race go test ./...
	go test -run TestOrder ./customers/statecache
	@for m in $(filter-out .,$(MODULES)); do echo "cd $$m && go test ./..."; (cd $$m && GOFLAGS=-race go test ./...) || exit 1; done

##@ Longer tests

# FUZZTIME is for each fuzz target.
FUZZTIME ?= 10s

.PHONY: fuzz
fuzz: ## Run every fuzz target for a while (FUZZTIME=10s each)
	@for p in $$(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
		targets=$$(go test -list '^Fuzz' ./$$p) || { echo "$$targets"; exit 1; }; \
		for f in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "$$p: $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) ./$$p || exit 1; \
		done; \
	done

# OPERATIONS is the number of operations in the storm.
OPERATIONS ?= 20000

.PHONY: chaos
chaos: ## Break the network under many operations, then the client's rules (OPERATIONS=20000)
	go test -race -count=1 -v -timeout 60m ./internal/chaos -operations $(OPERATIONS)
	go test -tags chaos -count=1 -v -timeout 60m -run TestMutants ./internal/chaos
	go test -count=1 -v -timeout 60m -run TestChaos ./usage -events 1000000

.PHONY: cover
cover: ## Print the test coverage of polar and customers, and the lines not covered
	@f=$$(mktemp) && trap 'rm -f "$$f"' EXIT && \
	go test -count=1 -coverprofile="$$f" ./polar ./customers && \
	go tool cover -func="$$f" | awk '$$3 != "100.0%"'

.PHONY: test-contributing
test-contributing: ## Follow the walk-through in CONTRIBUTING.md in a copy of the module
	go test -tags long -count=1 -run TestContributing ./internal/docs

##@ Try it

.PHONY: quickstart
quickstart: ## Run the quick start on the embedded server
	go run ./examples/quickstart

##@ Parts of check, and vulnerabilities

.PHONY: fmt
fmt: ## Format the code
	gofmt -w $$(git ls-files '*.go')

.PHONY: fmt-check
fmt-check: ## Fail if gofmt would change a file
	@out=$$(gofmt -l $$(git ls-files '*.go')) || exit 1; test -z "$$out" || { echo "gofmt would change (run make fmt):"; echo "$$out"; exit 1; }

.PHONY: tidy-check
tidy-check: ## Fail if a go.mod or go.sum is not tidy
	@for m in $(MODULES); do (cd $$m && go mod tidy -diff) || { echo "$$m: run go mod tidy"; exit 1; }; done

.PHONY: vet
vet: ## Run go vet
	@for m in $(MODULES); do echo "cd $$m && go vet ./..."; (cd $$m && go vet ./...) || exit 1; done

.PHONY: lint
lint: ## Run staticcheck with the checks of staticcheck.conf
	@for m in $(MODULES); do echo "cd $$m && staticcheck ./..."; (cd $$m && $(STATICCHECK) ./...) || exit 1; done

VULNCHECK = go run golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: vuln
vuln: ## Look for known vulnerabilities (needs access to vuln.go.dev)
	@for m in $(MODULES); do echo "cd $$m && govulncheck ./..."; (cd $$m && $(VULNCHECK) ./...) || exit 1; done

##@ Polar's API

# go run would turn every failure into exit status 1.
refresher = tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	go build -o "$$tool/refresh" ./internal/refresh && "$$tool/refresh" -report '$(REPORT)' -from '$(FROM)'

.PHONY: refresh
refresh: ## Update the contract and gen from Polar's document (FROM=file or URL, REPORT=file)
	@$(refresher)

# Make exits with 2 if a recipe fails. Scripts that must tell a change (1) from an
# error (2) run the tool: go build ./internal/refresh && ./refresh -check
.PHONY: refresh-check
refresh-check: ## Report what refresh would change, and fail if there is a change
	@$(refresher) -check

.PHONY: refresh-propose
refresh-propose: ## Refresh, and open a pull request if the contract changes (for CI)
	@FROM='$(FROM)' sh internal/refresh/propose.sh

##@ Comparison with others

.PHONY: interop
interop: ## Run Polar's TypeScript SDK against polar-sandbox and webhooks (needs node and npm)
	@sh polartest/interop/run.sh
	@sh webhook/interop/run.sh

# ROUNDS is how often the processes of each work start, WORK a regular expression
# for the works to measure. With node and npm, Polar's TypeScript SDK takes part.
# Without WORK, bench/chart.svg shows the results.
ROUNDS ?= 9
WORK ?=

.PHONY: bench
bench: ## Measure against other clients, and fail above the limits (ROUNDS=9 WORK=list)
	@cd bench && go generate ./naive && tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	go build -tags naive -o "$$tool/bench" . && \
	if command -v npm >/dev/null; then npm ci --prefix ts --silent --no-audit --no-fund && ts=-ts; else echo 'no npm: without the TypeScript SDK'; fi && \
	"$$tool/bench" -rounds $(ROUNDS) -only '$(WORK)' $$ts

.PHONY: budget
budget: ## Report what this module adds to a user's build, and fail above bench/budget/budget.txt
	@cd bench && go run ./budget

##@ Tests of the refresh tool

# These targets generate and compile code, which takes minutes. The build tag long
# keeps them out of go test ./...
.PHONY: test-refresh
test-refresh: ## Run all tests of the refresh tool, the long ones too
	go vet -tags long ./internal/refresh/...
	go test -tags long -count=1 -timeout 30m ./internal/refresh/...

# N is the number of edits, SEED the seed of the random numbers.
N ?= 200
SEED ?= 1

.PHONY: mutate
mutate: ## Check that random edits of the contract are classified rightly, and that additive ones compile (N=200 SEED=1)
	go test -tags long -count=1 -timeout 30m -v -run TestMutations ./internal/refresh -mutations $(N) -seed $(SEED)

##@ Releases

.PHONY: release-notes
release-notes: ## Print the section of CHANGELOG.md about VERSION (VERSION=v0.1.0)
	@awk -v v="$${VERSION#v}" '/^## / { on = ($$2 == v) } on { print; found = 1 } END { if (!found) { print "CHANGELOG.md has no section " v > "/dev/stderr"; exit 1 } }' CHANGELOG.md

.PHONY: check-release
check-release: ## Fail if the working tree cannot be released as VERSION (VERSION=v0.1.0)
	@go run ./internal/release check "$$VERSION"

.PHONY: release-rehearsal
release-rehearsal: ## Publish to a local module proxy, and use the modules as the README says
	@go run ./internal/release rehearse
