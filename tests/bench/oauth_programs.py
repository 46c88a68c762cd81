"""What programs of others do in tests.bench.oauth_clients: one with Authlib (Python), one with oauth4webapi (JavaScript)."""

AUTHLIB = r"""import json
import os
import sys
from urllib.parse import parse_qs, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from authlib.common.security import generate_token  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata  # noqa: E402

given = json.loads(sys.stdin.readline())
passed, faults = [], []
here = requests.get(given["url"] + "/.well-known/oauth-authorization-server", timeout=30).json()


def ask(url, answer="let_in"):
    print(json.dumps({"ask": url, "answer": answer}), flush=True)
    return json.loads(sys.stdin.readline())


def check(name, right):
    (passed if right else faults).append(name)


def refused(work, error):
    try:
        work()
    except Exception as caught:
        return getattr(caught, "error", "") == error
    return False


class Client:
    def __init__(self, app, **more):
        self.session = OAuth2Session(
            app["id"], app["secret"] or None, scope="contacts.person:view", redirect_uri=given["back"],
            code_challenge_method="S256", token_endpoint_auth_method=more.pop("way"), **more,
        )  # fmt: skip

    def begins(self, answer="let_in", way="S256", **more):
        self.verifier = generate_token(48)
        url, self.state = self.session.create_authorization_url(
            here["authorization_endpoint"], code_verifier=self.verifier, **more
        )
        return ask(url.replace("code_challenge_method=S256", f"code_challenge_method={way}"), answer)

    def comes_in(self):
        self.back = self.begins()["back"]
        return self.exchanges()

    def exchanges(self):
        return self.session.fetch_token(
            here["token_endpoint"], authorization_response=self.back, state=self.state, code_verifier=self.verifier
        )

    def status(self, text):
        headers = {"Authorization": f"Bearer {text}"}
        return requests.get(given["url"] + "/api/v1/people", headers=headers, timeout=30).status_code


# RFC 8414 wants https, which a house on one's own computer has not.
AuthorizationServerMetadata(json.loads(json.dumps(here).replace(given["url"], "https://kith.example"))).validate()
check("metadata", True)
apps = given["apps"]
for way, app in (
    ("client_secret_basic", apps["confidential"]), ("client_secret_post", apps["confidential"]), ("none", apps["public"]),
):  # fmt: skip
    client = Client(app, way=way)
    first = dict(client.comes_in())
    check(f"{way}: comes in", client.status(first["access_token"]) == 200 and first["expires_in"] == 3600)
    second = dict(client.session.refresh_token(here["token_endpoint"], refresh_token=first["refresh_token"]))
    check(f"{way}: renews", client.status(second["access_token"]) == 200 and second["refresh_token"] != first["refresh_token"])
    again = lambda text: client.session.refresh_token(here["token_endpoint"], refresh_token=text)  # noqa: E731
    check(f"{way}: not twice", refused(lambda: again(first["refresh_token"]), "invalid_grant"))
    check(f"{way}: which ends all", client.status(second["access_token"]) == 401)
    text = dict(client.comes_in())["access_token"]
    check(f"{way}: no code twice", refused(client.exchanges, "invalid_grant") and client.status(text) == 401)
    text = dict(client.comes_in())["access_token"]
    client.session.revoke_token(here["revocation_endpoint"], token=text)
    check(f"{way}: revokes", client.status(text) == 401)
    led = client.begins(way="plain")
    check(f"{way}: not plain", parse_qs(urlsplit(led["back"]).query)["error"] == ["invalid_request"])
    led = client.begins(redirect_uri="https://evil.example/")
    check(f"{way}: nowhere else", led == {"status": 400})
    led = client.begins("refuse")
    check(f"{way}: is told no", parse_qs(urlsplit(led["back"]).query)["error"] == ["access_denied"])
    led = client.begins(scope="contacts.person:conquer")
    check(f"{way}: no such scope", parse_qs(urlsplit(led["back"]).query)["error"] == ["invalid_scope"])
    if way != "none":
        text = dict(client.comes_in())["access_token"]
        said = client.session.introspect_token(here["introspection_endpoint"], token=text).json()
        check(f"{way}: asks", said["active"] and said["scope"] == "contacts.person:view")
print(json.dumps({"found": {"passed": len(passed), "faults": faults}}), flush=True)
"""

