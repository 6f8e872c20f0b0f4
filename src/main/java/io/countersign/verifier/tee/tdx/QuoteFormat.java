package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.QuoteBody;
import io.countersign.verifier.tee.tdx.quote.QuoteHeader;
import io.countersign.verifier.tee.tdx.quote.TdReport;
import java.util.ArrayList;
import java.util.List;

/** {@code tdx.format}: what parses and is refused all the same. Intel TDX DCAP Quote Generation Library, "Quote Format". */
final class QuoteFormat {
    /** Producers pad to a fixed size, of at most 8000 bytes as recorded traffic shows. */
    private static final int MAX_PADDED = 16 * 1024;

    private static final Outcome PASSED =
            new Outcome.Passed("Every field of the quote holds a defined value, and nothing but zeros follows it.");

    private QuoteFormat() {}

    static Outcome judge(Quote quote) {
        List<String> findings = findings(quote);
        return findings.isEmpty()
                ? PASSED
                : new Outcome.Failed(
                        "a quote as Intel's quoting enclave makes it, followed by nothing but zeros",
                        String.join("; ", findings),
                        "Send the quote as the quoting enclave of a production platform made it, with nothing but zeros appended.");
    }

    private static List<String> findings(Quote quote) {
        var findings = new ArrayList<String>();
        QuoteHeader header = quote.header();
        if (!header.qeVendorId().equals(QuoteHeader.INTEL)) {
            findings.add("the QE vendor id is %s, and Intel's is %s".formatted(header.qeVendorId(), QuoteHeader.INTEL));
        }
        if (header.version() == 3 && header.teeType() != 0) {
            findings.add("the header's reserved bytes at offset 4 are not zero");
        }
        if (header.version() > 3 && !header.reserved().isAllZero()) {
            findings.add("the header's reserved bytes at offset 8 are not zero");
        }
        body("the quote", quote.body(), findings);
        body("the QE report", quote.signature().qeReport(), findings);
        trailing(quote, findings);
        return findings;
    }

    private static void trailing(Quote quote, List<String> findings) {
        int length = quote.trailing().length();
        if (!quote.trailing().isAllZero()) {
            findings.add("the %d bytes after the signature section are not all zero".formatted(length));
        } else if (length > 0 && quote.end() + length > MAX_PADDED) {
            findings.add("%d zeros follow the signature section; with them the quote may have %d bytes"
                    .formatted(length, MAX_PADDED));
        }
    }

    private static void body(String name, QuoteBody body, List<String> findings) {
        switch (body) {
            // What SEAMATTRIBUTES and MRSIGNERSEAM may be is for TCB info to say, what TDATTRIBUTES may be is for
            // policy.
            case TdReport _ -> {}
            case EnclaveReport enclave -> {
                if (!enclave.reserved().isAllZero()) {
                    findings.add("reserved bytes of the enclave report in " + name + " are not zero");
                }
                if (!enclave.initialised()) {
                    findings.add("ATTRIBUTES.INIT of the enclave report in " + name + " is clear");
                }
            }
        }
    }
}
