/**
 * A machine attests itself: configfs-tsm, NVIDIA's collector, the binding, the order of steps, the retries. Imports the base
 * package only.
 */
@NullMarked
package io.countersign.client.machine;

import org.jspecify.annotations.NullMarked;
