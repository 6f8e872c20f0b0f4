/**
 * The command line: the core without the server. Reads files, prints to the terminal, ends with a code; decides nothing that the
 * core does not decide. Needs no Quarkus.
 */
@NullMarked
package io.countersign.cli;

import org.jspecify.annotations.NullMarked;
