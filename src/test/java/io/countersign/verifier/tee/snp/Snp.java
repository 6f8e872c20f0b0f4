package io.countersign.verifier.tee.snp;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Shorthand for tests: AMD's anchors, both signature providers, and the common ways to judge a report. */
final class Snp {
    static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    static final TrustAnchors AMD = anchors();
    static final Signatures FAST = fast();
    static final Signatures PURE_JAVA = Signatures.by(new BouncyCastleProvider());
    static final SnpScheme SCHEME = new SnpScheme(AMD, FAST, SignatureFacts.forgetful());

    private Snp() {}

    /** The native provider where it loads, the fallback elsewhere. */
    private static Signatures fast() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? Signatures.by(corretto) : Signatures.by(new BouncyCastleProvider());
    }

    private static TrustAnchors anchors() {
        try (var in = Objects.requireNonNull(Snp.class.getResourceAsStream("/anchors/amd.pem"))) {
            return TrustAnchors.parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8), TrustAnchors.Origin.VENDOR);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Remembers everything. */
    static SignatureFacts mindful() {
        var facts = new ConcurrentHashMap<SignatureFacts.Key, Object>();
        return new SignatureFacts() {
            @Override
            public <T> Optional<T> recall(Key key, Class<T> type) {
                return Optional.ofNullable(facts.get(key)).map(type::cast);
            }

            @Override
            public void remember(Key key, Object fact) {
                facts.put(key, fact);
            }
        };
    }

    static SnpEvidence parse(Bytes report) throws EvidenceException {
        return SCHEME.parse(new RawEvidence(Map.of("report", report)));
    }

    static SnpEvidence parse(Bytes report, Bytes certificates) throws EvidenceException {
        return SCHEME.parse(new RawEvidence(Map.of("report", report, "certificates", certificates)));
    }

    static AuthenticationContext at(Instant at) {
        return at(at, Endorsements.none());
    }

    static AuthenticationContext at(Instant at, Endorsements endorsements) {
        return new AuthenticationContext(
                at, endorsements, Tolerances.strict("test"), BindingMethod.NONE, Optional.empty());
    }

    static Authentication judge(Bytes report, Bytes certificates, Instant at) throws EvidenceException {
        return SCHEME.authenticate(parse(report, certificates), at(at));
    }

    static Outcome outcome(Authentication authentication, SnpCheck check) {
        return authentication.report().outcomeOf(check);
    }

    /** The codes of the checks that ended in a word. */
    static Set<String> ended(Authentication authentication, String word) {
        var codes = new TreeSet<String>();
        for (Check check : authentication.report().checks()) {
            if (check.outcome().word().equals(word)) {
                codes.add(check.id().code());
            }
        }
        return codes;
    }

    static Bytes with(Bytes bytes, int offset, Bytes replacement) {
        return Bytes.concat(
                bytes.slice(0, offset), replacement, bytes.slice(offset + replacement.length(), bytes.length()));
    }

    static Bytes flipped(Bytes bytes, int bit) {
        byte[] array = bytes.toByteArray();
        array[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.copyOf(array);
    }
}
