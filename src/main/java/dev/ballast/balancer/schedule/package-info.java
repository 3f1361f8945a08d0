/**
 * The seam between whoever runs tasks (production's dispatch, or the simulator) and the rule that
 * decides: a {@link dev.ballast.balancer.schedule.Board} of what waits and what is free, estimates
 * ({@link dev.ballast.balancer.schedule.Times}), a {@link dev.ballast.balancer.schedule.Scheduler}
 * that is told what happens and asked what to start, and the {@link
 * dev.ballast.balancer.schedule.Moves} it may make.
 *
 * <p>Everything is named by small dense numbers, so that rules can keep their indexes in arrays: a
 * <em>task</em>, its <em>group</em> (tasks nobody can tell apart: one model under one set of
 * constraints), a <em>browser</em>, its <em>pool</em>, and a <em>variant</em> (a model on a
 * backend: what a browser loads and keeps). Times are seconds since an origin of the driver's.
 */
@NullMarked
package dev.ballast.balancer.schedule;

import org.jspecify.annotations.NullMarked;
