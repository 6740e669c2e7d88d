// A real OpenID Connect issuer and the callers it vouches for. Says nothing but where the issuer is if all is as it should be.
//
// Prints {"issuer"} and waits for {"server"}, the address of a Tenure that accepts its tokens for `api://tenure`.

import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { load, same } from './tools.mjs';

const { Provider } = await load('oidc-provider');

const READ = 'LifecycleWorkflows.Read.All';
const WRITE = 'LifecycleWorkflows.ReadWrite.All';
const SCOPES = [READ, WRITE, 'User.Read.All'];
const ANN = '0b6c2f0e-3f5d-4c55-9a64-0d0f6f1f2a11';
const WORKFLOWS = '/v1.0/identityGovernance/lifecycleWorkflows/workflows';

// What an application may ask for: each is a way in which issuers write tokens, or get them wrong.
const RESOURCES = {
  'urn:rs256': {},
  'urn:ps256': { alg: 'PS256' },
  'urn:es256': { alg: 'ES256' },
  'urn:person': { shape: (claims) => Object.assign(claims, { scp: claims.scope, oid: ANN, scope: undefined }) },
  'urn:app': { shape: (claims) => Object.assign(claims, { roles: claims.scope.split(' '), scope: undefined }) },
  'urn:person-with-roles': { shape: (claims) => Object.assign(claims, { scp: 'User.Read.All', roles: SCOPES }) },
  'urn:all': { shape: (claims) => Object.assign(claims, { scope: '*', roles: ['*'] }) },
  'urn:nothing': { shape: (claims) => Object.assign(claims, { scope: undefined }) },
  'urn:other': { audience: 'api://other' },
  'urn:expired': { shape: (claims) => Object.assign(claims, { iat: claims.iat - 7200, exp: claims.iat - 3600 }) },
  'urn:later': { shape: (claims) => Object.assign(claims, { nbf: claims.iat + 3600 }) },
  'urn:bound': { shape: (claims) => Object.assign(claims, { cnf: { jkt: 'x' } }) },
};

function key(alg) {
  const [type, options] = alg === 'ES256' ? ['ec', { namedCurve: 'P-256' }] : ['rsa', { modulusLength: 2048 }];
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg };
}

/** An issuer on a port of its own; what it says it is may be somebody else. */
async function issuer(name) {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const keys = ['RS256', 'PS256', 'ES256'].map(key);
  const provider = new Provider(name ?? url, {
    jwks: { keys },
    scopes: ['openid', ...SCOPES],
    clients: [{
      client_id: 'sync', client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    }],
    ttl: { ClientCredentials: 3600 },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: SCOPES.join(' '),
          audience: RESOURCES[resource].audience ?? 'api://tenure',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 3600,
          jwt: { sign: { alg: RESOURCES[resource].alg ?? 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_, token, jwt) => {
          RESOURCES[token.resourceServer.identifier()].shape?.(jwt.payload);
          return jwt;
        },
      },
    },
  });
  server.on('request', provider.callback());

  /** A token for a resource with these scopes, as any application gets one. */
  const token = async (resource, ...scopes) => {
    const answer = await fetch(`${url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('sync:secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: scopes.join(' ') }),
    });
    const given = await answer.json();
    same(`the issuer's answer ${JSON.stringify(given)}`, answer.status, 200);
    return given.access_token;
  };
  return { url, keys, token };
}

const ours = await issuer();
// Another's keys under the same ids and the same name, and another altogether.
const thief = await issuer(ours.url);
const stranger = await issuer();
console.log(JSON.stringify({ issuer: ours.url }));
const { value: line } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const { server } = JSON.parse(line);

async function ask(token, method = 'GET', path = WORKFLOWS, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${server}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
}

async function refused(what, token, status, code, said, ...request) {
  const answer = await ask(token, ...request);
  const { error } = answer.body;
  same(`${what}: ${JSON.stringify(answer.body)}`, [answer.status, error?.code], [status, code]);
  same(`${what}: that '${error.message}' says '${said}'`, error.message.includes(said), true);
  const ids = [error.innerError['request-id'], error.innerError['client-request-id']];
  same(`${what}: the ids`, ids, [answer.headers.get('request-id'), answer.headers.get('client-request-id')]);
  const challenge = answer.headers.get('www-authenticate');
  const kind = status === 401 ? 'invalid_token' : 'insufficient_scope';
  same(`${what}: that the challenge ${challenge} says why`, challenge.includes(`error="${kind}"`), true);
}
const invalid = (what, token, said) => refused(what, token, 401, 'InvalidAuthenticationToken', said);
const denied = (what, token, said, ...request) =>
  refused(what, token, 403, 'Authorization_RequestDenied', said, ...request);

