/**
 * Cases: evidence, endorsements, binding and instant in one file, for fixtures, recordings, tests of policies and bug reports
 * alike. Reads the same JSON as {@code POST /v1/appraisals}; decides nothing. May import the core and the request readers.
 */
@NullMarked
package io.countersign.cases;

import org.jspecify.annotations.NullMarked;
