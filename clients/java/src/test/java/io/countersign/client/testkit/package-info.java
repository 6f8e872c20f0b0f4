/** What tests of several packages share: a service, a kernel, tokens. Imports nothing of the client but its base package. */
@NullMarked
package io.countersign.client.testkit;

import org.jspecify.annotations.NullMarked;
