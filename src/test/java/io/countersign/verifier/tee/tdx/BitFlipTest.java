package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.Authenticity;
import io.countersign.verifier.tee.tdx.quote.QuoteMap;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No damage to a genuine quote or to what Intel signed survives, and none lets anything but a refusal out. */
class BitFlipTest {
    /** Primes, so that strides meet every position within a byte. */
    private static final int STRIDE = 7;

    private static final int COLLATERAL_STRIDE = 61;

    static List<Quotes.Case> onePerKind() {
        return Tdx.onePerKind();
    }

    @ParameterizedTest
    @MethodSource("onePerKind")
    void undamagedQuotesAreGenuine(Quotes.Case read) throws EvidenceException {
        Authentication found = Tdx.judge(read, read.quote());
        assertEquals(Authenticity.GENUINE, found.authenticity(), () -> found.report()
                .checks()
                .toString());
    }

    @ParameterizedTest
    @MethodSource("onePerKind")
    void everyFlippedBitOfTheSignedRangeBreaksTheSignature(Quotes.Case read) {
        int reached = 0;
        for (int bit = 0; bit < QuoteMap.of(read.quote()).signed() * 8; bit++) {
            Optional<Authentication> found = judged(read, QuoteMap.flipped(read.quote(), bit));
            if (found.isPresent()) {
                reached++;
                assertTrue(Tdx.ended(found.get(), "failed").contains("tdx.quote-signature"), "bit " + bit);
                assertEquals(Authenticity.REJECTED, found.get().authenticity(), "bit " + bit);
            }
        }
        // All but version, key type, TEE type and descriptor.
        assertTrue(reached >= QuoteMap.of(read.quote()).signed() * 8 - (8 + 6) * 8, "only " + reached);
    }

    @ParameterizedTest
    @MethodSource("onePerKind")
    void flippedBitsOfTheSignatureSectionRejectTheQuote(Quotes.Case read) throws MalformedDerException {
        Bytes quote = read.quote();
        List<Bytes> identity = identity(quote);
        int rejected = 0;
        for (int bit = QuoteMap.of(quote).signed() * 8; bit < quote.length() * 8; bit += STRIDE) {
            Bytes damaged = QuoteMap.flipped(quote, bit);
            Optional<Authentication> found = judged(read, damaged);
            if (found.isPresent() && found.get().authenticity() == Authenticity.GENUINE) {
                assertEquals(identity, identity(damaged), "bit " + bit);
            } else if (found.isPresent()) {
                assertEquals(Authenticity.REJECTED, found.get().authenticity(), "bit " + bit);
                rejected++;
            }
        }
        assertTrue(rejected > 4_000, "only " + rejected);
    }

    /**
     * What certifies a quote. Nobody signs the PEM around the certificates, and the root in it only says which pinned root the
     * chain goes on from: its name and key count, not its signature.
     */
    private static List<Bytes> identity(Bytes quote) throws MalformedDerException {
        QuoteMap map = QuoteMap.of(quote);
        var identity = new ArrayList<Bytes>();
        identity.add(quote.slice(0, map.chain()));
        identity.addAll(chain(PckChainJudge.withoutEndingNul(quote.slice(map.chain(), map.end()))));
        identity.add(quote.slice(map.end(), quote.length()));
        return identity;
    }

    private static List<Bytes> chain(Bytes pem) throws MalformedDerException {
        List<Certificate> certificates = PemBundle.certificates(pem, 3);
        var chain = new ArrayList<Bytes>();
        certificates.subList(0, certificates.size() - 1).forEach(each -> chain.add(each.der()));
        chain.add(certificates.getLast().subject());
        chain.add(certificates.getLast().subjectPublicKeyInfo());
        return chain;
    }

    private static Optional<Authentication> judged(Quotes.Case read, Bytes quote) {
        try {
            return Optional.of(Tdx.judge(read, quote));
        } catch (EvidenceException _) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @MethodSource("onePerKind")
    void flippedBitsOfTheCollateralRejectTheQuote(Quotes.Case read) throws EvidenceException, MalformedDerException {
        var slots = new TreeMap<>(read.slots());
        assertEquals(7, slots.size());
        for (String slot : List.copyOf(slots.keySet())) {
            Bytes good = Objects.requireNonNull(slots.get(slot)).getFirst();
            for (int bit = 0; bit < good.length() * 8; bit += COLLATERAL_STRIDE) {
                Bytes damaged = QuoteMap.flipped(good, bit);
                var with = new TreeMap<String, List<Bytes>>(slots);
                with.put(slot, List.of(damaged));
                Authentication found = Tdx.judge(read, read.quote(), Map.copyOf(with));
                if (found.authenticity() == Authenticity.GENUINE) {
                    assertEquals(meaning(slot, good), meaning(slot, damaged), slot + " bit " + bit);
                } else {
                    assertEquals(Authenticity.REJECTED, found.authenticity(), slot + " bit " + bit);
                }
            }
        }
    }

    /** What may not differ: everything, but for the case of hex digits, PEM around certificates, and the root's hint. */
    private static List<Bytes> meaning(String slot, Bytes content) throws MalformedDerException {
        if (slot.endsWith("_chain")) {
            return chain(content);
        }
        if (slot.endsWith("_crl")) {
            return List.of(content);
        }
        String text = new String(content.toByteArray(), StandardCharsets.ISO_8859_1);
        int signature = text.lastIndexOf("\"signature\"");
        return List.of(
                Bytes.utf8(text.substring(0, signature + "\"signature\"".length())),
                Bytes.utf8(text.substring(signature).toLowerCase(Locale.ROOT).strip()));
    }
}
