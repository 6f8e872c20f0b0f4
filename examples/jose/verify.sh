#!/bin/sh
# Verifies one Countersign token with the jose command and prints its claims; exits with 0 only when all of it is good.
#   verify.sh <file with the key set> <issuer> <audience> <policy> <token
#   curl -fsS https://countersign.example/.well-known/jwks.json >keys.json
# Needs jose (latchset) and jq. jose checks the signature alone: everything after it is checked here.
set -eu

token=$(cat)
printf '%s' "${token%%.*}" | jose b64 dec -i- |
    jq -e '.alg == "ES256" and .typ == "eat+jwt"' >/dev/null || {
    echo "verify.sh: the header is not that of an ES256 eat+jwt" >&2
    exit 1
}
claims=$(printf '%s' "$token" | jose jws ver -i- -k "$1" -O-) || {
    echo "verify.sh: no published key made this signature" >&2
    exit 1
}
# A number is asked for by name: jq holds any text for greater than any number.
printf '%s' "$claims" | jq -e --arg issuer "$2" --arg audience "$3" --arg policy "$4" '
    .iss == $issuer and .aud == $audience
    and (.exp | type) == "number" and .exp > now
    and (.nbf | type) == "number" and .nbf <= now + 60
    and .ear_status == "affirming" and .countersign_policy_id == $policy' >/dev/null || {
    echo "verify.sh: the signature is good, a claim is not: issuer, audience, time, status or policy" >&2
    exit 1
}
printf '%s\n' "$claims"
