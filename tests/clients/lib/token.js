// Tokens as somebody else's login would give them out: JWTs with a shared secret.
import { createHmac } from 'node:crypto';

export const SECRET = 'a secret of the tests, and long enough for everybody';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token (HS256) for these claims. */
export function token(claims, secret = SECRET) {
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

export const REQUIRED = ['--auth', 'required', '--jwt-secret', SECRET];
