#!/bin/sh
# Refreshes the contract and, if it changes, opens a pull request whose text is the
# report. make refresh-propose runs it, in a clone whose origin is the repository for
# the pull request. FROM is the document.
set -eu

report=$(mktemp)
text=$(mktemp)
trap 'rm -f "$report" "$text"' EXIT

# If generation fails, refresh still updates the contract, and the report says what
# to do.
status=0
make --no-print-directory refresh FROM="${FROM:-}" REPORT="$report" || status=$?
if git diff --quiet -- openapi/polar.yaml; then
	[ "$status" -eq 0 ] && echo "Nothing to propose."
	exit "$status"
fi

# The name of the branch depends on the contract alone, so nothing is proposed twice.
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
# GitHub refuses a text of more than 65,536 characters.
awk '(size += length($0) + 1) > 60000 { print "\nThe report is cut here. On the main branch, `make refresh-check` prints all of it."; exit } { print }' "$report" >"$text"
gh pr create --head "$branch" --title "Follow $title" --body-file "$text" || {
	# Without a pull request the branch would count as proposed.
	git push --quiet origin --delete "$branch"
	exit 1
}
