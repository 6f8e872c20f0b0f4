package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.SIGNATURE;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.identity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the signed bytes are cut out of a response, and which responses are none. */
class SignedCollateralTest {
    private static final String BODY = identity("TD_QE", "4 UpToDate");
    private static final String RESPONSE = MadeCollateral.response(Kind.QE_IDENTITY, BODY);
    private static final String CHAIN =
            "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";

    private static SignedCollateral read(String content) throws MalformedCollateralException {
        return SignedCollateral.read(Bytes.utf8(content), Kind.QE_IDENTITY);
    }

    private static String refusal(String content) {
        return refusal(Bytes.utf8(content));
    }

    private static String refusal(Bytes content) {
        return assertThrows(MalformedCollateralException.class, () -> SignedCollateral.read(content, Kind.QE_IDENTITY))
                .getMessage();
    }

    @Test
    void cutsOutTheBodyAndKeepsTheChain() throws MalformedCollateralException {
        SignedCollateral read = read(CHAIN + RESPONSE);
        assertEquals(CHAIN, read.issuerChainPem().toUtf8());
        assertEquals(BODY, read.body().toUtf8());
        assertEquals(Bytes.fromHex(SIGNATURE), read.signature());
    }

    @Test
    void theChainMayBeAbsent() throws MalformedCollateralException {
        assertEquals(Bytes.empty(), read(RESPONSE).issuerChainPem());
        assertEquals(Bytes.empty(), read(" \r\n\t" + RESPONSE).issuerChainPem());
    }

    private static void assertSame(SignedCollateral expected, SignedCollateral actual) {
        assertEquals(expected.body(), actual.body());
        assertEquals(expected.signature(), actual.signature());
    }

    @Test
    void theSignatureMayComeFirst() throws MalformedCollateralException {
        String turned = "{\"signature\":\"%s\",\"enclaveIdentity\":%s}".formatted(SIGNATURE, BODY);
        assertSame(read(RESPONSE), read(turned));
    }

    @Test
    void whiteSpaceAroundTheTokensIsNotPartOfTheBody() throws MalformedCollateralException {
        String spaced = " { \"enclaveIdentity\" :\n" + BODY + " ,\t\"signature\" : \"" + SIGNATURE + "\" } \r\n ";
        assertEquals(BODY, read(spaced).body().toUtf8());
    }

    @Test
    void whiteSpaceWithinTheBodyIs() throws MalformedCollateralException {
        SignedCollateral spaced = read(RESPONSE.replace("\"version\":2", "\"version\" :\n 2"));
        assertNotEquals(BODY, spaced.body().toUtf8());
        assertEquals(BODY, spaced.compacted().orElseThrow().body().toUtf8());
    }

    @Test
    void compactingLeavesStringsAlone() throws MalformedCollateralException {
        String strange = BODY.replace("\"version\":2", "\"a \\\" b\" : \" \\\\\" , \"version\":2");
        String compact = read(MadeCollateral.response(Kind.QE_IDENTITY, strange))
                .compacted()
                .orElseThrow()
                .body()
                .toUtf8();
        assertEquals(BODY.replace("\"version\":2", "\"a \\\" b\":\" \\\\\",\"version\":2"), compact);
    }

    /** Members in another order mean the same to JSON; the signature is over bytes. */
    @Test
    void aReorderedBodyIsAnotherBody() throws MalformedCollateralException {
        String turned = BODY.replace("\"id\":\"TD_QE\",\"version\":2", "\"version\":2,\"id\":\"TD_QE\"");
        SignedCollateral read = read(MadeCollateral.response(Kind.QE_IDENTITY, turned));
        assertEquals(EnclaveIdentity.parse(Bytes.utf8(BODY)), EnclaveIdentity.parse(read.body()));
        assertNotEquals(BODY, read.body().toUtf8());
        assertTrue(read.compacted().isEmpty());
    }

    @Test
    void offsetsAreRightBehindLettersOfSeveralBytes() throws MalformedCollateralException {
        String wide = BODY.replace("\"version\":2", "\"é€𝄞\":\"é€𝄞\",\"version\":2");
        assertEquals(
                wide,
                read(MadeCollateral.response(Kind.QE_IDENTITY, wide)).body().toUtf8());
    }

