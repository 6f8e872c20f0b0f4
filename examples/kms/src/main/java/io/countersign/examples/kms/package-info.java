/**
 * A small KMS on Spring Security's resource server. Read {@link io.countersign.examples.kms.ReleaseController} first: it is
 * the order in which things happen. Then {@link io.countersign.examples.kms.TokenVerifier}, what makes a token good, and
 * {@link io.countersign.examples.kms.Demands}, what makes a good token good enough.
 */
@org.jspecify.annotations.NullMarked
package io.countersign.examples.kms;
