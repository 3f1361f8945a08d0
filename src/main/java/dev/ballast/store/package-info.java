/**
 * DuckDB behind dispatch's journal port, and the history of results with its queries. One writer;
 * knows nothing of HTTP, workers or Kubernetes.
 */
@NullMarked
package dev.ballast.store;

import org.jspecify.annotations.NullMarked;
