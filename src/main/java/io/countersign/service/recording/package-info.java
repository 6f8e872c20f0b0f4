/**
 * Keeps what was judged as case files, for trying policies on, where an operator asked for it. May import {@code cases}, the
 * appraisal's bystanders and the core; nothing here can slow, fail or change an answer.
 */
@NullMarked
package io.countersign.service.recording;

import org.jspecify.annotations.NullMarked;
