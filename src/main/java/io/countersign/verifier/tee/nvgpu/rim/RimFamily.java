package io.countersign.verifier.tee.nvgpu.rim;

import io.countersign.verifier.tee.nvgpu.pki.Shown;
import io.countersign.verifier.tee.nvgpu.pki.SignedChain;
import io.countersign.verifier.trust.Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chips that a chain of the RIM PKI signs for. Under the one root, each family has an authority of its own, which names it:
 * "NVIDIA Reference Value GH100 CA", for a whole family "NVIDIA Reference Value GB1XX CA 001", and below it "NVIDIA Reference Value
 * L3 GH100 001", "NVIDIA Reference Value L3 GB100-CC 001". Leaves are called in several ways, not all of which name a chip.
 *
 * @param token as the authority's name has it; an X at its end stands for any letter or digit
 */
record RimFamily(String token) {
    private static final Pattern FAMILY_AUTHORITY =
            Pattern.compile("NVIDIA Reference Value ([A-Z0-9]{2,16}) CA(?: [0-9]{1,4})?");
    private static final Pattern ISSUER =
            Pattern.compile("NVIDIA Reference Value L3 ([A-Z0-9]{2,16})(?:-[A-Z]{1,8})? [0-9]{1,4}");
    private static final Pattern WILDCARDS = Pattern.compile("X+$");

    static final String EXPECTED =
            "a chain of the signer, its issuer and the authority of one family of chips under the RIM root";

    /**
     * The family of a chain, by its authority or else by its issuer; empty where both bear other names, which the pinned root may give them: then nothing
     * says for which chips they sign. Names that contradict each other are refused.
     */
    static Optional<RimFamily> of(SignedChain chain) throws RefusedRimException {
        List<Certificate> certificates = chain.certificates();
        String authority = certificates.get(2).subjectCommonName();
        String issuer = certificates.get(1).subjectCommonName();
        Optional<RimFamily> family = token(FAMILY_AUTHORITY, authority).map(RimFamily::new);
        Optional<String> chip = token(ISSUER, issuer);
        if (family.isPresent() && chip.isPresent() && !family.get().covers(chip.get())) {
            throw new RefusedRimException(
                    EXPECTED,
                    "the authorities are called %s and %s"
                            .formatted(Shown.shortened(issuer), Shown.shortened(authority)));
        }
        return family.or(() -> chip.map(RimFamily::new));
    }

    private static Optional<String> token(Pattern form, String name) {
        Matcher matcher = form.matcher(name);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    boolean covers(String chip) {
        String fixed = WILDCARDS.matcher(token).replaceFirst("");
        return chip.length() == token.length() && chip.startsWith(fixed);
    }

    void requireCovers(String chip) throws RefusedRimException {
        if (!covers(chip)) {
            throw new RefusedRimException(
                    "a manifest for " + token + ", which its signer is for", "the manifest is for " + chip);
        }
    }
}
