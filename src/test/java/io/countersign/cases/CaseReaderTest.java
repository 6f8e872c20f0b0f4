package io.countersign.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.fixtures.Core;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaseReaderTest {
    private static final CaseReader READER = new CaseReader(Core.SCHEMES);

    private static ObjectNode milan() {
        return Fixtures.named("sev-snp/milan-v3").request().deepCopy();
    }

    private static Case read(ObjectNode body) throws CaseException {
        return READER.read("a case", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(ObjectNode body) {
        return refusal(body.toString());
    }

    private static String refusal(String text) {
        return String.valueOf(
                assertThrows(CaseException.class, () -> READER.read("a case", text.getBytes(StandardCharsets.UTF_8)))
                        .getMessage());
    }

    private static ObjectNode recorded(ObjectNode body) {
        return body.putObject("recorded")
                .put("status", "affirming")
                .put("policy", "baseline")
                .put("policy_digest", "sha256:" + "0".repeat(64));
    }

    @Test
    void aRequestOfTheServiceIsACase() throws CaseException {
        Case read = read(milan());
        assertEquals(Optional.of("baseline"), read.policy());
        assertEquals(Optional.empty(), read.recorded());
        assertEquals("cpu0", read.evidence().submodules().getFirst().label());
        assertTrue(read.endorsements().containsKey("amd.crl"));
    }

    @Test
    void whatTheServiceSaidIsReadToo() throws CaseException {
        ObjectNode body = milan();
        recorded(body).put("verdict", "refused").put("policy_version", "3");
        Case.Recorded recorded = read(body).recorded().orElseThrow();
        assertEquals("affirming", recorded.status());
        assertEquals("3", recorded.policyVersion());
        assertEquals(Optional.of(Case.Verdict.REFUSED), recorded.verdict());
    }

    @Test
    void theTimeIsRequired() {
        ObjectNode body = milan();
        body.remove("at");
        assertTrue(refusal(body).contains("/at"), refusal(body));
    }

    @Test
    void aPolicyInTheCaseIsLeftAside() throws CaseException {
        ObjectNode body = milan();
        body.remove("policy");
        assertEquals(
                Optional.empty(),
                read(body.put("policy_source", "no policy at all")).policy());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "null", "{", "{}", "{\"at\": 1}", "{\"a\": 1, \"a\": 1}", "{} {}", "\u0000"})
    void whatIsNoCaseIsRefusedWithASentence(String text) {
        assertTrue(refusal(text).startsWith("a case: "), refusal(text));
    }

    @Test
    void depthAndWrongEncodingAreRefused() {
        assertTrue(refusal("[".repeat(100_000)).contains("deep"), refusal("[".repeat(100_000)));
        String deep = "{\"evidence\":".repeat(40) + "1" + "}".repeat(40);
        assertTrue(refusal(deep).contains("deep"), refusal(deep));
        assertThrows(CaseException.class, () -> READER.read("a case", new byte[] {'{', (byte) 0xff, '}'}));
    }

    @Test
    void membersOfWrongTypesAreRefusedWithTheirPlace() {
        assertTrue(refusal(milan().put("recorded", 1)).contains("/recorded"));
        ObjectNode number = milan();
        recorded(number).put("status", 2);
        assertTrue(refusal(number).contains("/recorded/status"), refusal(number));
        ObjectNode verdict = milan();
        recorded(verdict).put("verdict", "maybe");
        assertTrue(refusal(verdict).contains("/recorded/verdict"), refusal(verdict));
        ObjectNode unknown = milan();
        recorded(unknown).put("stauts", "x");
        assertTrue(refusal(unknown).contains("stauts"), refusal(unknown));
        assertTrue(refusal(milan().put("recordd", 1)).contains("recordd"));
    }

    @Test
    void evidenceThatDoesNotParseIsSaidWithItsLabel() {
        ObjectNode body = milan();
        ((ObjectNode) body.at("/evidence/cpu0")).put("report", "AAAA");
        assertTrue(refusal(body).contains("cpu0"), refusal(body));
        ((ObjectNode) body.at("/evidence/cpu0")).put("type", "abacus");
        assertTrue(refusal(body).contains("abacus"), refusal(body));
    }

    @ParameterizedTest
    @CsvSource({
        "amd.crl, ''",
        "amd.crl, Milan",
        "amd.crl, Milan vcek more",
        "amd.crl, Rome vcek",
        "amd.certificates, Milan 00 0000000000000000",
        "amd.certificates, Milan zz 0000000000000000",
        "amd.certificates, Milan 00 00",
        "intel.tcb_info, TDX 00",
        "intel.tcb_info, tdx",
        "intel.qe_identity, TDX",
        "intel.pck_crl, platform",
        "intel.root_ca_crl, root",
        "intel.evaluation_number, TDX 00 one",
        "intel.evaluation_number, TDX 00 99999999999",
        "nvidia.rims.x, x",
        "nvidia.rims.x, y",
        "nvidia.ocsp, 00 00 1",
        "nvidia.ocsp.0, 00 00 1",
        "nvidia.ocsp.-1, 00 00 1",
        "nvidia.ocsp.99999999999999, 00 00 1",
        "nvidia.ocsp.x, 00 00 1",
        "missing.0, ''",
        "missing.0, amd.certificates",
        "missing.0, 'amd.certificates Milan 00 00'",
        "somewhere, else",
    })
    void aClaimToHaveFetchedWhatIsNotThereIsRefused(String place, String words) {
        ObjectNode body = milan();
        recorded(body).putObject("fetched").put(place, words);
        String said = refusal(body);
        assertTrue(said.contains("/recorded/fetched") && !said.contains("error of this program"), said);
    }

    @Test
    void whatWasFetchedIsNoLongerBrought() throws CaseException {
        ObjectNode body = milan();
        recorded(body).putObject("fetched").put("amd.crl", "Milan vcek");
        Case read = read(body);
        assertTrue(read.endorsements().keySet().stream().noneMatch("amd.crl"::equals));
        assertEquals(1, read.gathered().size());
    }
}
