/** What the command line prints. */
@NullMarked
package io.countersign.cli;

import org.jspecify.annotations.NullMarked;
