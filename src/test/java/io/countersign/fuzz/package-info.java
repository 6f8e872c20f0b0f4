/**
 * Damage of every kind against everything that reads bytes from outside: only declared exceptions come out, in bounded
 * time, and nothing damaged is ever genuine. {@link io.countersign.fuzz.MutationTest} runs with every build;
 * {@link io.countersign.fuzz.ParsersFuzzTest} looks longer, guided by coverage, on demand.
 */
@NullMarked
package io.countersign.fuzz;

import org.jspecify.annotations.NullMarked;
