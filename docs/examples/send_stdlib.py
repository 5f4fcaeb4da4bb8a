# send.py without any package to install: A in Komatsu sends 200 愛貨 to B in Kanazawa.
#
#   python3 send_stdlib.py [GATEWAY]        GATEWAY is http://localhost:2001
import json
import sys
import urllib.error
import urllib.request

gateway = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:2001"

transaction_data = {
    "sender": "A",
    "sender_municipality": "Asia-Komatsu",
    "receiver": "B",
    "receiver_municipality": "Asia-Kanazawa",
    "amount": 200,
    "continent": "Asia",
}

request = urllib.request.Request(
    gateway + "/send",
    data=json.dumps(transaction_data).encode("utf-8"),
    headers={"Content-Type": "application/json"},
)
try:
    with urllib.request.urlopen(request, timeout=20) as response:
        print(json.dumps(json.load(response), ensure_ascii=False))
except urllib.error.HTTPError as refused:
    # A refusal says why: "code" is stable, "ja" and "en" are for people.
    problem = json.load(refused)
    sys.exit(problem["code"] + ": " + problem["en"] + " / " + problem["ja"])
