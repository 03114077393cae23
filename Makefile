# The module's chores. Run make alone to see them.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# FROM is Polar's OpenAPI document, a file or a URL; without it, the one that
# openapi/slice.yaml names. REPORT is a file to write the report to as well.
FROM ?=
REPORT ?=

.PHONY: help
help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Examples and adapters whose libraries must not reach users' builds are modules
# of their own. MODULES are all of them, this one first.
MODULES = . $(patsubst %/go.mod,%,$(shell git ls-files '*/go.mod'))
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: check
check: fmt-check tidy-check vet lint check-generate test quickstart ## All that CI runs

.PHONY: generate
generate: ## Write generated code from openapi/
	go generate ./...

.PHONY: check-generate
check-generate: ## Generate from nothing, and fail if that is not what is committed
	rm -f gen/*.gen.go gen/*/*.gen.go polar/operations.gen.go
	go generate ./...
	@git diff --exit-code -- gen polar customers || { echo 'generated code is not what openapi/ generates: run make generate and commit the result'; exit 1; }

.PHONY: test
test: ## Run all tests under the race detector
	GOFLAGS=-race go test ./...
	go test -run TestOrder ./customers/statecache
	@for m in $(filter-out .,$(MODULES)); do echo "cd $$m && go test ./..."; (cd $$m && GOFLAGS=-race go test ./...) || exit 1; done

# FUZZTIME is for each fuzz target.
FUZZTIME ?= 10s

.PHONY: fuzz
fuzz: ## Run every fuzz target for a while (FUZZTIME=10s each)
	@for p in $$(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
		for f in $$(go test -list '^Fuzz' ./$$p | grep '^Fuzz'); do \
			echo "$$p: $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) ./$$p || exit 1; \
		done; \
	done

# OPERATIONS is how many operations go through the storm.
OPERATIONS ?= 20000

.PHONY: chaos
chaos: ## Break the network in every way under many operations, and the client's rules (OPERATIONS=20000)
	go test -race -count=1 -v -timeout 60m ./internal/chaos -operations $(OPERATIONS)
	go test -tags chaos -count=1 -v -timeout 60m -run TestMutants ./internal/chaos

.PHONY: cover
cover: ## Print the test coverage of polar and customers, and the lines not covered
	@f=$$(mktemp) && trap 'rm -f "$$f"' EXIT && \
	go test -count=1 -coverprofile="$$f" ./polar ./customers && \
	go tool cover -func="$$f" | awk '$$3 != "100.0%"'

.PHONY: release-notes
release-notes: ## Print what CHANGELOG.md says of VERSION (VERSION=v0.1.0)
	@awk -v v="$(VERSION:v%=%)" '/^## / { on = ($$2 == v) } on { print; found = 1 } END { if (!found) { print "CHANGELOG.md has no section " v > "/dev/stderr"; exit 1 } }' CHANGELOG.md

.PHONY: quickstart
quickstart: ## Take the tour on the embedded server
	go run ./examples/quickstart

.PHONY: fmt
fmt: ## Format the code
	gofmt -w $$(git ls-files '*.go')

.PHONY: fmt-check
fmt-check: ## Fail if gofmt would change a file
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt would change (run make fmt):"; echo "$$out"; exit 1; }

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

# go run would turn every failure into exit status 1.
refresher = tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	go build -o "$$tool/refresh" ./internal/refresh && "$$tool/refresh" -report '$(REPORT)' -from '$(FROM)'

.PHONY: refresh
refresh: ## Renew the contract and gen from Polar's document (FROM=file or URL, REPORT=file)
	@$(refresher)

# Make exits with 2 whatever a recipe's failure was, and with 1 only when it
# was asked a question. So refresh-check is a question: what begins with + runs
# all the same, and a recipe that is left to run is the answer "out of date".
.PHONY: refresh-check refresh-report
refresh-check: refresh-report ## Say what refresh would change: exit 0 nothing, 1 something, 2 error
	$(if $(shell cat '$(ANSWER)'; rm -f '$(ANSWER)'),@the contract would change)
ifeq ($(MAKECMDGOALS),refresh-check)
MAKEFLAGS += --question
ANSWER := $(shell mktemp)
endif
refresh-report:
	+@status=0; { $(refresher) -check; } || status=$$?; \
	case $$status in 0) ;; 1) echo changed >'$(ANSWER)' ;; *) rm -f '$(ANSWER)'; exit 2 ;; esac

.PHONY: refresh-propose
refresh-propose: ## Refresh, and open a pull request if the contract changed (for CI)
	@FROM='$(FROM)' sh internal/refresh/propose.sh

.PHONY: refresh-all-check
refresh-all-check: ## Generate and compile the whole document outside the tree (FROM=file or URL)
	@$(refresher) -all

.PHONY: interop
interop: ## Run Polar's TypeScript SDK against polar-sandbox and webhooks (needs node and npm)
	@sh polartest/interop/run.sh
	@sh webhook/interop/run.sh

# ROUNDS is how often each side does each work, WORK a regular expression of the
# works to measure. With node and npm, Polar's TypeScript SDK takes part.
ROUNDS ?= 9
WORK ?=

.PHONY: bench
bench: ## Measure against other clients, and fail above the limits (ROUNDS=9 WORK=list)
	@cd bench && go generate ./naive && tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && \
	go build -tags naive -o "$$tool/bench" . && \
	if command -v npm >/dev/null; then npm ci --prefix ts --silent --no-audit --no-fund && ts=-ts; else echo 'no npm: without the TypeScript SDK'; fi && \
	"$$tool/bench" -rounds $(ROUNDS) -only '$(WORK)' $$ts

.PHONY: budget
budget: ## Say what this module adds to a user's build, and fail above bench/budget/limits.txt
	@cd bench && go run ./budget

# N is how many edits to make, SEED where they begin.
N ?= 200
SEED ?= 1

.PHONY: mutate
mutate: ## Try random edits of the contract: reported, generated, compiled (N=200 SEED=1)
	@$(refresher) -mutate $(N) -seed $(SEED)
