/** What the operator tells people through the API server: conditions and Events. */
@NullMarked
package dev.ballast.operator.report;

import org.jspecify.annotations.NullMarked;
