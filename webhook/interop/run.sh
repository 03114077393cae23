#!/bin/sh
# Compares package webhook with the official verifiers, in a temporary directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for tool in node npm; do
	command -v "$tool" >/dev/null || {
		echo "webhook interop: skipped, $tool is not installed"
		exit 0
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$here"/*.mjs "$here"/package.json "$here"/package-lock.json "$dir"
(cd "$dir" && npm ci --no-audit --no-fund --loglevel=error)
(cd "$here" && go build -o "$dir/interop" .)
cd "$dir" && node interop.mjs "$dir/interop"
