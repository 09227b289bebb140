import { expect, test } from 'vitest';
import { securityHeaders, withConnectSources } from './headers.ts';

const sources = ['https://a.test', 'https://*.b.test'];

test('allowed hosts are added to what a page may connect to, and to nothing else', () => {
  const own = securityHeaders()['Content-Security-Policy'] ?? '';
  const changed = withConnectSources(own, sources);
  expect(changed).toContain("connect-src 'self' https://a.test https://*.b.test");
  expect(changed.split('; ').filter(directive => !directive.startsWith('connect-src'))).toEqual(
    own.split('; ').filter(directive => !directive.startsWith('connect-src')),
  );
});

test.each([
  ["default-src 'self'; img-src *", "default-src 'self'; img-src *; connect-src 'self' https://a.test"],
  ["Connect-Src 'none'", 'connect-src https://a.test'],
  ["connect-src 'self'; ", "connect-src 'self' https://a.test"],
  [
    "default-src 'self', connect-src x.test",
    "default-src 'self'; connect-src 'self' https://a.test, connect-src x.test https://a.test",
  ],
  ["script-src 'self'", "script-src 'self'"],
])('a policy that a host sent of its own: %s', (policy, changed) => {
  expect(withConnectSources(policy, ['https://a.test'])).toBe(changed);
});
