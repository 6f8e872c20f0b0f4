/** Tests of loading policies: reading the folder, what stays when something is wrong, signatures. */
@NullMarked
package io.countersign.service.policies;

import org.jspecify.annotations.NullMarked;
