/**
 * The six verbs in one place: parse, gather, authenticate, appraise, countersign. May import the core and
 * {@code service.collateral}, {@code service.policies}, {@code service.audience}, {@code service.caller}, {@code service.challenge} and
 * {@code service.store}.
 */
@NullMarked
package io.countersign.service.appraisal;

import org.jspecify.annotations.NullMarked;
