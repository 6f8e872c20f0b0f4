#!/bin/sh
# Writes the keys that Countersign publishes as PEM files, which is the form in which HAProxy reads them.
#   keys.sh <address of the key set> <folder>
# Exits with 0 when the files changed, 10 when they are as they were, 1 in trouble. HAProxy reads them at start, hence:
#   keys.sh https://countersign.example/.well-known/jwks.json /etc/haproxy/countersign && systemctl reload haproxy
# Needs curl, jq, openssl. Run it every minute: a key that is withdrawn is believed until the next run and reload.
set -eu

keyset=$(curl --fail --silent --show-error --max-time 10 "$1")
folder=$2
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# base64url of 32 bytes as hex.
hex() {
    printf '%s=' "$1" | tr '_-' '/+' | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n'
}

number=0
for key in $(printf '%s' "$keyset" | jq -r '.keys[] | select(.kty=="EC" and .crv=="P-256" and .alg=="ES256") | .x+":"+.y'); do
    number=$((number + 1))
    # RFC 5480: the fixed beginning of a SubjectPublicKeyInfo on P-256, then the uncompressed point.
    point=3059301306072a8648ce3d020106082a8648ce3d03010703420004$(hex "${key%%:*}")$(hex "${key#*:}")
    printf '%s' "$point" | sed 's/../\\\\x&/g' | xargs printf '%b' |
        openssl pkey -pubin -inform DER -out "$work/signing-$number.pem"
done
if [ "$number" -lt 1 ] || [ "$number" -gt 3 ]; then
    echo "keys.sh: $1 publishes $number ES256 keys; expected 1 to 3; the files stay as they are." >&2
    exit 1
fi
# haproxy.cfg names three files, and every one has to be there.
while [ "$number" -lt 3 ]; do
    number=$((number + 1))
    cp "$work/signing-1.pem" "$work/signing-$number.pem"
done

mkdir -p "$folder"
unchanged=10
for name in signing-1.pem signing-2.pem signing-3.pem; do
    if ! cmp -s "$work/$name" "$folder/$name"; then
        cp "$work/$name" "$folder/.$name.new"
        mv "$folder/.$name.new" "$folder/$name"
        unchanged=0
    fi
done
exit $unchanged
