"""A provider of OpenID Connect for the tests: Authlib's, which knows nothing of our code, behind a real socket.

It insists on what a strict house would: a registered client with its secret, the exact address to return to, PKCE with
S256, a nonce; it signs with RS256 and describes itself under `/.well-known/`. What it says of a person, and how it
misbehaves, the tests set.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "wissensportal", "geheim-und-lang-genug"
BACK = "http://testserver/accounts/directory/back/"
logging.getLogger("werkzeug").setLevel(logging.ERROR)


class Client(ClientMixin):
    def __init__(self, back: str) -> None:
        self.back = back

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    sub: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Provider:
    """People by their key, and what goes wrong."""

    address: str = ""
    back: str = BACK
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Whose browser it is: the person who would sign in there without being asked.
    here: str = ""
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "eins", "use": "sig", "alg": "RS256"})
    )
    fault: str = ""
    clock: int = 0
    in_token: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None, **header: Any) -> str:
        key = key or self.key
        return jwt.encode({"alg": "RS256", "kid": key.kid, **header}, claims, key)

    def logout_token(self, person: str, **changes: Any) -> str:
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": person,
            "iat": int(time.time()),
            "jti": "1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        return self.sign({name: value for name, value in (claims | changes).items() if value is not None})


def application(provider: Provider) -> flask.Flask:
    app = flask.Flask(__name__)
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 300}
    server = AuthorizationServer(
        app,
        query_client=lambda name: Client(provider.back) if name == CLIENT else None,
        save_token=lambda token, request: provider.tokens.update({token["access_token"]: request.user}),
    )

    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            provider.codes[code] = Code(
                code, request.user, data["redirect_uri"], data["scope"], data.get("nonce", ""),
                data.get("code_challenge", ""), data.get("code_challenge_method", ""),
            )  # fmt: skip

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.sub

    class Oidc(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Any) -> RSAKey:
            return provider.key

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.address, "aud": [CLIENT], "exp": int(time.time()) + 300}

        def get_client_algorithm(self, client: Any) -> str:
            return "RS256"

        def get_encode_header(self, client: Any) -> dict[str, Any]:
            return {"alg": "RS256", "kid": provider.key.kid}

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(sub=user)

    server.register_grant(Grant, [CodeChallenge(required=True), Oidc(require_nonce=True)])

    @app.before_request
    def misbehave() -> Any:
        provider.asked.append(flask.request.path)
        if provider.fault == f"500 {flask.request.path}":
            return "", 500
        if provider.fault == f"slow {flask.request.path}":
            time.sleep(0.6)
        if provider.fault == f"html {flask.request.path}":
            return "<html>"
        return None

    @app.get("/.well-known/openid-configuration")
    def describe() -> dict[str, Any]:
        at = provider.address
        return {
            "issuer": "https://anderswo.example" if provider.fault == "other issuer" else at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/jwks",
            "end_session_endpoint": f"{at}/bye",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize() -> Any:
        if provider.here not in provider.people:
            state, back = flask.request.args["state"], flask.request.args["redirect_uri"]
            silent = flask.request.args.get("prompt") == "none"
            return flask.redirect(f"{back}?error={'login_required' if silent else 'access_denied'}&state={state}")
        try:
            grant = server.get_consent_grant(end_user=provider.here)
        except OAuth2Error as error:
            return {"error": error.error}, 400
        return server.create_authorization_response(grant_user=provider.here, grant=grant)

    @app.post("/token")
    def token() -> Any:
        answer = server.create_token_response()
        if answer.status_code == 200 and (provider.clock or provider.in_token or provider.fault in FORGED):
            body = answer.get_json()
            claims = dict(jwt.decode(body["id_token"], provider.key).claims)
            claims |= {name: claims[name] + provider.clock for name in ("iat", "exp")} | provider.in_token
            claims = {name: value for name, value in claims.items() if value is not None}
            body["id_token"] = FORGED.get(provider.fault, lambda provider, claims: provider.sign(claims))(
                provider, claims
            )
            answer.set_data(flask.json.dumps(body))
        return answer

    @app.get("/userinfo")
    def userinfo() -> Any:
        sub = provider.tokens.get(flask.request.headers.get("Authorization", "").removeprefix("Bearer "))
        if sub is None:
            return {"error": "invalid_token"}, 401
        return {"sub": "jemand-anderes" if provider.fault == "other person" else sub} | provider.people[sub]

    return app


def _unsigned(provider: Provider, claims: dict[str, Any]) -> str:
    _head, body, _signature = provider.sign(claims).split(".")
    none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    return f"{none}.{body}."


FOREIGN = RSAKey.generate_key(2048, {"kid": "eins"})
FORGED: dict[str, Any] = {
    "foreign key": lambda provider, claims: provider.sign(claims, FOREIGN),
    "unknown key": lambda provider, claims: provider.sign(claims, kid="zwei"),
    "unsigned": _unsigned,
    "torn": lambda provider, claims: provider.sign(claims)[:-9],
    "number": lambda provider, claims: 5,
}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    server = make_server("127.0.0.1", 0, application(provider), threaded=True)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
