/** A failure with one of the stable codes of docs/models.md. */
export class Failure extends Error {
  constructor(code, message, cause) {
    super(message, { cause });
    this.code = code;
  }
}

const OUT_OF_MEMORY = /out of memory|bad_alloc|allocation failed|failed to allocate|cannot enlarge memory|memory access out of bounds|not enough memory/i;
const DEVICE_LOST = /device (was |is )?lost|lost device|device .*destroyed|parent device/i;

/** The same error with a code: what it says of memory or the device counts more than the step it happened in. */
export function coded(error, code) {
  if (error instanceof Failure) {
    return error;
  }
  if (typeof error === 'number') {
    return new Failure(code, `the engine threw ${error}, a C++ exception without a message. Maybe memory ran out?`);
  }
  const message = String(error?.message ?? error);
  const found = OUT_OF_MEMORY.test(message) ? 'out-of-memory' : DEVICE_LOST.test(message) ? 'device-lost' : code;
  const failure = new Failure(found, message, error);
  failure.stack = error?.stack ?? failure.stack;
  return failure;
}
