// The runner page: loads a model, checks what it computes, and measures it in blocks when the worker says so. The
// worker calls start and measure, which return at once; everything else is said by messages. The messages and
// their order are in docs/models.md.

import { timerResolution } from './clock.js';
import { coded, Failure } from './failure.js';
import { gpuDispatches, runtimeFor } from './runtime.js';
import * as sessions from './sessions.js';
import { workload } from './workload.js';

/** Between two iterations that follow each other at once: no page at work pauses for so long. */
const LONG_GAP_MILLIS = 100;

const DEFAULT_TOLERANCE = 0.01;
const DEFAULT_BUILDS = { wasm: 'wasm', webgpu: 'webgpu', webnn: 'jsep' };

/** The attempt that has this page now, or null. */
let active = null;

function say(attempt, message) {
  if (active === attempt) {
    attempt.report({ nonce: attempt.job.nonce, ...message });
  }
}

function failed(attempt, error, code) {
  const failure = coded(error, code);
  const runtime = failure.runtime ?? attempt.session?.runtime;
  if (runtime && (failure.code === 'device-lost' || failure.code === 'out-of-memory')) {
    sessions.forget(runtime);
  }
  say(attempt, { type: 'error', code: failure.code, message: failure.message, stack: failure.stack ?? null, residents: sessions.residents() });
  if (active === attempt) {
    active = null;
  }
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

async function load(attempt) {
  const { job } = attempt;
  const resident = await sessions.find(job);
  if (resident) {
    return resident;
  }
  const [bytes, downloadMillis] = await timed(() => sessions.download(job.model));
  say(attempt, { type: 'phase', name: 'download', millis: downloadMillis });
  await sessions.checkSha256(job.model, bytes);
  const graph = sessions.graphOf(job.model, bytes);
  let runtimeMillis;
  const [session, createMillis] = await timed(async () => {
    const [runtime, millis] = await timed(() => sessions.engine(job));
    runtimeMillis = millis;
    return sessions.create(job, bytes, graph, runtime);
  });
  sessions.keep(job, session);
  attempt.bytes = bytes;
  say(attempt, { type: 'phase', name: 'sessionCreate', millis: createMillis, runtimeMillis });
  return session;
}

/** What a user's model gives on WebAssembly, where there is no golden output. */
async function wasmReference(attempt, inputs) {
  const { job } = attempt;
  const bytes = attempt.bytes ?? (await sessions.download(job.model));
  await sessions.checkSha256(job.model, bytes);
  const runtime = await runtimeFor('wasm', job.threads ?? 1);
  const session = await sessions.create({ ...job, backend: 'wasm', build: 'wasm' }, bytes, attempt.session.graph, runtime);
  try {
    const work = workload(session, job.model, inputs, job.seed);
    return { outputs: work.digests(await work.run()) };
  } finally {
    await session.release();
  }
}

async function correctness(attempt, result, inputs) {
  const { job, work } = attempt;
  const finite = work.isFinite(result);
  const reference = job.reference ?? (job.backend === 'wasm' ? null : await wasmReference(attempt, inputs));
  if (!reference) {
    return { reference: null, maxError: null, tolerance: null, matches: null, finite };
  }
  const tolerance = job.tolerance ?? DEFAULT_TOLERANCE;
  const error = work.compare(result, reference);
  return {
    reference: job.reference ? 'golden' : 'wasm',
    maxError: error,
    tolerance,
    matches: error !== null && error <= tolerance,
    finite,
  };
}

async function prepare(attempt) {
  const { job } = attempt;
  await sessions.evict(job.evict ?? []);
  await sessions.requireBackend(job.backend);
  attempt.session = await load(attempt);
  const warmStart = attempt.bytes === undefined;
  const { session } = attempt;
  const inputs = sessions.inputsOf(job.model, session.graph);
  attempt.work = workload(session, job.model, inputs, job.seed);

  const dispatchesBefore = gpuDispatches();
  let result;
  let firstMillis;
  try {
    [result, firstMillis] = await timed(() => attempt.work.run());
  } catch (error) {
    throw coded(error, 'run-failed');
  }
  const dispatches = gpuDispatches() - dispatchesBefore;
  say(attempt, { type: 'phase', name: 'firstRun', millis: firstMillis });

  const notes = [];
  let actualBackend = job.backend;
  if (job.backend === 'webgpu') {
    actualBackend = dispatches > 0 ? 'webgpu' : 'wasm';
    notes.push(`${dispatches} GPU dispatches in one iteration; the graph has ${session.graph.nodes} nodes`);
  }
  if (!job.model.inputs?.length && !job.model.generate) {
    notes.push('no inputs were given: random numbers, every symbolic dimension 1');
  }
  const checked = await correctness(attempt, result, inputs);
  attempt.bytes = undefined;
  attempt.state = 'ready';
  say(attempt, {
    type: 'ready',
    warmStart,
    correctness: checked,
    actualBackend,
    gpuDispatches: job.backend === 'webgpu' ? dispatches : null,
    runtime: { name: 'onnxruntime-web', version: session.runtime.version, build: session.runtime.build },
    timerResolutionMillis: timerResolution(),
    residents: sessions.residents(),
    notes,
  });
}

/** Begins a job. Its messages follow; the job before, which waits for one more block, gives way to it. Its model stays resident. */
function start(given, report) {
  if (active && active.state !== 'ready') {
    throw new Error(`the page still works on ${active.job.nonce}.`);
  }
  const job = { seed: 1, ...given, build: given.build ?? DEFAULT_BUILDS[given.backend] };
  const attempt = { job, report, state: 'preparing' };
  active = attempt;
  prepare(attempt).catch((error) => failed(attempt, error, 'page-error'));
  return { accepted: true };
}

function current(nonce) {
  if (active?.job.nonce !== nonce) {
    throw new Error(`the page works on ${active?.job.nonce ?? 'nothing'}, not on ${nonce}.`);
  }
  return active;
}

const pause = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

async function block(attempt, { iterations, discard = 0, inferencesPerSample = 1, untilMillis = Infinity }) {
  const samples = [];
  const discarded = [];
  let hidden = document.visibilityState;
  const watch = () => (hidden = document.visibilityState === 'hidden' ? 'hidden' : hidden);
  document.addEventListener('visibilitychange', watch);
  let result;
  let longestGapMillis = 0;
  let longGaps = 0;
  const begun = performance.now();
  let lastPause = begun;
  let lastEnd = begun;
  try {
    while (samples.length < iterations) {
      const from = performance.now();
      const late = from - begun >= untilMillis;
      if (late && samples.length > 0) {
        break;
      }
      longestGapMillis = Math.max(longestGapMillis, from - lastEnd);
      longGaps += from - lastEnd > LONG_GAP_MILLIS ? 1 : 0;
      const settling = discarded.length < discard && !late;
      const inferences = settling ? 1 : inferencesPerSample;
      for (let i = 0; i < inferences; i++) {
        result = await attempt.work.run();
      }
      lastEnd = performance.now();
      (settling ? discarded : samples).push((lastEnd - from) / inferences);
      // A run on WebAssembly never leaves the page's thread: without a pause nobody could tell it from a page that hangs.
      if (lastEnd - lastPause >= 50) {
        await pause();
        lastPause = performance.now();
      }
    }
  } catch (error) {
    throw coded(error, 'run-failed');
  } finally {
    document.removeEventListener('visibilitychange', watch);
  }
  attempt.state = 'ready';
  say(attempt, {
    type: 'block',
    samples,
    discarded,
    inferencesPerSample,
    hidden,
    longestGapMillis,
    longGaps,
    timerResolutionMillis: timerResolution(),
    finite: result ? attempt.work.isFinite(result) : null,
  });
}

/**
 * Begins a block: {@code discard} iterations thrown away, then at most {@code iterations} samples, each the mean of
 * {@code inferencesPerSample} inferences in a row. Once {@code untilMillis} have passed since it began, what is left to
 * discard is skipped, and a block without a sample takes one. Its result is a message.
 */
function measure(argument) {
  const attempt = current(argument.nonce);
  if (attempt.state !== 'ready') {
    throw new Error(`${argument.nonce} is ${attempt.state}, and can't begin a block.`);
  }
  attempt.state = 'measuring';
  block(attempt, argument).catch((error) => failed(attempt, error, 'page-error'));
  return { started: true };
}

addEventListener('error', (event) => active && failed(active, event.error ?? new Failure('page-error', event.message), 'page-error'));
addEventListener('unhandledrejection', (event) => active && failed(active, event.reason, 'page-error'));

Object.assign(globalThis, { start, measure });
