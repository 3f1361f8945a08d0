/**
 * The guard of a cluster: the API server says who somebody is and what they may do. What kubectl
 * would refuse is refused here.
 */
@NullMarked
package dev.ballast.server.door.cluster;

import org.jspecify.annotations.NullMarked;
