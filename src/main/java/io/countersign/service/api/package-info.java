/**
 * The HTTP contract: requests read strictly, results written, no decision made. May import {@code service.appraisal},
 * {@code service.challenge}, {@code service.caller}, {@code service.introspection}, {@code service.collateral},
 * {@code service.policies}, {@code service.config} and the core, but neither {@code tee} nor {@code trust}.
 */
@NullMarked
package io.countersign.service.api;

import org.jspecify.annotations.NullMarked;
