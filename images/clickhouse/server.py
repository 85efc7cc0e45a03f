"""ClickHouse's HTTP interface over chdb, which is its engine as a library: queries, /ping, users, and metrics.

Reads what the server proper reads of its configuration: users and passwords from /etc/clickhouse-server/users.d, and the
port of the metrics from config.d. One query runs at a time. There is no native protocol, no TLS and no replication.
"""

import base64
import hmac
import signal
import threading
from glob import glob
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from chdb.session import Session

CONFIGURATION = "/etc/clickhouse-server"
DATA = "/var/lib/clickhouse"
HTTP_PORT = 8123
LARGEST_BODY = 64 * 1024 * 1024

session = Session(f"{DATA}/chdb")
one_at_a_time = threading.Lock()


def read_users():
    users = {}
    for path in sorted(glob(f"{CONFIGURATION}/users.d/*.xml")):
        for user in ElementTree.parse(path).iterfind("users/*"):
            if user.get("remove") is not None:
                users.pop(user.tag, None)
            elif user.find("password") is not None:
                users[user.tag] = user.findtext("password") or ""
    return users


def read_metrics_port():
    for path in sorted(glob(f"{CONFIGURATION}/config.d/*.xml")):
        port = ElementTree.parse(path).findtext("prometheus/port")
        if port is not None:
            return int(port)
    return None


USERS = read_users()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "clickhouse-over-chdb"
    timeout = 30

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/ping":
            self.answer(200, b"Ok.\n")
        elif url.path == "/":
            self.query(parse_qs(url.query), b"", readonly=True)
        else:
            self.answer(404, b"use / or /ping\n")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or -1)
        if not 0 <= length <= LARGEST_BODY:
            self.close_connection = True
            self.answer(413 if length > 0 else 411, b"send a Content-Length of at most 64 MiB\n")
            return
        self.query(parse_qs(urlsplit(self.path).query), self.rfile.read(length), readonly=False)

    def query(self, parameters, body, readonly):
        if not self.may_enter(parameters):
            self.answer(403, b"Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)\n")
            return
        statement = "\n".join(part for part in [first(parameters, "query"), body.decode()] if part)
        given = {name[6:]: values[0] for name, values in parameters.items() if name.startswith("param_")}
        form = first(parameters, "default_format") or self.headers.get("X-ClickHouse-Format") or "TabSeparated"
        if readonly and statement.lstrip()[:6].upper() not in ("SELECT", "SHOW T", "SHOW D", "EXISTS"):
            self.answer(500, b"Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)\n")
            return
        try:
            self.answer(200, run(statement, form, given))
        except Exception as error:  # pylint: disable=broad-exception-caught
            unavailable = "Code: 60." in str(error) or "Code: 81." in str(error)
            self.answer(404 if unavailable else 500, f"{error}\n".encode())

    def may_enter(self, parameters):
        user = self.headers.get("X-ClickHouse-User") or first(parameters, "user")
        password = self.headers.get("X-ClickHouse-Key") or first(parameters, "password")
        scheme, _, encoded = (self.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() == "basic":
            try:
                user, _, password = base64.b64decode(encoded).decode().partition(":")
            except ValueError:
                return False
        expected = USERS.get(user or "default")
        return expected is not None and hmac.compare_digest(expected.encode(), (password or "").encode())

    def answer(self, status, body, kind="text/plain; charset=UTF-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Says nothing of each request, as the server proper does not."""


class MetricsHandler(Handler):
    def do_GET(self):
        if urlsplit(self.path).path != "/metrics":
            self.answer(404, b"use /metrics\n")
            return
        lines = []
        for prefix, kind, statement in METRICS:
            for line in run(statement, "TabSeparated", {}).decode().splitlines():
                name, value = line.split("\t")
                lines += [f"# TYPE {prefix}_{name} {kind}", f"{prefix}_{name} {value}"]
        self.answer(200, ("\n".join(lines) + "\n").encode(), "text/plain; version=0.0.4")

    def do_POST(self):
        self.close_connection = True
        self.answer(405, b"use GET\n")


METRICS = (
    ("ClickHouseMetrics", "gauge", "SELECT metric, value FROM system.metrics"),
    (
        "ClickHouseProfileEvents",
        "counter",
        "SELECT event, value FROM system.events SETTINGS system_events_show_zero_values = 1",
    ),
)


def run(statement, form, parameters):
    with one_at_a_time:
        return session.query(statement, form, params=parameters).bytes()


def first(parameters, name):
    return parameters.get(name, [""])[0]


def serve(port, handler):
    server = ThreadingHTTPServer(("", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    servers = [serve(HTTP_PORT, Handler)]
    metrics_port = read_metrics_port()
    if metrics_port is not None:
        servers.append(serve(metrics_port, MetricsHandler))
    print(f"serves HTTP on {HTTP_PORT}, metrics on {metrics_port}", flush=True)
    stop.wait()
    for server in servers:
        server.shutdown()
    with one_at_a_time:
        session.close()


main()
