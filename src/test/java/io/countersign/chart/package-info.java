/**
 * The Helm chart in {@code helm/}, rendered by Helm's own code and read strictly into Kubernetes' own model. May import nothing of
 * the service but its configuration, which the chart writes.
 */
@NullMarked
package io.countersign.chart;

import org.jspecify.annotations.NullMarked;
