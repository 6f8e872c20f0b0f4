package io.countersign.verifier.tee.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.check.Outcome;
import io.countersign.verifier.claim.Authentication;
import io.countersign.verifier.claim.BindingMethod;
import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.AuthenticationContext;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.trust.SignatureFacts;
import io.countersign.verifier.trust.Tolerances;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manifest says of every genuine quote, with the collateral of its time. */
class GenuineQuotesTest {
    static List<Quotes.Case> cases() {
        return Quotes.cases();
    }

    private static AttestationScheme<QuoteEvidence> scheme(Quotes.Case read) {
        return read.ofTd()
                ? new TdxScheme(Quotes.anchors(), Quotes.signatures(), SignatureFacts.forgetful())
                : new SgxScheme(Quotes.anchors(), Quotes.signatures(), SignatureFacts.forgetful());
    }

    private static Authentication authenticate(Quotes.Case read) throws EvidenceException {
        var scheme = scheme(read);
        return scheme.authenticate(
                scheme.parse(new RawEvidence(Map.of("quote", read.quote()))),
                new AuthenticationContext(
                        read.at(), read.brought(), Tolerances.strict("strict"), BindingMethod.NONE, Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyQuoteGetsItsVerdict(Quotes.Case read) throws EvidenceException {
        JsonNode expected = read.json();
        Authentication found = authenticate(read);
        String explained = read.id() + "\n" + found.report().checks();
        var report = found.report();
        boolean clean = expected.get("trailing_all_zero").asBoolean(true);
        assertEquals(clean, report.outcomeOf(TdxCheck.FORMAT).admits(), explained);
        assertEquals(true, report.outcomeOf(TdxCheck.QUOTE_SIGNATURE).admits(), explained);
        assertEquals(true, report.outcomeOf(TdxCheck.QE_REPORT).admits(), explained);
        assertEquals(true, report.outcomeOf(TdxCheck.PCK_CHAIN).admits(), explained);
        String status = expected.get("tcb_status").asText("");
        Outcome tcb = report.outcomeOf(TdxCheck.TCB);
        switch (tcb) {
            case Outcome.Passed _ -> assertEquals("UpToDate", status, explained);
            case Outcome.Failed failed ->
                assertEquals(
                        status, failed.actual().substring(0, failed.actual().indexOf(" ")), explained);
            default -> assertEquals("null", expected.get("tcb_status").asText(), explained);
        }
        found.claims().ifPresent(claims -> {
            String tee = read.ofTd() ? "tdx." : "sgx.";
            var advisories = new ArrayList<String>();
            expected.get("advisories").forEach(each -> advisories.add(each.asText()));
            if (!expected.get("tcb_status").isNull()) {
                assertEquals(Optional.of(status), claims.find(tee + "tcb_status"), explained);
                assertEquals(
                        Optional.of(advisories.stream().sorted().toList()),
                        claims.find(tee + "advisory_ids"),
                        explained);
            }
        });
    }
}
