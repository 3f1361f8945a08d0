// The sessions of this page: a model that is resident is not loaded again.

import { coded, Failure } from './failure.js';
import { defaultInputs, describe, dimensionValues } from './onnx.js';
import { discard, runtimeFor } from './runtime.js';

const resident = new Map();

/** A compiled model. */
class Session {
  constructor(runtime, inner, graph, form) {
    this.runtime = runtime;
    this.inner = inner;
    this.graph = graph;
    this.form = form;
  }

  run(feeds) {
    return this.runtime.guard(this.inner.run(feeds));
  }

  async release() {
    if (!this.runtime.dead) {
      await this.inner.release();
    }
  }
}

const key = (sha256, backend) => `${sha256}|${backend}`;

/** Keys of what is resident, {@code sha256|backend}, the longest unused first. */
export function residents() {
  return [...resident.keys()];
}

export async function evict(keys) {
  for (const each of keys) {
    const session = resident.get(each);
    resident.delete(each);
    await session?.release();
  }
}

/** Drops every session of an instance that lost its device or ran out of memory. */
export function forget(runtime) {
  discard(runtime);
  for (const [each, session] of resident) {
    if (session.runtime === runtime) {
      resident.delete(each);
    }
  }
}

export async function download(model) {
  let response;
  try {
    response = await fetch(model.url);
  } catch (error) {
    throw new Failure('model-not-found', `${model.url} can't be reached: ${error.message}`, error);
  }
  if (!response.ok) {
    throw new Failure('model-not-found', `${model.url} answered ${response.status}.`);
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw coded(error, 'model-not-found');
  }
}

export async function checkSha256(model, bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const actual = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (actual !== model.sha256) {
    throw new Failure(
      'sha256-mismatch',
      `${model.url} has SHA-256 ${actual}, not ${model.sha256}. Maybe another version of the model?`,
    );
  }
}

/** Why the browser can't run on {@code backend} at all, if so: the engine itself would go on without it. */
export async function requireBackend(backend) {
  switch (backend) {
    case 'wasm':
      return;
    case 'webgpu': {
      const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) {
        throw new Failure('backend-unavailable', `there is no WebGPU ${navigator.gpu ? 'adapter' : ''} in this browser.`.replace('  ', ' '));
      }
      return;
    }
    case 'webnn':
      if (!navigator.ml) {
        throw new Failure('backend-unavailable', 'there is no WebNN (navigator.ml) in this browser.');
      }
      return;
    case 'webgl':
      throw new Failure('backend-unavailable', 'onnxruntime-web 1.30 is used without its WebGL backend, which it is giving up.');
    default:
      throw new Failure('backend-unavailable', `"${backend}" is not a backend of this page. Known: wasm, webgpu, webnn.`);
  }
}

function options(job, graph, inputs) {
  const { backend, model } = job;
  if (backend === 'webnn') {
    // Without both, nodes that WebNN can't take run on the CPU, and a "webnn" timing is a wasm timing.
    return {
      executionProviders: [{ name: 'webnn', deviceType: job.webnnDevice ?? 'cpu' }],
      freeDimensionOverrides: dimensionValues(graph, inputs),
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      logSeverityLevel: 3,
    };
  }
  const chosen = { executionProviders: [backend], logSeverityLevel: 3 };
  if (backend === 'webgpu' && model.generate) {
    chosen.preferredOutputLocation = {};
    for (let layer = 0; layer < model.generate.layers; layer++) {
      chosen.preferredOutputLocation[`present_key_${layer}`] = 'gpu-buffer';
      chosen.preferredOutputLocation[`present_value_${layer}`] = 'gpu-buffer';
    }
  }
  return chosen;
}

/** What a session is compiled for: with another build, number of threads or fixed shape it is another session. */
function form(job) {
  const shapes = job.backend === 'webnn' ? (job.model.inputs ?? []).map((input) => input.shape) : [];
  return JSON.stringify([job.build, job.threads ?? 1, job.webnnDevice ?? null, shapes]);
}

/** The resident session for a job, moved to the end of the list; undefined if it must be loaded. */
export async function find(job) {
  const id = key(job.model.sha256, job.backend);
  const session = resident.get(id);
  if (!session) {
    return undefined;
  }
  resident.delete(id);
  if (session.runtime.dead || session.form !== form(job)) {
    await session.release();
    return undefined;
  }
  resident.set(id, session);
  return session;
}

/** The description of a model's graph. */
export function graphOf(model, bytes) {
  try {
    return describe(bytes);
  } catch (error) {
    throw new Failure('session-create-failed', `${model.url} is not an ONNX file: ${error.message}`, error);
  }
}

export const inputsOf = (model, graph) => (model.inputs?.length || model.generate ? (model.inputs ?? []) : defaultInputs(graph));

export async function create(job, bytes, graph, runtime) {
  try {
    const inner = await runtime.guard(
      runtime.ort.InferenceSession.create(bytes, options(job, graph, inputsOf(job.model, graph))),
    );
    if (job.backend === 'webgpu') {
      await runtime.watchDevice();
    }
    return new Session(runtime, inner, graph, form(job));
  } catch (error) {
    throw coded(error, 'session-create-failed');
  }
}

export function keep(job, session) {
  resident.set(key(job.model.sha256, job.backend), session);
}

export const engine = (job) => runtimeFor(job.build, job.threads ?? 1);
