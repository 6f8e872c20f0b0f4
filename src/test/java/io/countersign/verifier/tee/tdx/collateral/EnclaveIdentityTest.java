package io.countersign.verifier.tee.tdx.collateral;

import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.enclave;
import static io.countersign.verifier.tee.tdx.collateral.MadeCollateral.identity;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an enclave identity must be, and which enclaves it fits. */
class EnclaveIdentityTest {
    private static final String TD_QE = identity("TD_QE", "2 OutOfDate INTEL-SA-00001", "4 UpToDate");
    private static final Bytes MISC_SELECT = Bytes.zeros(4);
    private static final Bytes ATTRIBUTES = Bytes.fromHex("1100000000000000e700000000000000");
    private static final Bytes MR_SIGNER = Bytes.fromHex("dc".repeat(32));

    private static String refusal(String body) {
        return assertThrows(MalformedCollateralException.class, () -> EnclaveIdentity.parse(Bytes.utf8(body)), body)
                .getMessage();
    }

    private static String with(String old, String changed) {
        String result = TD_QE.replace(old, changed);
        assertFalse(result.equals(TD_QE), old);
        return result;
    }

    private static List<String> differing(String body, Bytes miscSelect, Bytes attributes, Bytes mrSigner, int prodId) {
        return enclave(body).mismatches(miscSelect, attributes, mrSigner, prodId).stream()
                .map(Mismatch::field)
                .toList();
    }

    @Test
    void readsEveryMember() {
        EnclaveIdentity identity = enclave(TD_QE);
        assertEquals(EnclaveIdentity.Id.TD_QE, identity.id());
        assertEquals(19, identity.tcbEvaluationDataNumber());
        assertEquals(2, identity.isvProdId());
        assertEquals(MR_SIGNER, identity.mrSigner());
        assertEquals(
                List.of(4, 2), identity.levels().stream().map(IsvLevel::isvSvn).toList());
        assertEquals(List.of("INTEL-SA-00001"), identity.levels().getLast().advisoryIds());
    }

    @ParameterizedTest
    @EnumSource(EnclaveIdentity.Id.class)
    void onlyTheQuotingEnclaveOfTdxHasAVersion3(EnclaveIdentity.Id id) {
        String body = identity(id.name(), "1 UpToDate");
        assertEquals(id, enclave(body).id());
        String third = body.replace("\"version\":2", "\"version\":3");
        if (id == EnclaveIdentity.Id.TD_QE) {
            assertEquals(3, enclave(third).version());
        } else {
            assertTrue(refusal(third).contains("version is 3"));
        }
    }

    @Test
    void anEnclaveThatFitsHasNoMismatch() {
        assertEquals(List.of(), differing(TD_QE, MISC_SELECT, ATTRIBUTES, MR_SIGNER, 2));
    }

    @Test
    void everyFieldCounts() {
        assertEquals(
                List.of("MISCSELECT", "ATTRIBUTES", "MRSIGNER", "ISVPRODID"),
                differing(TD_QE, Bytes.fromHex("00000001"), Bytes.zeros(16), Bytes.zeros(32), 1));
        Mismatch first = enclave(TD_QE)
                .mismatches(Bytes.fromHex("00000001"), ATTRIBUTES, MR_SIGNER, 2)
                .getFirst();
        assertEquals("MISCSELECT is 00000001; 00000000 under mask ffffffff was expected", first.toString());
    }

    /** Bit by bit: what the mask covers must be as it says, and nothing else matters. */
    @Test
    void masksApplyByteByByteInTheOrderOfTheReport() {
        Bytes mask = enclave(TD_QE).attributesMask();
        for (int bit = 0; bit < 128; bit++) {
            byte[] flipped = ATTRIBUTES.toByteArray();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            boolean covered = (mask.u8(bit / 8) & 1 << bit % 8) != 0;
            assertEquals(
                    covered ? List.of("ATTRIBUTES") : List.of(),
                    differing(TD_QE, MISC_SELECT, Bytes.copyOf(flipped), MR_SIGNER, 2),
                    "bit " + bit);
        }
        String one = with("\"miscselectMask\":\"FFFFFFFF\"", "\"miscselectMask\":\"01000000\"");
        assertEquals(List.of(), differing(one, Bytes.fromHex("feffffff"), ATTRIBUTES, MR_SIGNER, 2));
        assertEquals(List.of("MISCSELECT"), differing(one, Bytes.fromHex("01000000"), ATTRIBUTES, MR_SIGNER, 2));
    }

    /** A value with bits that its mask leaves out can never be met; it is not read as if they were absent. */
    @Test
    void aValueOutsideItsMaskIsNeverMet() {
        String odd = with(
                "\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\"",
                "\"miscselect\":\"00000001\",\"miscselectMask\":\"00000000\"");
        assertEquals(List.of("MISCSELECT"), differing(odd, Bytes.fromHex("00000001"), ATTRIBUTES, MR_SIGNER, 2));
    }

    @Test
    void fieldsOfAnotherLengthAreOurOwnMistake() {
        EnclaveIdentity identity = enclave(TD_QE);
        assertThrows(
                IllegalArgumentException.class, () -> identity.mismatches(Bytes.zeros(3), ATTRIBUTES, MR_SIGNER, 2));
        assertThrows(
                IllegalArgumentException.class, () -> identity.mismatches(MISC_SELECT, ATTRIBUTES, Bytes.zeros(31), 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "version",
                "issueDate",
                "nextUpdate",
                "tcbEvaluationDataNumber",
                "miscselect",
                "miscselectMask",
                "attributes",
                "attributesMask",
                "mrsigner",
                "isvprodid",
                "tcbLevels",
                "tcb",
                "isvsvn",
                "tcbDate",
                "tcbStatus"
            })
    void everyMemberIsNeededOnce(String name) {
        assertTrue(refusal(with("\"" + name + "\":", "\"x\":")).contains(name + " is missing"));
        assertTrue(refusal(with("\"" + name + "\":", "\"" + name + "\":0,\"" + name + "\":"))
                .contains("twice"));
    }

    @Test
    void everyMemberHasItsForm() {
        refusal(with("TD_QE", "td_qe"));
        refusal(with("TD_QE", "TDQE"));
        refusal(with("\"version\":2", "\"version\":1"));
        refusal(with("\"version\":2", "\"version\":4"));
        refusal(with("\"version\":2", "\"version\":\"2\""));
        refusal(with("\"miscselect\":\"00", "\"miscselect\":\"0000"));
        refusal(with("\"attributes\":\"11", "\"attributes\":\""));
        refusal(with("\"mrsigner\":\"dC", "\"mrsigner\":\"zz"));
        refusal(with("\"mrsigner\":\"dC", "\"mrsigner\":\"\uff11\uff12"));
        refusal(with("\"isvprodid\":2", "\"isvprodid\":65536"));
        refusal(with("\"isvprodid\":2", "\"isvprodid\":-2"));
        refusal(with("2026-09-01T00:00:00Z", "2026-08-01T00:00:00Z"));
        refusal(identity("TD_QE"));
        refusal(identity("TD_QE", "4 UpToDate", "4 Revoked"));
        refusal(identity("TD_QE", "4 ConfigurationNeeded"));
        refusal("[" + TD_QE + "]");
        refusal(TD_QE + TD_QE);
    }
}
