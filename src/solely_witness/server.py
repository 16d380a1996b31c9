"""The two addresses of a witness over HTTP: `POST /add-checkpoint` and `GET /<hash>/checkpoint`."""

import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any

from solely_witness.cosigning import BODY_MAX, Cosigner, Reply

_SECONDS_MAX = 60  # that a kept connection may be idle


class WitnessServer(ThreadingHTTPServer):
    """A server whose kept connections end with it."""

    daemon_threads = True

    def __init__(self, *words: Any) -> None:
        self._kept: set[socket] = set()
        super().__init__(*words)

    def get_request(self) -> tuple[socket, Any]:
        """The next connection."""
        connection, address = super().get_request()
        self._kept.add(connection)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing of a caller that hung up before its answer; of anything else what went wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End one connection."""
        self._kept.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """End every connection."""
        super().server_close()
        for each in list(self._kept):
            with suppress(OSError):
                each.shutdown(SHUT_RDWR)


def make_server(cosigner: Cosigner, host: str, port: int) -> WitnessServer:
    """A server for this witness, bound and not yet running."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept
        timeout = _SECONDS_MAX
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self.close_connection = True
                return self._reply(Reply(404))
            if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > BODY_MAX:
                self.close_connection = True
                return self._reply(Reply(400, b"a body of known, small length is expected\n"))
            return self._reply(cosigner.add_checkpoint(self.rfile.read(int(length))))

        def do_GET(self) -> None:
            parts = self.path.split("/")
            is_known = len(parts) == 3 and parts[2] == "checkpoint"
            self._reply(cosigner.show(parts[1]) if is_known else Reply(404))

        def _reply(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *words: Any) -> None:
            """Nothing is printed for each request."""

    return WitnessServer((host, port), Handler)
