package io.countersign.verifier.scheme;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.Tolerances;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything beside the evidence that authenticating one device needs.
 *
 * @param at the one instant at which every window of this request is judged
 * @param expectedBytes what this device must commit to (64 bytes of report_data for a CPU, 32 of nonce for a device);
 *     empty when the method binds nothing
 */
public record AuthenticationContext(
        Instant at,
        Endorsements endorsements,
        Tolerances tolerances,
        BindingMethod bindingMethod,
        Optional<Bytes> expectedBytes) {}
