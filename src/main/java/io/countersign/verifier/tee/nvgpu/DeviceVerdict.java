package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that was found about a device's evidence.
 *
 * @param chain present when its signatures lead to the pinned root
 * @param ocspStatus the worst word about any certificate that counts; empty when it could not be determined
 * @param revocationUntil when the first answer or list stops counting
 * @param at the instant of all windows
 */
record DeviceVerdict(
        Map<GpuCheck, Outcome> outcomes,
        Optional<DeviceChain> chain,
        MeasurementJudge.Judgement measurements,
        Optional<String> ocspStatus,
        Optional<Instant> revocationUntil,
        Instant at) {
    /** The earliest end of every window the verdict rests on. */
    Instant restsUntil() {
        return Stream.concat(
                        Stream.concat(chain.map(found -> found.chain().until()).stream(), revocationUntil.stream()),
                        measurements.rims().stream().map(SignedRim::chain).map(chain -> chain.until()))
                .min(Instant::compareTo)
                .orElse(at);
    }
}
