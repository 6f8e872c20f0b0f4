/** How the service remembers and measures. */
@org.jspecify.annotations.NullMarked
package io.countersign.service.ops;
