// A strict OpenID provider on this machine, for tests: `node oidc.mjs PORT REDIRECT_URI`. Its people are whoever types a name.
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = {
  nina: { email: "nina@allowed.example", email_verified: true, name: "Nina Nova", groups: ["sales", "chiefs"] },
  ada: { email: "ada@example.com", email_verified: true, name: "Ada Elsewhere", groups: [] },
  unsure: { email: "ada@example.com", email_verified: false, name: "Not Ada", groups: [] },
};
const provider = new Provider(issuer, {
  clients: [{ client_id: "kith", client_secret: "a secret of forty characters, as it should", redirect_uris: [redirect], token_endpoint_auth_method: "client_secret_basic" }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
  pkce: { required: () => true },
  cookies: { keys: ["a key of this test"] },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.on("server_error", (_ctx, error) => console.error(error));
provider.on("grant.error", (_ctx, error) => console.error(error.message, error.error_description));
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
