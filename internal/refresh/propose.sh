#!/bin/sh
# Refreshes the contract and, if it changes, opens a pull request with the report
# as its text. Run it as make refresh-propose, in a clone whose origin is the
# repository for the pull request. FROM is the document.
set -eu

report=$(mktemp)
trap 'rm -f "$report"' EXIT

# If generation fails, the contract is updated nevertheless, and the pull request
# says what to do.
status=0
make --no-print-directory refresh FROM="${FROM:-}" REPORT="$report" || status=$?
if git diff --quiet -- openapi/polar.yaml; then
	[ "$status" -eq 0 ] && echo "Nothing to propose."
	exit "$status"
fi

# The name of the branch depends on the contract only, so that nothing is proposed
# twice.
branch=refresh-$(git hash-object openapi/polar.yaml | cut -c1-12)
if git ls-remote --exit-code --heads origin "$branch" >/dev/null; then
	echo "$branch is already proposed."
	exit 0
fi
title=$(sed -n '1s/^# //p' "$report")
git switch --quiet --create "$branch"
git add --update
git commit --quiet --message "Follow $title"
git push --quiet origin "$branch"
gh pr create --head "$branch" --title "Follow $title" --body-file "$report"
