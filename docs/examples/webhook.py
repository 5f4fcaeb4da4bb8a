# Takes Aika's webhooks, with nothing to install.
#
#   AIKA_WEBHOOK_SECRET=whsec_… python3 webhook.py [PORT]        PORT is 8000
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

SECRET = base64.b64decode(os.environ["AIKA_WEBHOOK_SECRET"].removeprefix("whsec_"))
CLOCKS_APART_MAX = 300  # seconds
done = set()  # ids; keep them where your own work is kept, as a unique key for example


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204 if self.signed(body) else 401)
        self.send_header("Connection", "close")
        self.end_headers()

    def signed(self, body):
        event, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        content = (event + "." + at + ".").encode() + body
        mac = hmac.new(SECRET, content, hashlib.sha256).digest()
        mine = "v1," + base64.b64encode(mac).decode()
        theirs = self.headers["webhook-signature"].split()
        if not any(hmac.compare_digest(mine, one) for one in theirs):
            return False
        if abs(time.time() - int(at)) > CLOCKS_APART_MAX:
            return False
        if event not in done:  # the same event may come twice
            print(event, json.dumps(json.loads(body)["data"]["facts"]), flush=True)
            done.add(event)
        return True


port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
server = http.server.HTTPServer(("127.0.0.1", port), Hook)
print("listening on", server.server_port, flush=True)
server.serve_forever()
