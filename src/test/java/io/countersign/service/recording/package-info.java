/** The folder of recorded cases. */
@NullMarked
package io.countersign.service.recording;

import org.jspecify.annotations.NullMarked;
