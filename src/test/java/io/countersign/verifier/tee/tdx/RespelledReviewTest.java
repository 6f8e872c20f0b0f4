package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** White space around what is signed makes another text of it, and another fact: each says how large it is. */
class RespelledReviewTest {
    private static final class Recorded implements SignatureFacts {
        private final List<Object> facts = new ArrayList<>();

        @Override
        public <T> Optional<T> recall(Key key, Class<T> type) {
            return Optional.empty();
        }

        @Override
        public void remember(Key key, Object fact) {
            facts.add(fact);
        }
    }

    @Test
    void factsThatCanBeRespelledSayHowLargeTheyAre() {
        var recorded = new Recorded();
        var signatures = Quotes.signatures();
        var anchors = new IntelAnchors(SoftwareIntels.anchors(), signatures);
        var intel = SoftwareIntels.trusted();
        Bytes statement = Bytes.utf8(
                intel.signerChain() + " \n" + intel.tcbInfo(TeeType.TDX).json());
        new StatementReader(anchors, signatures, recorded).read(statement, StatementKind.TCB_INFO);
        new PckChainJudge(anchors, signatures, recorded)
                .judge(Bytes.utf8(intel.pckChain(PckCa.PLATFORM) + " \n"), GatheredByOthersReviewTest.AT);
        assertFalse(recorded.facts.isEmpty());
        List<Object> respellable = recorded.facts.stream()
                .filter(SignatureFacts.Sized.class::isInstance)
                .toList();
        assertTrue(respellable.stream().anyMatch(PckChain.class::isInstance), "the chain does not say");
        assertTrue(
                respellable.stream()
                        .anyMatch(fact -> ((SignatureFacts.Sized) fact).bytes() >= statement.length()
                                && !(fact instanceof PckChain)),
                "the statement does not say");
    }
}
