const POLICY: Record<string, string> = {
  'default-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  // wllama starts its worker from a blob of its own.
  'worker-src': "'self' blob:",
  'connect-src': "'self'",
  'img-src': "'self' data: blob:",
  'style-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'none'",
};

const DEVELOPMENT: Record<string, string> = {
  'script-src': `${POLICY['script-src']} 'unsafe-inline'`,
  'style-src': `${POLICY['style-src']} 'unsafe-inline'`,
  'connect-src': '* ws:',
};

export interface HeaderOptions {
  /** Cross-origin isolation (shared memory, threads); on unless false. */
  isolated?: boolean;
  /**
   * For Vite's dev server only: it puts inline scripts and styles into the page, and has no service worker that could
   * add the hosts which a person allows; there the workspace alone refuses the others.
   */
  development?: boolean;
}

/** The policy for a page's own <meta>, where some directives are not heard. */
export function pagePolicy(): string {
  return Object.entries(POLICY)
    .filter(([name]) => name !== 'frame-ancestors')
    .map(directive => directive.join(' '))
    .join('; ');
}

/** The headers of every response, documents and worker scripts alike: a worker obeys its own script's policy. */
export function securityHeaders({
  isolated = true,
  development = false,
}: HeaderOptions = {}): Record<string, string> {
  const policy = Object.entries({ ...POLICY, ...(development ? DEVELOPMENT : {}) }).map(directive =>
    directive.join(' '),
  );
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...(isolated && {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    }),
  };
}

/**
 * A policy with more sources to connect to. Of several policies in one header, which all bind, each gets them; one that
 * restricts no connections stays as it is.
 */
export function withConnectSources(header: string, sources: readonly string[]): string {
  return header
    .split(',')
    .map(policy => {
      const directives = policy.split(';').map(directive => directive.trim().split(/\s+/));
      const named = (name: string) => directives.find(([first = '']) => first.toLowerCase() === name);
      const [, ...allowed] = named('connect-src') ?? named('default-src') ?? [];
      if (!named('connect-src') && !named('default-src')) return policy.trim();
      const others = directives.filter(
        directive => directive !== named('connect-src') && directive[0] !== '',
      );
      const connect = [
        'connect-src',
        ...allowed.filter(source => source.toLowerCase() !== "'none'"),
        ...sources,
      ];
      return [...others, connect].map(directive => directive.join(' ')).join('; ');
    })
    .join(', ');
}
