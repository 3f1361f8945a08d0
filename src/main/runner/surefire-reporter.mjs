// Writes what node's test runner reports in the form of Surefire, so that bin/test counts it with all other tests.

const escaped = (text) =>
  String(text).replace(/[&<>"\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '?');

export default async function* surefire(events) {
  const cases = [];
  const counts = { tests: 0, failures: 0, skipped: 0 };
  for await (const { type, data } of events) {
    // A file or a suite passes or fails by what is in it; only a file that could not even be loaded counts itself.
    const loads = data?.details?.type === 'suite' || (type === 'test:pass' && data.name?.endsWith('.mjs'));
    if ((type !== 'test:pass' && type !== 'test:fail') || loads) continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    if (type === 'test:fail' && data.details?.error?.failureType === 'subtestsFailed') continue;
    counts.tests += 1;
    let inner = '';
    if (skipped) {
      counts.skipped += 1;
      inner = '<skipped/>';
    } else if (type === 'test:fail') {
      counts.failures += 1;
      const error = data.details?.error;
      inner = `<failure message="${escaped(error?.cause?.message ?? error?.message)}">${escaped(error?.cause?.stack ?? error)}</failure>`;
    }
    const seconds = (data.details?.duration_ms ?? 0) / 1000;
    cases.push(`  <testcase classname="runner-page" name="${escaped(data.name)}" time="${seconds.toFixed(3)}">${inner}</testcase>\n`);
  }
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="runner-page" tests="${counts.tests}" failures="${counts.failures}" errors="0" skipped="${counts.skipped}">\n`;
  yield cases.join('');
  yield '</testsuite>\n';
}
