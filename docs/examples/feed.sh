#!/bin/sh
# Follows a chain's feed with curl: sends and receives of one account, or of everybody.
#
#   feed.sh http://localhost:2001 Asia-Komatsu [account]
#
# Each event is three lines and an empty one; `id` is where to go on:
#   curl -N -H 'Last-Event-ID: Asia-Komatsu:13' …
set -eu

gateway=$1
chain=$2
account=${3:-}

query='kind=send&kind=receive&from=0'
if [ -n "$account" ]; then
  query="$query&account=$account"
fi

# -N: show each event as it comes. -f: a refusal is an error.
exec curl -sSfN -H 'Accept: text/event-stream' "$gateway/chains/$chain/feed?$query"
