"""What schemathesis cannot know by itself: how a WebAssembly module is sent, and which ids lead somewhere.

Generated ids are nobody's, so that most calls would only ever meet a 404. Three of four calls get the id of something
that is there; what a call deletes or takes out of service is made for it alone.
"""

import itertools
import json
import os
import urllib.request

import schemathesis

BASE = os.environ["LAMBKIN_BASE"]
HEADERS = {"authorization": "Bearer lambkin-dev-token", "content-type": "application/json"}
CODE = "function lambda(input, callback) { callback(null, { given: input.payload }); }"

number = itertools.count()
calls = itertools.count()
shared = {}


@schemathesis.serializer("application/wasm")
def as_it_is(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


def call(method, path, body=None):
    url = f"{BASE}/api/account/123456/{path}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, HEADERS, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def lambda_():
    new = {
        "uuid": "",
        "version": -1,
        "name": f"fuzzed_{next(number)}",
        "description": "for generated calls",
        "implementation": {"code": CODE, "dependencies": [], "environmentVariables": []},
    }
    return call("POST", "lambdas", new)["uuid"]


def deployed():
    uuid = lambda_()
    call("POST", f"deployments/{uuid}")
    for _ in range(1_000):
        if call("GET", f"lambdas/{uuid}")[0]["state"] == "Productive":
            return uuid
    raise RuntimeError(f"the deployment of {uuid} has no end")


def user():
    new = {"loginName": f"fuzzed{next(number)}", "fullName": "F", "email": "f@example.com"}
    return call("POST", "users", {**new, "permissions": ["FaaS-Invocation"]})["userId"]


def profile():
    new = {"name": f"fuzzed {next(number)}", "permissions": ["FaaS-Invocation"]}
    return call("POST", "profiles", new)["profileId"]


def app():
    return call("POST", "app-installations", {"client_name": f"fuzzed {next(number)}"})["client_id"]


def schedule():
    new = {"lambdaUUID": of("lambda"), "cronExpression": "0 0 1 1 *", "isActive": False, "uuid": ""}
    return call("POST", "schedules", new)["uuid"]


def secret():
    return call("POST", "secrets", {"key": f"fuzzed_{next(number)}", "value": "x"})["key"]


def domain():
    return call("POST", "proxy-settings", {"domain": f"fuzzed{next(number)}.example", "id": -1})["id"]


MAKERS = {
    "lambda": lambda_,
    "deployed": deployed,
    "user": user,
    "profile": profile,
    "app": app,
    "schedule": schedule,
    "secret": secret,
    "domain": domain,
}

# The part of a path behind the account, and what its id is the id of.
KINDS = {
    "lambdas": "lambda",
    "deployments": "deployed",
    "reports": "deployed",
    "users": "user",
    "profiles": "profile",
    "app-installations": "app",
    "schedules": "schedule",
    "secrets": "secret",
    "proxy-settings": "domain",
}


def of(kind):
    if kind not in shared:
        shared[kind] = MAKERS[kind]()
    return shared[kind]


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    operation = ctx.operation
    part = operation.path.removeprefix("/api/account/{account}/").split("/")[0]
    name = next((name for name in ("uuid", "id") if name in (path_parameters or {})), None)
    if part not in KINDS or name is None or next(calls) % 4 == 3:
        return path_parameters
    kind = KINDS[part]
    if operation.path.endswith(("/invoke", "/rollback")):
        kind = "deployed"
    path_parameters[name] = MAKERS[kind]() if operation.method.upper() == "DELETE" else of(kind)
    if "version" in path_parameters:
        path_parameters["version"] = 1
    return path_parameters
