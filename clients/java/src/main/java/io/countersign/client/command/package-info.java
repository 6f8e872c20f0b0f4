/** The command: options, environment and exit codes around the library. Imports everything else of this client. */
@NullMarked
package io.countersign.client.command;

import org.jspecify.annotations.NullMarked;
