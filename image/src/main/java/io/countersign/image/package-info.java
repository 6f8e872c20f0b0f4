/**
 * Makes Countersign's container image from the packaged service, the JDK that runs this and packages of the Debian it runs
 * on. May import the JDK and Jib; knows the service only by its files and its HTTP contract.
 */
@NullMarked
package io.countersign.image;

import org.jspecify.annotations.NullMarked;
