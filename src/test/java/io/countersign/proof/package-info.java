/**
 * The packaged program, run as its users run it, with software that nobody here wrote on the other side: key services'
 * libraries, gates, a real Redis. Tests here are named …IT and run after packaging.
 */
@NullMarked
package io.countersign.proof;

import org.jspecify.annotations.NullMarked;
