"""The web's listening sockets, opened here so that nobody can take the port in between, and the
question whether the application is ready."""

import errno
import http.client
import socket

from launcher.console import Refusal

TRIES = 100
LOCALHOST = "localhost"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared only)


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets on `port` or the next free one. `localhost` means both of its addresses, so that a
    browser cannot end up with another program behind the same name."""
    for candidate in range(port, min(port + TRIES, 65536)):
        sockets = _listen_exactly(host, candidate)
        if sockets:
            return sockets
    raise Refusal(f"No free port from {port} on.")


def _listen_exactly(host: str, port: int) -> list[socket.socket]:
    addresses = ["127.0.0.1", "::1"] if host == LOCALHOST else [host]
    sockets: list[socket.socket] = []
    for address in addresses:
        try:
            sockets.append(_bind(address, port))
        except OSError as problem:
            if address == "::1" and problem.errno != errno.EADDRINUSE:
                continue  # a machine without IPv6
            for opened in sockets:
                opened.close()
            if problem.errno == errno.EADDRINUSE:
                return []
            raise Refusal(f"Cannot listen on {address}:{port}: {problem.strerror}.") from None
    return sockets


def _bind(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((address, port))
        opened.listen(512)
    except OSError:
        opened.close()
        raise
    return opened


def site(host: str, port: int) -> str:
    """Passkeys need a host name, so this machine is called `localhost`, not 127.0.0.1."""
    if host in {"127.0.0.1", "::1", *EVERYWHERE}:
        host = LOCALHOST
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_ready(host: str, port: int) -> tuple[bool, str]:
    """Whether /readyz answers 200, and what it says otherwise."""
    address = "127.0.0.1" if host in {LOCALHOST, *EVERYWHERE} else host
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        body = response.read(2000).decode(errors="replace").strip()
        return response.status == http.client.OK, f"{response.status} {body}"
    except (OSError, http.client.HTTPException) as problem:
        return False, str(problem) or type(problem).__name__
    finally:
        connection.close()
