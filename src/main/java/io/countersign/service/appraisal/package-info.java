/**
 * The six verbs in one place: parse, gather, authenticate, appraise, countersign. May import the core and
 * {@code service.collateral}, {@code service.policies}.
 */
@NullMarked
package io.countersign.service.appraisal;

import org.jspecify.annotations.NullMarked;
