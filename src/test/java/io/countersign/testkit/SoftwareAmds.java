package io.countersign.testkit;

import io.countersign.insecure.DeterministicRandom;
import io.countersign.insecure.ReportKey;
import io.countersign.insecure.RsaKey;
import io.countersign.insecure.SoftwareAmd;
import io.countersign.insecure.SoftwareKeys;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.trust.TrustAnchors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The software AMDs that fixtures and tests share: the same keys every time, known to everybody, worth nothing. */
public final class SoftwareAmds {
    /** When every fixture is judged. */
    public static final Instant AS_OF = Instant.parse("2026-06-01T00:00:00Z");

    private static final String SEED = "countersign insecure fixtures 1";
    private static final Map<String, SoftwareAmd> MADE = new ConcurrentHashMap<>();

    private SoftwareAmds() {}

    /** The AMD that the laboratory anchors name. */
    public static SoftwareAmd of(Product product) {
        return made(word(product), product);
    }

    /** Another AMD with the same names and serials, whose root nobody trusts. */
    public static SoftwareAmd foreignMilan() {
        return made("foreign-milan", Product.MILAN);
    }

    /** What a verifier trusts that was configured with {@code fixtures/insecure-anchors.pem}. */
    public static TrustAnchors anchors() {
        return TrustAnchors.parse(anchorsPem(), TrustAnchors.Origin.LABORATORY);
    }

    /** The text of {@code fixtures/insecure-anchors.pem}. */
    public static String anchorsPem() {
        return Stream.concat(
                        Stream.of(Product.values()).map(product -> of(product).anchorsPem()),
                        Stream.of(
                                SoftwareIntels.trusted().anchorsPem(),
                                SoftwareNvidias.trusted().anchorsPem()))
                .collect(Collectors.joining("\n"));
    }

    /** The names of the RSA keys in {@code fixtures/insecure-keys}, without {@code .pem}. */
    public static List<String> rsaKeyNames() {
        return Stream.of("milan", "genoa", "turin", "foreign-milan")
                .flatMap(owner -> Stream.of("ark", "ask", "asvk").map(role -> owner + "-" + role))
                .toList();
    }

    /** The key that belongs to a name, derived anew: about a second. */
    public static RsaKey deriveRsaKey(String name) {
        return RsaKey.derivedFrom(SEED + " " + name);
    }

    public static Path rsaKeyFile(String name) {
        return FixtureFolder.root().resolve("insecure-keys").resolve(name + ".pem");
    }

    /** A key for reports that belongs to a name. */
    public static ReportKey reportKey(String name) {
        return ReportKey.from(new DeterministicRandom(SEED + " " + name));
    }

    private static SoftwareAmd made(String owner, Product product) {
        return MADE.computeIfAbsent(owner, _ -> new SoftwareAmd(product, keys(owner), AS_OF));
    }

    private static SoftwareKeys keys(String owner) {
        return new SoftwareKeys(
                rsaKey(owner + "-ark"),
                rsaKey(owner + "-ask"),
                rsaKey(owner + "-asvk"),
                reportKey(owner + "-vcek"),
                reportKey(owner + "-vlek"));
    }

    private static RsaKey rsaKey(String name) {
        return RsaKey.fromPem(FixtureFolder.read(rsaKeyFile(name)));
    }

    private static String word(Product product) {
        return product.name().toLowerCase(Locale.ROOT);
    }
}
