let resolution;

/** The smallest step seen of {@code performance.now()}: browsers coarsen it, more so without cross-origin isolation. */
export function timerResolution() {
  if (resolution === undefined) {
    let smallest = Infinity;
    const begun = performance.now();
    let last = begun;
    for (let steps = 0; steps < 50 && last - begun < 50; ) {
      const now = performance.now();
      if (now > last) {
        smallest = Math.min(smallest, now - last);
        last = now;
        steps++;
      }
    }
    resolution = smallest;
  }
  return resolution;
}
