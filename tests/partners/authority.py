"""A small Microsoft Entra on this machine: keys, tokens, and whatever a test wants them to say."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
SECRET = "entra-secret"
KID = "key-1"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Authority:
    """`claims` are what the next token says besides the usual; None takes one away."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = self.signing_key = new_key()
        self.tenant_id: UUID = uuid4()
        self.claims: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.nonce = self.challenge = ""
        self.asked: list[dict[str, str]] = []

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": f"{self.address}/{self.tenant_id}/v2.0",
            "aud": CLIENT_ID,
            "tid": str(self.tenant_id),
            "sub": "pairwise",
            "oid": "00000000-0000-0000-0000-000000000001",
            "iat": now,
            "exp": now + 3600,
            "nonce": self.nonce,
            "ver": "2.0",
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.signing_key if self.algorithm == "RS256" else None
        return jwt.encode(told, key, algorithm=self.algorithm, headers={"kid": KID})

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KID, "use": "sig", "alg": "RS256"}]}

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked.append(form)
        digest = sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (form["client_secret"], challenge) != (SECRET, self.challenge):
            return {"error": "invalid_grant"}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}


@contextmanager
def running() -> Iterator[Authority]:
    """On a port of its own, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    authority = Authority(f"http://127.0.0.1:{server.server_port}")
    server.authority = authority  # type: ignore[attr-defined]  # what the handler answers with
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(self._authority.keys())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self._authority.exchange(form))

    @property
    def _authority(self) -> Authority:
        authority: Authority = self.server.authority  # type: ignore[attr-defined]  # as above
        return authority

    def _answer(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(400 if "error" in told else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""
