// A real OpenID Connect issuer for applications that call for themselves. Prints {"issuer"}; then, for each line
// {"application"}, {"token"}: an access token of that application for `api://tenure`, without any scope or role.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { load, same } from './tools.mjs';

const { Provider } = await load('oidc-provider');

const RESOURCE = 'urn:tenure';
const applications = JSON.parse(process.argv[2]);

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(url, {
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig', kid: 'key' }] },
  clients: applications.map((id) => ({
    client_id: id, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    id_token_signed_response_alg: 'ES256',
  })),
  ttl: { ClientCredentials: 3600 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: '', audience: 'api://tenure', accessTokenFormat: 'jwt', accessTokenTTL: 3600,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});
server.on('request', provider.callback());
console.log(JSON.stringify({ issuer: url }));

for await (const line of createInterface({ input: process.stdin })) {
  const { application } = JSON.parse(line);
  const answer = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${application}:secret`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE }),
  });
  const given = await answer.json();
  same(`the issuer's answer ${JSON.stringify(given)}`, answer.status, 200);
  console.log(JSON.stringify({ token: given.access_token }));
}
process.exit(0);