OAUTH4WEBAPI = r"""import { createInterface } from "node:readline";
import * as oauth from "oauth4webapi";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const heard = async () => JSON.parse((await lines.next()).value);
const given = await heard();
const passed = [], faults = [];
const plain = { [oauth.allowInsecureRequests]: true };

async function check(name, work) {
  try {
    await work();
    passed.push(name);
  } catch (error) {
    faults.push(`${name}: ${error.code ?? ""} ${error.error ?? ""} ${error.message}`);
  }
}
async function fails(error, work) {
  try {
    await work();
  } catch (caught) {
    if (caught.error === error) return;
    throw caught;
  }
  throw new Error(`not refused as ${error}`);
}
async function ask(url, answer = "let_in") {
  console.log(JSON.stringify({ ask: url.href, answer }));
  return heard();
}

const issuer = new URL(given.url);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...plain }));
const { confidential, public: open } = given.apps;
const ways = {
  "secret in the header": [{ client_id: confidential.id }, oauth.ClientSecretBasic(confidential.secret)],
  "secret in the body": [{ client_id: confidential.id }, oauth.ClientSecretPost(confidential.secret)],
  "no secret": [{ client_id: open.id }, oauth.None()],
};

for (const [way, [client, proof]] of Object.entries(ways)) {
  const begin = async (change = {}, answer = "let_in") => {
    const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState();
    const url = new URL(as.authorization_endpoint);
    const told = {
      client_id: client.client_id, redirect_uri: given.back, response_type: "code", scope: "contacts.person:view contacts.company:view",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", state, ...change,
    };
    for (const [name, value] of Object.entries(told)) url.searchParams.set(name, value);
    return { verifier, state, led: await ask(url, answer) };
  };
  const tokens = async () => {
    const { verifier, state, led } = await begin();
    const params = oauth.validateAuthResponse(as, client, new URL(led.back), state);
    const answer = await oauth.authorizationCodeGrantRequest(as, client, proof, params, given.back, verifier, plain);
    return { params, verifier, said: await oauth.processAuthorizationCodeResponse(as, client, answer) };
  };
  const renew = async (text) =>
    oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, proof, text, plain));
  const status = async (token, path = "/api/v1/people", method = "GET", body = null) => {
    const headers = new Headers(body ? { "content-type": "application/json" } : {});
    try {
      return (await oauth.protectedResourceRequest(token, method, new URL(given.url + path), headers, body, plain)).status;
    } catch (error) {
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response.status;
      throw error;
    }
  };
  const is = (one, other) => { if (one !== other) throw new Error(`${one} is not ${other}`) };

  await check(`${way}: reads what was agreed to and no more`, async () => {
    const { said } = await tokens();
    is(said.scope, "contacts.company:view contacts.person:view");
    is(await status(said.access_token), 200);
    is(await status(said.access_token, "/api/v1/people", "POST", '{"values": {"name": "X"}}'), 403);
    is(await status(said.access_token, "/api/v1/affiliations"), 403);
  });
  await check(`${way}: is told that it was not let in`, async () => {
    const { state, led } = await begin({}, "refuse");
    await fails("access_denied", async () => oauth.validateAuthResponse(as, client, new URL(led.back), state));
  });
  await check(`${way}: a plain challenge is refused`, async () => {
    const { state, led } = await begin({ code_challenge_method: "plain" });
    await fails("invalid_request", async () => oauth.validateAuthResponse(as, client, new URL(led.back), state));
  });
  await check(`${way}: nobody is sent to another address`, async () => {
    const { led } = await begin({ redirect_uri: "https://evil.example/back" });
    is(led.status, 400);
  });
  await check(`${way}: another verifier is refused`, async () => {
    const { state, led } = await begin();
    const params = oauth.validateAuthResponse(as, client, new URL(led.back), state);
    const other = oauth.generateRandomCodeVerifier();
    const answer = await oauth.authorizationCodeGrantRequest(as, client, proof, params, given.back, other, plain);
    await fails("invalid_grant", () => oauth.processAuthorizationCodeResponse(as, client, answer));
  });
  await check(`${way}: a code that comes twice ends what it opened`, async () => {
    const { params, verifier, said } = await tokens();
    const answer = await oauth.authorizationCodeGrantRequest(as, client, proof, params, given.back, verifier, plain);
    await fails("invalid_grant", () => oauth.processAuthorizationCodeResponse(as, client, answer));
    is(await status(said.access_token), 401);
  });
  await check(`${way}: is renewed, and a renewal that comes twice ends everything`, async () => {
    const { said } = await tokens();
    const next = await renew(said.refresh_token);
    is(await status(next.access_token), 200);
    await fails("invalid_grant", () => renew(said.refresh_token));
    is(await status(next.access_token), 401);
    await fails("invalid_grant", () => renew(next.refresh_token));
  });
  await check(`${way}: revokes`, async () => {
    const { said } = await tokens();
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof, said.refresh_token, plain));
    is(await status(said.access_token), 401);
  });
  if (client.client_id === confidential.id) {
    await check(`${way}: asks what a token is`, async () => {
      const { said } = await tokens();
      const about = async (text) =>
        oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof, text, plain));
      is((await about(said.access_token)).active, true);
      is((await about("nothing")).active, false);
    });
    await check(`${way}: a wrong secret is refused as RFC 6749 says`, async () => {
      const wrong = way.includes("header") ? oauth.ClientSecretBasic("wrong") : oauth.ClientSecretPost("wrong");
      const answer = await oauth.refreshTokenGrantRequest(as, client, wrong, "nothing", plain);
      is(answer.status, 401);
      is(answer.headers.get("www-authenticate").split(" ")[0], "Basic");
      is((await answer.json()).error, "invalid_client");
    });
  }
}
console.log(JSON.stringify({ found: { passed: passed.length, faults } }));
process.exit(0);
"""
