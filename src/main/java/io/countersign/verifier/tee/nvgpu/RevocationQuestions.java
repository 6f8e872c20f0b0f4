package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.tee.nvgpu.rim.SignedRim;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What is asked about the chains of a device and of its manifests; worked out once for each chain. */
final class RevocationQuestions {
    private final SignatureFacts facts;

    /** The one type that is remembered, so that no fact is taken for one of another kind. */
    private record Remembered(List<RevocationQuestion> questions) implements SignatureFacts.Sized {
        /** They hold on to the certificates of their chain. */
        @Override
        public int bytes() {
            return DeviceChain.BYTES;
        }
    }

    RevocationQuestions(SignatureFacts facts) {
        this.facts = facts;
    }

    List<RevocationQuestion> about(DeviceChain device, List<SignedRim> rims) {
        var questions = new ArrayList<>(of("device", device.chain(), RevocationQuestion::ofDevice));
        rims.forEach(rim -> questions.addAll(of("rim", rim.chain(), RevocationQuestion::ofRim)));
        return questions;
    }

    private List<RevocationQuestion> of(
            String what, SignedChain chain, Function<SignedChain, List<RevocationQuestion>> work) {
        // Of all of its certificates: an authority may be certified twice with one key, so that a leaf and a root alone
        // do not
        // say which chain lies between them.
        Bytes all = Bytes.concat(
                chain.certificates().stream().map(Certificate::fingerprint).toArray(Bytes[]::new));
        var key = new SignatureFacts.Key(
                "nvidia-questions-" + what, all.sha256(), chain.root().fingerprint());
        return facts.recall(key, Remembered.class).map(Remembered::questions).orElseGet(() -> {
            List<RevocationQuestion> questions = work.apply(chain);
            facts.remember(key, new Remembered(questions));
            return questions;
        });
    }
}
