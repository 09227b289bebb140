/** What a suite did. */
export interface Counts {
  passed: number;
  failed: number;
  /** Each test that failed: its place, its title, and what it said. */
  failures?: string[];
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] | null }[];
  }[];
}

interface PlaywrightSuite {
  suites?: PlaywrightSuite[];
  specs?: {
    file: string;
    line: number;
    title: string;
    tests: { status: string; results: { error?: { message?: string; stack?: string } }[] }[];
  }[];
}

interface PlaywrightReport extends PlaywrightSuite {
  stats: { expected: number; unexpected: number; flaky: number };
}

/** Reads the report of vitest's json reporter. */
export function readVitest(report: VitestReport): Counts {
  const failures = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    // A file that could not be run has a message and no test.
    if (assertionResults.length === 0 && message) return [told(name, '', message)];
    return failed.map(({ fullName, failureMessages }) => told(name, fullName, failureMessages?.join('\n')));
  });
  return {
    passed: report.numPassedTests,
    failed: Math.max(report.numFailedTests, failures.length),
    failures,
  };
}

/** Reads the report of Playwright's json reporter; a test that passed at its second try has failed. */
export function readPlaywright(report: PlaywrightReport): Counts {
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected, failed: unexpected + flaky, failures: failuresIn(report) };
}

function failuresIn({ suites = [], specs = [] }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => {
        const error = results.find(result => result.error)?.error;
        return told(`${file}:${line}`, title, error?.stack ?? error?.message);
      }),
  );
  return [...own, ...suites.flatMap(failuresIn)];
}

function told(place: string, title: string, message = ''): string {
  const lines = message.split('\n').slice(0, 20);
  return [`${place} ${title}`.trim(), ...lines.map(line => `    ${line}`)].join('\n');
}