    @Test
    void theSignatureIsHexOfEitherCase() throws MalformedCollateralException {
        assertSame(read(RESPONSE), read(RESPONSE.replace(SIGNATURE, SIGNATURE.toUpperCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1f",
                "3046022100f1a0022100f1a0",
                "0x1f",
                "gg",
            })
    void aSignatureOfAnotherFormIsRefused(String signature) {
        assertTrue(refusal(RESPONSE.replace(SIGNATURE, signature)).contains("128 hex digits"));
    }

    @Test
    void aSignatureInDerIsRefused() {
        String der = "3046022100" + "f1".repeat(32) + "022100" + "f1".repeat(32);
        assertTrue(refusal(RESPONSE.replace(SIGNATURE, der)).contains("128 hex digits"));
        assertTrue(refusal(RESPONSE.replace("\"" + SIGNATURE + "\"", "null")).contains("a string was expected"));
    }

    @Test
    void aSecondBodyIsRefused() {
        String twice = RESPONSE.replace("\"signature\"", "\"enclaveIdentity\":" + BODY + ",\"signature\"");
        assertTrue(refusal(twice).contains("a member stands twice"));
        String escaped = RESPONSE.replace("\"signature\"", "\"enclave\\u0049dentity\":" + BODY + ",\"signature\"");
        assertTrue(refusal(escaped).contains("a member stands twice"));
        String twoSignatures = RESPONSE.substring(0, RESPONSE.length() - 1) + ",\"signature\":\"" + SIGNATURE + "\"}";
        assertTrue(refusal(twoSignatures).contains("a member stands twice"));
    }

    @Test
    void aMemberThatIsNotKnownIsRefused() {
        assertTrue(refusal(RESPONSE.replace("{\"enclaveIdentity\"", "{\"tcbInfo\":{},\"enclaveIdentity\""))
                .contains("has 3 members"));
    }

    @Test
    void aMissingMemberIsRefused() {
        assertEquals("signature is missing; a string was expected", refusal("{\"enclaveIdentity\":" + BODY + "}"));
        assertTrue(refusal("{\"signature\":\"" + SIGNATURE + "\"}").startsWith("enclaveIdentity is missing"));
        assertTrue(refusal("{}").startsWith("enclaveIdentity is missing"));
    }

    @Test
    void anotherKindOfDocumentIsRefused() {
        Bytes content = Bytes.utf8(RESPONSE);
        assertThrows(MalformedCollateralException.class, () -> SignedCollateral.read(content, Kind.TCB_INFO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "[]", "null", "4"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        assertTrue(refusal(MadeCollateral.response(Kind.QE_IDENTITY, body)).contains("an object was expected"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", "\u0000", ",", "]", "}", "// later", "\u00a0", "\ufeff"})
    void whatFollowsTheResponseIsRefused(String more) {
        refusal(RESPONSE + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "null", "\u0000", "[", "\ufeff", "\u00a0", "-----BEGIN X", "/* */"})
    void whatIsNoChainBeforeTheResponseIsRefused(String before) {
        refusal(before + RESPONSE);
    }

    @Test
    void nothingIsRefused() {
        assertTrue(refusal("").contains("no JSON object"));
        assertTrue(refusal(CHAIN).contains("no JSON object"));
    }

    @Test
    void otherEncodingsAreRefused() {
        refusal(Bytes.copyOf(RESPONSE.getBytes(StandardCharsets.UTF_16LE)));
        refusal(Bytes.copyOf(RESPONSE.getBytes(StandardCharsets.UTF_16)));
        byte[] latin =
                RESPONSE.replace("\"version\":2", "\"é\":1,\"version\":2").getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(Bytes.copyOf(latin)).contains("not UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'enclaveIdentity':{},'signature':''}",
                "{enclaveIdentity:{},signature:\"\"}",
                "{\"enclaveIdentity\":{},}",
                "{\"enclaveIdentity\":{}/* */}",
                "{\"enclaveIdentity\":{\"a\":NaN}}",
                "{\"enclaveIdentity\":{\"a\":01}}",
                "{\"enclaveIdentity\":{\"a\":+1}}",
                "{\"enclaveIdentity\":{\"a\":.5}}",
                "{\"enclaveIdentity\":{\"a\":\"\n\"}}",
            })
    void laxFormsOfJsonAreRefused(String content) {
        assertTrue(refusal(content).contains("it is not JSON"));
    }

    @Test
    void deepLongAndManyAreRefused() {
        String deep = "[".repeat(100_000);
        assertTrue(refusal("{\"enclaveIdentity\":" + deep).contains("nested too deeply"));
        assertTrue(refusal(RESPONSE.replace("\"version\":2", "\"version\":" + "2".repeat(400_000)))
                .contains("too long"));
        assertTrue(refusal(RESPONSE.replace("\"version\"", "\"" + "v".repeat(400_000) + "\""))
                .contains("too long"));
        assertTrue(refusal(RESPONSE.replace("\"TD_QE\"", "\"" + "v".repeat(400_000) + "\""))
                .contains("too long"));
        assertTrue(
                refusal("{\"enclaveIdentity\":[" + "0,".repeat(400_000) + "0]}").contains("more than"));
        assertTrue(refusal(" ".repeat(1 << 20) + RESPONSE).contains("at most"));
    }

    @Test
    void readsTheGreatestDepthThatIsAllowed() throws MalformedCollateralException {
        int left = JsonReader.MOST_DEPTH - 2;
        String deep = BODY.replace("\"version\":2", "\"x\":" + "[".repeat(left) + "]".repeat(left) + ",\"version\":2");
        assertEquals(
                deep,
                read(MadeCollateral.response(Kind.QE_IDENTITY, deep)).body().toUtf8());
    }
}
