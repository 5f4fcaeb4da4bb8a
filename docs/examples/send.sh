#!/bin/sh
# A in Komatsu sends 愛貨 to B in Kanazawa, with curl.
#
#   sh send.sh [GATEWAY [AMOUNT]]           http://localhost:2001 and 200
#
# When the answer is lost, run it with the same ID again: it is sent once.
#   ID=019ab3c2-7c1e-7000-8000-000000000004 sh send.sh
gateway=${1:-http://localhost:2001}
amount=${2:-200}
if [ -n "$ID" ]; then id=",\"id\":\"$ID\""; else id=; fi

curl --silent --show-error --fail-with-body --max-time 20 \
  --header 'Content-Type: application/json' \
  --data "{\"sender\":\"A\",\"sender_municipality\":\"Asia-Komatsu\",
           \"receiver\":\"B\",\"receiver_municipality\":\"Asia-Kanazawa\",
           \"amount\":$amount,\"continent\":\"Asia\"$id}" \
  "$gateway/send"
