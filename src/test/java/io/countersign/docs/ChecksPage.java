package io.countersign.docs;

import io.countersign.verifier.check.CheckId;
import io.countersign.verifier.fixtures.CheckCatalogue;
import java.util.List;
import java.util.stream.Collectors;

/** The text of docs/checks.md. */
final class ChecksPage {
    private static final String OPENING = """
            # Checks

            Generated from the enums that declare them: change those, then run
            `mvn test -Dtest=GeneratedDocsTest -Dgolden`.

            Every check of a device's type, and every composite check, stands in every result exactly once. It ends
            - `passed`, with what was found;
            - `failed`, with what was expected, what was found and what to do;
            - `undetermined`: something needed to know was not asked for, not in hand or not fetched. It never counts as passed,
              and keeps a token from being made (but for what evidence may leave out, see the column of waivers);
            - `not-reached`: an earlier check, which is named, made it meaningless. It never counts as passed;
            - `waived`: the policy says, by name and with a reason, that it need not be determined, or that this very status
              of a TCB, or a hold of who signed a RIM, is good enough.

            A failed authenticity check rejects the evidence: nothing it says is shown as a claim. A failed appraisal check
            contraindicates what it speaks against (hardware or executables), whatever the rules say, and rejects no device.
            No policy can waive a failure.
            Codes are for ever: never renamed, never used for something else.
            """;

    /** The bar of this one is set by the policy: which of Intel's words will do. Tolerances, tolerate.tcb-status. */
    private static final String BAR_IN_THE_POLICY = "tdx.tcb";

    /** Signers of RIMs may be on hold: Tolerances, tolerate.certificate-hold. */
    private static final String HOLD_IN_THE_POLICY = "gpu.revocation";

    private ChecksPage() {}

    static String text() {
        var page = new StringBuilder(OPENING);
        CheckCatalogue.all().stream()
                .collect(Collectors.groupingBy(ChecksPage::family, java.util.LinkedHashMap::new, Collectors.toList()))
                .forEach((family, checks) -> page.append(section(family, checks)));
        return page.toString();
    }

    private static String family(CheckId id) {
        return id.code().substring(0, id.code().indexOf('.'));
    }

    private static String section(String family, List<CheckId> checks) {
        return checks.stream().map(ChecksPage::row).collect(Collectors.joining("", """

                        ## `%s`

                        | code | holds when passed | kind | a policy may waive it | rests on |
                        |---|---|---|---|---|
                        """.formatted(family), ""));
    }

    private static String row(CheckId id) {
        String kind =
                switch (id.kind()) {
                    case AUTHENTICITY -> "authenticity";
                    case APPRAISAL -> "appraisal";
                };
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        id.code(),
                        cell(id.summary()),
                        kind,
                        waiver(id),
                        cell(id.spec().toString()));
    }

    private static String waiver(CheckId id) {
        if (id.code().equals(BAR_IN_THE_POLICY)) {
            return "for a status that it names";
        }
        if (id.code().equals(HOLD_IN_THE_POLICY)) {
            return "when undetermined, and when a RIM's signer is on hold";
        }
        if (!id.blocksWhenNotAsked()) {
            return "never; when it was not sent, it need not";
        }
        return id.waivableWhenUndetermined() ? "when undetermined" : "never";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
