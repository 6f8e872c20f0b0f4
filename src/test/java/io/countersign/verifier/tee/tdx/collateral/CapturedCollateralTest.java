package io.countersign.verifier.tee.tdx.collateral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.Captures.Document;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral.Kind;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.Signatures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Genuine documents: the bytes that are cut out are those that Intel signed. */
class CapturedCollateralTest {
    private static final Signatures PURE_JAVA = Signatures.by(new BouncyCastleProvider());
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Document> documents() {
        return Captures.documents();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void theBytesThatAreCutOutAreThoseThatIntelSigned(Document document)
            throws MalformedCollateralException, CertificateException {
        SignedCollateral read = SignedCollateral.read(document.content(), document.kind());
        assertEquals(document.chain(), read.issuerChainPem());
        assertEquals(Signatures.Verdict.VALID, verify(read));
        assertTrue(read.compacted().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void readsWhatAnotherReaderReads(Document document) throws MalformedCollateralException, IOException {
        Bytes body = SignedCollateral.read(document.json(), document.kind()).body();
        JsonNode other =
                JSON.readTree(document.json().toUtf8()).get(document.kind().member());
        assertEquals(other, JSON.readTree(body.toUtf8()));
        switch (document.kind()) {
            case TCB_INFO -> {
                TcbInfo info = TcbInfo.parse(body);
                assertEquals(other.get("version").asInt(), info.version());
                assertEquals(other.path("id").asText("SGX"), info.tee().name());
                assertEquals(other.get("issueDate").asText(), info.issueDate().toString());
                assertEquals(other.get("nextUpdate").asText(), info.nextUpdate().toString());
                assertEquals(Bytes.fromHex(other.get("fmspc").asText()), info.fmspc());
                assertEquals(Bytes.fromHex(other.get("pceId").asText()), info.pceId());
                assertEquals(other.get("tcbEvaluationDataNumber").asInt(), info.tcbEvaluationDataNumber());
                assertLevels(other.get("tcbLevels"), info);
                assertEquals(
                        other.path("tdxModuleIdentities").size(),
                        info.tdxModuleIdentities().size());
            }
            case QE_IDENTITY -> {
                EnclaveIdentity identity = EnclaveIdentity.parse(body);
                assertEquals(other.get("id").asText(), identity.id().name());
                assertEquals(Bytes.fromHex(other.get("mrsigner").asText()), identity.mrSigner());
                assertEquals(other.get("isvprodid").asInt(), identity.isvProdId());
                assertEquals(other.get("tcbLevels").size(), identity.levels().size());
            }
        }
    }

    /** Intel's order is already the best first, so that every level can be compared where it stands. */
    private static void assertLevels(JsonNode expected, TcbInfo info) {
        assertEquals(expected.size(), info.levels().size());
        for (int i = 0; i < expected.size(); i++) {
            JsonNode tcb = expected.get(i).get("tcb");
            TcbLevel level = info.levels().get(i);
            for (int svn = 0; svn < TcbComponents.COUNT; svn++) {
                JsonNode sgx = tcb.has("sgxtcbcomponents")
                        ? tcb.get("sgxtcbcomponents").get(svn).get("svn")
                        : tcb.get("sgxtcbcomp%02dsvn".formatted(svn + 1));
                assertEquals(sgx.asInt(), level.sgx().svn(svn));
                if (info.tee() == TeeType.TDX) {
                    JsonNode tdx = tcb.get("tdxtcbcomponents").get(svn);
                    assertEquals(
                            tdx.get("svn").asInt(), level.tdx().orElseThrow().svn(svn));
                    assertEquals(
                            tdx.path("type").asText(""),
                            level.tdx().orElseThrow().labels().get(svn).type().orElse(""));
                }
            }
            assertEquals(tcb.get("pcesvn").asInt(), level.pceSvn());
            assertEquals(
                    expected.get(i).get("tcbStatus").asText(), level.status().word());
            assertEquals(
                    expected.get(i).path("advisoryIDs").size(),
                    level.advisoryIds().size());
        }
    }

    @Test
    void aCopyThatWasLaidOutForReadingVerifiesOnlyWithoutItsWhiteSpace()
            throws MalformedCollateralException, CertificateException {
        Bytes json = Captures.read("json-canonicalisation/tcbInfo-sgx-90c06f000000.json");
        Bytes chain = Captures.read("collateral/tdx-90c06f000000-2026-02/tcb_info_issuer_chain.pem");
        SignedCollateral asFound = SignedCollateral.read(Bytes.concat(chain, json), Kind.TCB_INFO);
        assertEquals(Signatures.Verdict.INVALID, verify(asFound));
        SignedCollateral compact = asFound.compacted().orElseThrow();
        assertEquals(Signatures.Verdict.VALID, verify(compact));
        assertEquals(TcbInfo.parse(asFound.body()), TcbInfo.parse(compact.body()));
    }

    @ParameterizedTest
    @CsvSource({"sgx_qve_identity.json, QVE", "sgx_qae_identity.json, QAE"})
    void readsTheIdentitiesOfOtherEnclaves(String file, EnclaveIdentity.Id id)
            throws MalformedCollateralException, IOException, CertificateException {
        JsonNode response = JSON.readTree(Captures.read("pcs-responses/" + file).toUtf8());
        var content = response.get("issuer_chain").asText()
                + response.get("enclave_identity_json").asText();
        SignedCollateral read = SignedCollateral.read(Bytes.utf8(content), Kind.QE_IDENTITY);
        assertEquals(Signatures.Verdict.VALID, verify(read));
        assertEquals(id, EnclaveIdentity.parse(read.body()).id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"intel-qvl-sample/tcbInfo.json"})
    void readsIntelsOwnSampleOfVersion2(String file) throws MalformedCollateralException {
        TcbInfo info = TcbInfo.parse(
                SignedCollateral.read(Captures.read(file), Kind.TCB_INFO).body());
        assertEquals(2, info.version());
        assertEquals(6, info.levels().size());
        assertEquals(TcbStatus.REVOKED, info.levels().get(4).status());
    }

    /** Its numbers do not fit into a byte; the library it comes with takes what is left of them. */
    @Test
    void refusesIntelsOwnSampleWithNumbersAbove255() throws MalformedCollateralException {
        Bytes body = SignedCollateral.read(Captures.read("intel-qvl-sample/tdx/tcbInfo.json"), Kind.TCB_INFO)
                .body();
        var refusal = assertThrows(MalformedCollateralException.class, () -> TcbInfo.parse(body));
        assertTrue(refusal.getMessage().contains("tcbInfo/tcbLevels/0/tcb/sgxtcbcomponents/1/svn is 65473"));
    }

    private static Signatures.Verdict verify(SignedCollateral signed) throws CertificateException {
        var signer = CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(signed.issuerChainPem().toByteArray()))
                .iterator()
                .next();
        var key = PURE_JAVA
                .key("EC", Bytes.copyOf(signer.getPublicKey().getEncoded()))
                .orElseThrow();
        return PURE_JAVA.ecdsaP256Sha256(key, signed.body(), signed.signature());
    }
}
