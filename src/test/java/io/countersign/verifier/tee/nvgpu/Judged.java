package io.countersign.verifier.tee.nvgpu;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Check;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.trust.Endorsements;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Signatures;
import io.countersign.verifier.trust.Tolerances;
import io.countersign.verifier.trust.TrustAnchors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Shorthand for tests: both schemes under one set of anchors, and the common ways to judge a device. */
final class Judged {
    static final Signatures FAST = signatures();

    /** Under NVIDIA's own roots. */
    static final Judged GENUINE = new Judged(vendor());

    /** Under those of the software NVIDIA. */
    static final Judged SOFTWARE = new Judged(SoftwareNvidias.anchors());

    private final Map<DeviceKind, AttestationScheme<DeviceEvidence>> schemes;

    private Judged(TrustAnchors anchors) {
        SignatureFacts facts = mindful();
        this.schemes = Map.of(
                DeviceKind.GPU,
                new NvGpuScheme(anchors, FAST, facts),
                DeviceKind.NVSWITCH,
                new NvSwitchScheme(anchors, FAST, facts));
    }

    private static Signatures signatures() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? Signatures.by(corretto) : Signatures.by(new BouncyCastleProvider());
    }

    private static TrustAnchors vendor() {
        try (var in = Objects.requireNonNull(Judged.class.getResourceAsStream("/anchors/nvidia.pem"))) {
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
                return Optional.ofNullable(facts.get(key))
                        .filter(type::isInstance)
                        .map(type::cast);
            }

            @Override
            public void remember(Key key, Object fact) {
                facts.put(key, fact);
            }
        };
    }

    AttestationScheme<DeviceEvidence> scheme(DeviceKind kind) {
        return Objects.requireNonNull(schemes.get(kind));
    }

    DeviceEvidence parse(DeviceKind kind, Bytes report, Bytes chain) throws EvidenceException {
        return scheme(kind).parse(new RawEvidence(Map.of("evidence", report, "certificate", chain)));
    }

    DeviceEvidence parse(DeviceKind kind, Bytes report, Bytes chain, String arch) throws EvidenceException {
        var members = new HashMap<>(Map.of("evidence", report, "certificate", chain));
        members.put("arch", Bytes.utf8(arch));
        return scheme(kind).parse(new RawEvidence(members));
    }

    static AuthenticationContext context(Instant at, Endorsements endorsements, Bytes nonce) {
        return new AuthenticationContext(
                at, endorsements, Tolerances.strict("test"), BindingMethod.NONCE, Optional.of(nonce));
    }

    Authentication judge(DeviceKind kind, Bytes report, Bytes chain, AuthenticationContext context)
            throws EvidenceException {
        return scheme(kind).authenticate(parse(kind, report, chain), context);
    }

    /** What was signed as the challenge. */
    static Bytes nonce(Bytes report) {
        return report.slice(4, 36);
    }

    static Bytes flipped(Bytes bytes, int bit) {
        byte[] changed = bytes.toByteArray();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.copyOf(changed);
    }

    static Outcome outcome(Authentication authentication, GpuCheck check) {
        return authentication.report().outcomeOf(check);
    }

    /** What a failed check found. */
    static String actual(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> failed.actual();
            default -> throw new AssertionError("it did not fail: " + outcome);
        };
    }

    static String actual(Authentication authentication, GpuCheck check) {
        return actual(outcome(authentication, check));
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
}
