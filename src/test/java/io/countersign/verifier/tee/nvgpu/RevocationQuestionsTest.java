package io.countersign.verifier.tee.nvgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.ocsp.Party;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.SignatureFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RevocationQuestionsTest {
    private static final Party ROOT = Party.root("Root");
    private static final Party L2 = ROOT.authority("L2", 2);
    private static final Party L3 = L2.authority("L3", 3);
    private static final Party L3_AGAIN = L2.issue("L3", 33, draft -> {
        draft.authority();
        draft.keys = L3.keys();
    });
    private static final Party CHIP = L3.authority("Chip", 4);
    private static final Party LEAF = CHIP.issue("Leaf", 5, Party.Draft::signs);

    private final RevocationQuestions questions = new RevocationQuestions(new Remembering());

    /** Remembers everything. */
    private static final class Remembering implements SignatureFacts {
        private final Map<Key, Object> facts = new HashMap<>();

        @Override
        public <T> Optional<T> recall(Key key, Class<T> type) {
            return Optional.ofNullable(facts.get(key)).map(type::cast);
        }

        @Override
        public void remember(Key key, Object fact) {
            facts.put(key, fact);
        }
    }

    private static DeviceChain device(Party... parties) {
        var chain = new SignedChain(
                Stream.of(parties).map(Party::certificate).toList(),
                Stream.of(parties).map(Party::key).toList());
        return new DeviceChain(
                chain, new DeviceIdentity(Architecture.HOPPER, "Chip", Bytes.zeros(8), "05", "5", Bytes.zeros(48)));
    }

    private List<String> serials(DeviceChain device) {
        return questions.about(device, List.of()).stream()
                .map(question -> question.subject().serial().toString())
                .toList();
    }

    @Test
    void asksAboutTheCertificatesOfThisChainAfterOneOfTheSameLeafAndRoot() {
        assertEquals(List.of("4", "3", "2"), serials(device(LEAF, CHIP, L3, L2, ROOT)));
        assertEquals(List.of("4", "33", "2"), serials(device(LEAF, CHIP, L3_AGAIN, L2, ROOT)));
    }

    @Test
    void worksTheQuestionsOfOneChainOutOnce() {
        DeviceChain device = device(LEAF, CHIP, L3, L2, ROOT);
        assertSame(
                questions.about(device, List.of()).getFirst(),
                questions.about(device, List.of()).getFirst());
    }
}
