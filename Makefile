# The module's chores. Run make alone to see them.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# FROM is Polar's OpenAPI document, a file or a URL; without it, the one that
# openapi/slice.yaml names.
FROM ?=

.PHONY: help
help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: refresh
refresh: ## Renew openapi/polar.yaml from Polar's document (FROM=file or URL)
	@go run ./internal/refresh -from '$(FROM)'
