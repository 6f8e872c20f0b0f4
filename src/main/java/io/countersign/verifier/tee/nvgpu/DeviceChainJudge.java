package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.nvgpu.pki.ChainReader;
import io.countersign.verifier.tee.nvgpu.pki.NvidiaSignature;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code gpu.certificate-chain}: from the PEM beside a report to the device that it is of. */
final class DeviceChainJudge {
    /** Leaf, boot ROM, provisioner, intermediate, root. */
    private static final int LENGTH = 5;

    private static final String HINT =
            "Send the chain as the driver gives it out with this report (nvmlDeviceGetConfComputeGpuCertificate, or"
                    + " \"certificate\" of NVIDIA's tools), unaltered.";

    private final ChainReader chains;
    private final Signatures signatures;
    private final SignatureFacts facts;

    DeviceChainJudge(ChainReader chains, Signatures signatures, SignatureFacts facts) {
        this.chains = chains;
        this.signatures = signatures;
        this.facts = facts;
    }

    /**
     * How judging ended.
     *
     * @param chain present when its signatures lead to the pinned root, whatever its windows
     * @param leafKey present when the first certificate can be read, whoever issued it
     */
    record Judgement(Outcome outcome, Optional<DeviceChain> chain, Optional<PublicKey> leafKey) {}

    Judgement judge(Bytes pem, Architecture.Device device, Instant at) {
        var key = new SignatureFacts.Key(
                "nvidia-device-chain", pem.sha256(), chains.roots().fingerprint());
        Optional<DeviceChain> known = facts.recall(key, DeviceChain.class);
        if (known.isPresent()) {
            return identified(known.get(), device, at);
        }
        List<Certificate> certificates;
        try {
            certificates = PemBundle.certificates(pem, 2 * LENGTH, chains.roots()::read);
        } catch (MalformedDerException e) {
            return new Judgement(failed(device, at, e.getMessage()), Optional.empty(), Optional.empty());
        }
        Optional<PublicKey> leafKey =
                certificates.stream().findFirst().flatMap(leaf -> NvidiaSignature.key(leaf, signatures));
        return switch (chains.follow(certificates, LENGTH)) {
            case ChainReader.Reading.Broken(String why) ->
                new Judgement(failed(device, at, why), Optional.empty(), leafKey);
            case ChainReader.Reading.Signed(SignedChain chain) -> {
                try {
                    var found = new DeviceChain(chain, DeviceIdentity.of(chain));
                    facts.remember(key, found);
                    yield identified(found, device, at);
                } catch (MalformedDerException e) {
                    yield new Judgement(failed(device, at, e.getMessage()), Optional.empty(), leafKey);
                }
            }
        };
    }

    private static Judgement identified(DeviceChain chain, Architecture.Device device, Instant at) {
        Optional<PublicKey> leafKey = Optional.of(chain.chain().leafKey());
        Architecture.Device found = chain.identity().architecture().device();
        if (found != device) {
            String what = "the chain is of %s".formatted(found.words());
            return new Judgement(failed(device, at, what), Optional.empty(), leafKey);
        }
        List<String> outside = chain.chain().outsideAt(at);
        Outcome outcome = outside.isEmpty()
                ? new Outcome.Passed("Five certificates lead from %s to the pinned \"%s\"."
                        .formatted(
                                chain.identity().hwmodel(), chain.chain().root().subjectCommonName()))
                : failed(device, at, String.join("; ", outside));
        return new Judgement(outcome, Optional.of(chain), leafKey);
    }

    private static Outcome failed(Architecture.Device device, Instant at, String actual) {
        return new Outcome.Failed(
                "the five certificates of %s, leaf first, each signed by the next, up to the pinned device root, all valid at %s"
                        .formatted(device.words(), at),
                actual,
                HINT);
    }
}
