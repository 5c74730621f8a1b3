// A real OpenID provider for tests. Its keys are new at each start; who signs in says which factors they show.
// node server.mjs PORT (0 chooses one); prints `listening on ADDRESS` once it answers.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import Provider from "oidc-provider";

const server = createServer();
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
const client = {
  client_id: "corroborate",
  application_type: "native",
  token_endpoint_auth_method: "none",
  id_token_signed_response_alg: "ES256",
  redirect_uris: ["http://127.0.0.1/signed-in"],
  grant_types: ["authorization_code"],
  response_types: ["code"],
};
const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [{ ...key, alg: "ES256", use: "sig" }] },
  cookies: { keys: [crypto.randomUUID()] },
  claims: { openid: ["sub", "badge", "ori", "amr"], acr: null, auth_time: null },
  acrValues: ["phr"],
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 3600 },
  // An account is `badge@ORI`.
  findAccount: (_, id) => {
    const [badge, ori] = id.split("@");
    return { accountId: id, claims: () => ({ sub: id, badge, ori }) };
  },
});

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (details.prompt.name === "consent") {
    const grant = new provider.Grant({ accountId: details.session.accountId, clientId: client.client_id });
    grant.addOIDCScope("openid profile");
    const consent = { grantId: await grant.save() };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  }
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    return response.end('<form method="post"><input name="account"><input name="amr"><input name="acr"></form>');
  }
  let body = "";
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  if (!form.get("account")) {
    const error = { error: "access_denied", error_description: "gave up" };
    return provider.interactionFinished(request, response, error);
  }
  const login = { accountId: form.get("account"), amr: form.get("amr")?.split(" ").filter(Boolean) };
  if (form.get("acr")) login.acr = form.get("acr");
  return provider.interactionFinished(request, response, { login });
}

const answer = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
console.log(`listening on ${issuer}`);
