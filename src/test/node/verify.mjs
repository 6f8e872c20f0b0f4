// Judges the tokens that come in, one a line, with npm's jose, and answers each with a line of JSON.
//   node verify.mjs least|advised <address of the key set> <issuer> <audience> <policy>
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [setup, keySet, issuer, audience, policy] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL(keySet));
const advised = {
  algorithms: ['ES256'],
  typ: 'eat+jwt',
  issuer,
  audience,
  requiredClaims: ['exp', 'nbf'],
};

async function judge(token) {
  const { payload } = await jwtVerify(token, keys, setup === 'advised' ? advised : {});
  if (setup === 'advised') {
    if (payload.ear_status !== 'affirming' || payload.countersign_policy_id !== policy) {
      throw new Error(`not affirming under ${policy}`);
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    await judge(line);
    console.log(JSON.stringify({ accepted: true }));
  } catch (e) {
    console.log(JSON.stringify({ accepted: false, why: `${e.code ?? e.name}: ${e.message}` }));
  }
}
