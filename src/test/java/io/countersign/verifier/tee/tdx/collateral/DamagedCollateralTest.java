package io.countersign.verifier.tee.tdx.collateral;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.Captures.Document;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No damage lets anything but the declared refusal out, and no shortened document is one. */
class DamagedCollateralTest {
    private static final long SEED = 348_551;
    private static final int MUTATIONS = 30_000;
    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "null",
            "-1",
            "1.5",
            "1e9",
            "\\u0000",
            "\\",
            "\"svn\":",
            "\"tcb\":",
            "\"signature\":",
            "\"tcbInfo\":",
            "256",
            "99999999999999999999",
            "\ufeff",
            "TDX_01",
            "Revoked",
            "\u0000");

    private static final Document MADE = new Document(
            "made",
            Kind.TCB_INFO,
            Bytes.empty(),
            Bytes.utf8(MadeCollateral.response(
                    Kind.TCB_INFO,
                    MadeCollateral.tdx(
                            MadeCollateral.module("TDX_01", "4 UpToDate", "2 OutOfDate INTEL-SA-00001"),
                            MadeCollateral.tdxLevel("4,4", 11, "5,0,4", "UpToDate"),
                            MadeCollateral.tdxLevel("3,3", 5, "5,0,3", "OutOfDate", "INTEL-SA-00002")))));

    /** One of every form: each byte of each costs two readings. */
    static List<Document> documents() {
        return Captures.documents().stream()
                .filter(document -> document.name().contains("tdx-b0c06f000000-2025-06")
                        || document.name().contains("sgx-00a067110000-2025-06/tcb_info"))
                .toList();
    }

    @Test
    void everyShorterMadeDocumentIsRefused() throws MalformedCollateralException {
        assertEveryShorterIsRefused(MADE);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyShorterGenuineDocumentIsRefused(Document document) throws MalformedCollateralException {
        assertEveryShorterIsRefused(document);
    }

    private static void assertEveryShorterIsRefused(Document document) throws MalformedCollateralException {
        Bytes whole = document.trimmed();
        Bytes body = SignedCollateral.read(whole, document.kind()).body();
        parse(document.kind(), body);
        for (int length = 0; length < whole.length(); length++) {
            Bytes cut = whole.slice(0, length);
            assertThrows(
                    MalformedCollateralException.class,
                    () -> SignedCollateral.read(cut, document.kind()),
                    () -> "response of " + cut.length());
        }
        for (int length = 0; length < body.length(); length++) {
            Bytes cut = body.slice(0, length);
            assertThrows(
                    MalformedCollateralException.class,
                    () -> parse(document.kind(), cut),
                    () -> "body of " + cut.length());
        }
    }

    @Test
    void damagedDocumentsAreReadOrRefused() {
        var random = new SplittableRandom(SEED);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] content = MADE.json().toByteArray();
            int times = 1 + random.nextInt(3);
            for (int j = 0; j < times; j++) {
                content = damaged(content, random);
            }
            try {
                SignedCollateral signed = SignedCollateral.read(Bytes.copyOf(content), Kind.TCB_INFO);
                assertNotNull(signed.compacted());
                judge(TcbInfo.parse(signed.body()));
                read++;
            } catch (MalformedCollateralException e) {
                assertTrue(e.getMessage().length() < 500, e.getMessage());
                refused++;
            }
        }
        assertTrue(read > MUTATIONS / 100, "nearly all is refused before it is read: " + read);
        assertTrue(refused > MUTATIONS / 10, "nearly nothing is damaged: " + refused);
    }

    /** What could be read can be judged. */
    private static void judge(TcbInfo info) {
        TcbVerdict verdict = TcbEvaluation.judge(
                info,
                MadeCollateral.enclave(MadeCollateral.identity("TD_QE", "4 UpToDate")),
                MadeCollateral.platform("4,4", 11),
                MadeCollateral.td("4,1,3", "4,1,4"),
                4);
        assertTrue(!verdict.hint().isEmpty());
    }

    private static byte[] damaged(byte[] content, SplittableRandom random) {
        if (content.length == 0) {
            return new byte[] {'{'};
        }
        int at = random.nextInt(content.length);
        return switch (random.nextInt(7)) {
            case 0 -> {
                content[at] ^= (byte) (1 << random.nextInt(8));
                yield content;
            }
            case 1 -> {
                content[at] = (byte) random.nextInt(256);
                yield content;
            }
            case 2 -> {
                content[at] = (byte) ('0' + random.nextInt(10));
                yield content;
            }
            case 3 -> Arrays.copyOf(content, at);
            case 4 -> joined(content, at, new byte[0], Math.min(content.length, at + 1 + random.nextInt(40)));
            case 5 ->
                joined(content, at, WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8), at);
            default -> {
                int from = random.nextInt(content.length);
                int to = Math.min(content.length, from + 1 + random.nextInt(80));
                yield joined(content, at, Arrays.copyOfRange(content, from, to), at);
            }
        };
    }

    private static byte[] joined(byte[] content, int until, byte[] middle, int from) {
        byte[] result = new byte[until + middle.length + content.length - from];
        System.arraycopy(content, 0, result, 0, until);
        System.arraycopy(middle, 0, result, until, middle.length);
        System.arraycopy(content, from, result, until + middle.length, content.length - from);
        return result;
    }

    private static void parse(Kind kind, Bytes body) throws MalformedCollateralException {
        switch (kind) {
            case TCB_INFO -> assertNotNull(TcbInfo.parse(body));
            case QE_IDENTITY -> assertNotNull(EnclaveIdentity.parse(body));
        }
    }
}
