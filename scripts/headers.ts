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

export interface HeaderOptions {
  /** Cross-origin isolation (shared memory, threads); on unless false. */
  isolated?: boolean;
  /** Vite's dev server puts inline scripts and styles into the page: allow them there only. */
  inline?: boolean;
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
  inline = false,
}: HeaderOptions = {}): Record<string, string> {
  const policy = Object.entries(POLICY).map(([name, value]) =>
    inline && (name === 'script-src' || name === 'style-src')
      ? `${name} ${value} 'unsafe-inline'`
      : `${name} ${value}`,
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
