/** How Chromium is started by tests, benchmarks and the command line: no calls home, no GPU, as root too. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What still calls home is sent to a closed port.
  '--component-updater=url-source=http://127.0.0.1:1/',
  '--gaia-url=http://127.0.0.1:1/',
  '--autofill-server-url=http://127.0.0.1:1/',
];
