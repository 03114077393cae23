#!/bin/sh
# Refreshes the contract and, if it changed, proposes that as a pull request
# with the report as its text. Run it as make refresh-propose, in a clone whose
# origin is the place to propose to. FROM is the document.
set -eu

report=$(mktemp)
trap 'rm -f "$report"' EXIT

# Where generation fails the contract is renewed all the same: then the report
# says what to do, which is what the pull request is for.
status=0
make --no-print-directory refresh FROM="${FROM:-}" REPORT="$report" || status=$?
if git diff --quiet -- openapi/polar.yaml; then
	[ "$status" -eq 0 ] && echo "Nothing to propose."
	exit "$status"
fi

# The branch is named after the contract, so that nothing is proposed twice.
branch=refresh-$(git hash-object openapi/polar.yaml | cut -c1-12)
if git ls-remote --exit-code --heads origin "$branch" >/dev/null; then
	echo "$branch is proposed already."
	exit 0
fi
title=$(sed -n '1s/^# //p' "$report")
git switch --quiet --create "$branch"
git add -- openapi/polar.yaml gen
git commit --quiet --message "Follow $title"
git push --quiet origin "$branch"
gh pr create --head "$branch" --title "Follow $title" --body-file "$report"
