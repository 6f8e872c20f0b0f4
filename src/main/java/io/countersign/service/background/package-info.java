/** Work that nobody waits for. May import nothing of ours. */
@NullMarked
package io.countersign.service.background;

import org.jspecify.annotations.NullMarked;