const workflow = {
  category: 'joiner',
  displayName: 'First day',
  isEnabled: true,
  isSchedulingEnabled: false,
  executionConditions: { '@odata.type': '#microsoft.graph.identityGovernance.onDemandExecutionOnly' },
  tasks: [{
    displayName: 'Enable', taskDefinitionId: '6fc52c9d-398b-4305-9763-15f42c1676fc', isEnabled: true, arguments: [],
  }],
};

// The right scope, in each way in which issuers write it and sign it.
for (const resource of ['urn:rs256', 'urn:ps256', 'urn:es256', 'urn:person', 'urn:app']) {
  const token = await ours.token(resource, READ);
  same(`${resource}: the status`, (await ask(token)).status, 200);
  await denied(`${resource}: writing with a scope to read`, token, WRITE, 'POST', WORKFLOWS, workflow);
  await denied(`${resource}: managing tokens`, token, 'administrator', 'GET', '/v1.0/tenure.tokens');
}
const writer = await ours.token('urn:person', READ, WRITE);
const made = await ask(writer, 'POST', WORKFLOWS, workflow);
same('a new workflow', made.status, 201);
const whose = await ask(writer, 'GET', `${WORKFLOWS}?$filter=createdBy/id eq '${ANN}'`);
same('whose it is', whose.body.value.map((one) => one.id), [made.body.id]);

// Missing scopes.
await denied('another scope', await ours.token('urn:rs256', 'User.Read.All'), READ);
await denied('no scope', await ours.token('urn:nothing'), READ);
await denied("a person's roles", await ours.token('urn:person-with-roles', WRITE), READ);
await denied('all scopes', await ours.token('urn:all', WRITE), READ);

// Tokens that are not meant for us, or not for now.
await invalid('a wrong audience', await ours.token('urn:other', READ), 'Invalid audience');
await invalid('an expired token', await ours.token('urn:expired', READ), 'expired');
await invalid('a token of the future', await ours.token('urn:later', READ), 'not yet valid');
await invalid('a token bound to a key', await ours.token('urn:bound', READ), 'bound');

// Tokens that somebody else made.
for (const resource of ['urn:rs256', 'urn:ps256', 'urn:es256']) {
  await invalid(`a wrong key: ${resource}`, await thief.token(resource, READ), 'Invalid signature');
}
await invalid('another issuer', await stranger.token('urn:rs256', READ), 'Invalid issuer');

const good = await ours.token('urn:rs256', READ);
const [header, claims, signature] = good.split('.');
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const changed = encoded({ ...JSON.parse(Buffer.from(claims, 'base64url')), scope: WRITE });
await invalid('changed claims', `${header}.${changed}.${signature}`, 'Invalid signature');
for (const alg of ['none', 'None', 'NONE']) {
  await invalid(`alg ${alg}`, `${encoded({ alg, typ: 'at+jwt' })}.${claims}.`, 'CompactToken');
  await invalid(`alg ${alg}, signed`, `${encoded({ alg, kid: 'RS256' })}.${claims}.${signature}`, 'CompactToken');
}
// The public key taken for a shared secret.
const shared = createPublicKey({ key: ours.keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
const hmac = `${encoded({ alg: 'HS256', kid: 'RS256', typ: 'at+jwt' })}.${claims}`;
const forged = createHmac('sha256', shared).update(hmac).digest('base64url');
await invalid('a shared secret', `${hmac}.${forged}`, 'algorithm');
await invalid('no token of ours', 'something', 'not known');

same('that the good one is still good', (await ask(good)).status, 200);
same('that nothing was made', (await ask(good)).body.value.length, 1);
const { url } = ours;
const way = `Bearer authorization_uri="${url}/auth"`;
const without = await ask(undefined);
same('the way in', [without.status, without.headers.get('www-authenticate')], [401, way]);
process.exit(0);
