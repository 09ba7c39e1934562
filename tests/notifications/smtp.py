"""A real mail server on this machine, as small as SMTP allows; it keeps what it takes."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """`refused` addresses get a 550; after `drops_after` mails the connection breaks instead."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    refused: set[str] = field(default_factory=set)
    drops_after: int | None = None

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    def readers(self) -> list[str]:
        return sorted(str(mail["To"].addresses[0].addr_spec) for mail in self.mails)

    @property
    def is_full(self) -> bool:
        return self.drops_after is not None and len(self.mails) >= self.drops_after


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    sink: Sink


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        # A client that is killed does not say good-bye.
        with suppress(ConnectionError):
            self._talk()

    def _talk(self) -> None:
        self.server.sink.connections += 1
        self._say("220 sink")
        while line := self.rfile.readline():
            command, _space, argument = line.decode().strip().partition(" ")
            if command.upper() == "QUIT":
                self._say("221 bye")
                return
            if not self._obey(command.upper(), argument):
                return

    def _obey(self, command: str, argument: str) -> bool:
        """False breaks the connection."""
        if command == "DATA":
            return self._take_mail()
        if command == "RCPT" and any(one in argument for one in self.server.sink.refused):
            self._say("550 no such person")
        else:
            self._say("250 ok")
        return True

    def _take_mail(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        sink = self.server.sink
        if sink.is_full or not line:
            return False
        sink.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 taken")
        return True

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def mail_server(sink: Sink | None = None) -> Iterator[Sink]:
    """Runs on the sink's port, so that a server that was away can come back at its place."""
    sink = sink or Sink()
    with _Server(("127.0.0.1", sink.port), _Session) as server:
        server.sink = sink
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield sink
        finally:
            server.shutdown()
