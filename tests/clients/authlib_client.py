"""PyPI authlib against the authorisation server. Prints one JSON object of what it saw."""

import html
import json
import os
import re
import sys
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

CASE = json.loads(os.environ["LAMBKIN_CASE"])
BASE, ACCOUNT = CASE["base"], CASE["account"]
AT = f"{BASE}/sentinel/api/account/{ACCOUNT}"


def log_in(address):
    """Fills the login page in, as a browser would, until the server sends it back to the app."""
    with requests.Session() as browser:
        reply = browser.get(address, allow_redirects=False)
        for _ in range(5):
            location = reply.headers.get("location")
            if location and location.startswith(CASE["redirectUri"]):
                return location
            if location:
                reply = browser.get(urljoin(reply.url, location), allow_redirects=False)
                continue
            form = re.search(r"<form[^>]*>", reply.text)
            if not form:
                break
            fields = {}
            for kind, attributes in re.findall(r"<(input|button)\b([^>]*)>", reply.text):
                found = {"type": "text", "value": "", **dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))}
                if "name" not in found or found["name"] in fields:
                    continue
                typed = {"password": CASE["password"], "text": CASE["username"]} if kind == "input" else {}
                fields[found["name"]] = typed.get(found["type"], html.unescape(found["value"]))
            action = dict(re.findall(r'([\w-]+)="([^"]*)"', form.group())).get("action", "")
            target = urljoin(reply.url, html.unescape(action))
            reply = browser.post(
                target,
                data=fields,
                headers={"origin": f"{urlsplit(target).scheme}://{urlsplit(target).netloc}"},
                allow_redirects=False,
            )
        raise RuntimeError(f"status {reply.status_code} at {reply.url}: {reply.text}")


def session(method, **more):
    return OAuth2Session(CASE["client"], CASE["secret"], token_endpoint_auth_method=method, **more)


def main():
    seen = {}
    keys = KeySet.import_key_set(requests.get(f"{BASE}/sentinel/well-known/jwks").json())
    ask = f"{BASE}/api/account/{ACCOUNT}/events/conversational_command/isImplemented?v=1"

    for method in ("client_secret_post", "client_secret_basic"):
        app = session(method)
        token = app.fetch_token(f"{AT}/app/token?v=2.0", grant_type="client_credentials")
        claims = jwt.decode(token["access_token"], keys).claims
        seen[method] = {
            "keys": sorted(set(token) - {"expires_at"}),
            "claims": {name: claims[name] for name in ("aud", "azp", "iss", "scope")},
            "lives": claims["exp"] - claims["iat"],
            "opens": app.get(ask).status_code,
        }

    app = session(
        "client_secret_basic",
        redirect_uri=CASE["redirectUri"],
        scope="faas.lambda.invoke",
        code_challenge_method="S256",
    )
    verifier = "a verifier must be at least forty-three letters".replace(" ", "-")
    address, state = app.create_authorization_url(f"{AT}/authorize?v=1.0", code_verifier=verifier)
    back = log_in(address)
    seen["state"] = parse_qs(urlsplit(back).query)["state"] == [state]
    token = app.fetch_token(f"{AT}/token?v=2.0", authorization_response=back, code_verifier=verifier, state=state)
    seen["id_token"] = jwt.decode(token["id_token"], keys).claims["aud"]
    seen["opens"] = app.get(ask).status_code
    first = token["refresh_token"]
    token = app.refresh_token(f"{AT}/token?v=2.0")
    seen["rotated"] = token["refresh_token"] != first
    seen["refreshed"] = app.get(ask).status_code
    seen["revoke"] = app.revoke_token(f"{AT}/token/revoke", token["access_token"]).status_code
    seen["revoked"] = requests.get(
        ask, headers={"authorization": f"Bearer {token['access_token']}"}
    ).status_code
    try:
        session("client_secret_post").fetch_token(f"{AT}/token?v=2.0", grant_type="refresh_token", refresh_token="no")
        seen["nonsense"] = "taken"
    except OAuthError as error:
        seen["nonsense"] = error.error
    json.dump(seen, sys.stdout)


main()
