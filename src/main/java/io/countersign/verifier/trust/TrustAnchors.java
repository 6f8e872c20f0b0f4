package io.countersign.verifier.trust;

import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates that are trusted for one role each because somebody wrote them into the anchor file. The file is PEM; each
 * block follows a line {@code # anchor: <role> <variant>}, such as {@code # anchor: amd-ark Milan}.
 */
public final class TrustAnchors {
    /**
     * One trusted certificate and what it may be used for.
     *
     * @param variant the product line for AMD's roles, empty for roles that have none
     * @param origin who vouches for it: "pinned", or the laboratory file it came from
     */
    public record Anchor(AnchorRole role, String variant, Certificate certificate, Origin origin) {}

    /** Whether an anchor is a vendor's, or a laboratory's that must never count in production. */
    public enum Origin {
        VENDOR,
        LABORATORY
    }

    /** Possessive over the comment lines: otherwise the stack grows with each of them. */
    private static final Pattern BLOCK = Pattern.compile(
            "# anchor: (\\S+)(?: (\\S+))?\\s*\\n(?:#[^\\n]*\\n)*+-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

    private final List<Anchor> anchors;

    private TrustAnchors(List<Anchor> anchors) {
        this.anchors = List.copyOf(anchors);
    }

    public static TrustAnchors none() {
        return new TrustAnchors(List.of());
    }

    /** Reads an anchor file; a block without a role, or anything else amiss, is an {@link IllegalArgumentException}. */
    public static TrustAnchors parse(String pem, Origin origin) {
        String text = pem.replace("\r\n", "\n");
        var anchors = new ArrayList<Anchor>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            anchors.add(
                    anchor(block.group(1), Optional.ofNullable(block.group(2)).orElse(""), block.group(3), origin));
        }
        long blocks = Pattern.compile("-----BEGIN").matcher(text).results().count();
        if (blocks != anchors.size()) {
            throw new IllegalArgumentException("%d of %d PEM blocks do not follow a line \"# anchor: <role> <variant>\""
                    .formatted(blocks - anchors.size(), blocks));
        }
        return new TrustAnchors(anchors);
    }

    private static Anchor anchor(String word, String variant, String base64, Origin origin) {
        AnchorRole role =
                AnchorRole.of(word).orElseThrow(() -> new IllegalArgumentException("no anchor role is called " + word));
        try {
            var der = Bytes.copyOf(Base64.getMimeDecoder().decode(base64));
            return new Anchor(role, variant, Certificate.parse(der), origin);
        } catch (MalformedDerException e) {
            throw new IllegalArgumentException("anchor %s %s: %s".formatted(word, variant, e.getMessage()), e);
        }
    }

    public TrustAnchors and(TrustAnchors more) {
        var all = new ArrayList<>(anchors);
        all.addAll(more.anchors);
        return new TrustAnchors(all);
    }

    public List<Anchor> of(AnchorRole role) {
        return anchors.stream().filter(anchor -> anchor.role() == role).toList();
    }

    public List<Anchor> all() {
        return anchors;
    }
}
