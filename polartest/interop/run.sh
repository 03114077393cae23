#!/bin/sh
# Runs Polar's TypeScript SDK against polar-sandbox, in a temporary directory.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for tool in node npm; do
	command -v "$tool" >/dev/null || {
		echo "interop: skipped, $tool is not installed"
		exit 0
	}
done
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cp "$here"/*.mjs "$here"/package.json "$here"/package-lock.json "$dir"
(cd "$dir" && npm ci --no-audit --no-fund --loglevel=error)
(cd "$here" && go build -o "$dir/polar-sandbox" ../../cmd/polar-sandbox)
"$dir/polar-sandbox" -addr 127.0.0.1:0 -load "$here/seed.json" >"$dir/log" &
server=$!
url=
tries=0
while [ -z "$url" ] && [ $tries -lt 50 ]; do
	sleep 0.1
	tries=$((tries + 1))
	url=$(sed -n 's/^ *URL *//p' "$dir/log")
done
[ -n "$url" ] || {
	echo 'interop: polar-sandbox did not start'
	cat "$dir/log"
	exit 1
}
cd "$dir"
node interop.mjs "$url"
node purchase.mjs "$dir/polar-sandbox" "$here/../../cmd/polar-sandbox/seed.json"
