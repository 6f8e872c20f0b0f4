package io.countersign.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.testkit.Fixtures;
import io.countersign.verifier.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same readers under Jazzer, guided by coverage: {@code JAZZER_FUZZ=1 ./countersign test
 * -Dtest='ParsersFuzzTest#report'}, one method at a time. What it finds becomes a seed or a case of its own. Not part of
 * every build: {@link MutationTest} reads the same seeds, and Jazzer's agent, once in a JVM, takes every connection that
 * another test makes for a finding.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class ParsersFuzzTest {
    private static final String TIME = "1m";

    private static final int REPORT = 1184;

    static List<byte[]> report() {
        return Seeds.of(Target.REPORT);
    }

    @MethodSource("report")
    @FuzzTest(maxDuration = TIME)
    void report(byte[] input) {
        Target.REPORT.read(input);
    }

    static List<byte[]> certificates() {
        return Seeds.of(Target.CERTIFICATES);
    }

    @MethodSource("certificates")
    @FuzzTest(maxDuration = TIME)
    void certificates(byte[] input) {
        Target.CERTIFICATES.read(input);
    }

    static List<byte[]> certificate() {
        return Seeds.of(Target.CERTIFICATE);
    }

    @MethodSource("certificate")
    @FuzzTest(maxDuration = TIME)
    void certificate(byte[] input) {
        Target.CERTIFICATE.read(input);
    }

    static List<byte[]> revocationList() {
        return Seeds.of(Target.REVOCATION_LIST);
    }

    @MethodSource("revocationList")
    @FuzzTest(maxDuration = TIME)
    void revocationList(byte[] input) {
        Target.REVOCATION_LIST.read(input);
    }

    static List<byte[]> deviceReport() {
        return Seeds.of(Target.DEVICE_REPORT);
    }

    @MethodSource("deviceReport")
    @FuzzTest(maxDuration = TIME)
    void deviceReport(byte[] input) {
        Target.DEVICE_REPORT.read(input);
    }

    static List<byte[]> deviceChain() {
        return Seeds.of(Target.DEVICE_CHAIN);
    }

    @MethodSource("deviceChain")
    @FuzzTest(maxDuration = TIME)
    void deviceChain(byte[] input) {
        Target.DEVICE_CHAIN.read(input);
    }

    static List<byte[]> rim() {
        return Seeds.of(Target.RIM);
    }

    @MethodSource("rim")
    @FuzzTest(maxDuration = TIME)
    void rim(byte[] input) {
        Target.RIM.read(input);
    }

    static List<byte[]> ocspAnswer() {
        return Seeds.of(Target.OCSP_ANSWER);
    }

    @MethodSource("ocspAnswer")
    @FuzzTest(maxDuration = TIME)
    void ocspAnswer(byte[] input) {
        Target.OCSP_ANSWER.read(input);
    }

    static List<byte[]> quote() {
        return Seeds.of(Target.QUOTE);
    }

    @MethodSource("quote")
    @FuzzTest(maxDuration = TIME)
    void quote(byte[] input) {
        Target.QUOTE.read(input);
    }

    static List<byte[]> eventLog() {
        return Seeds.of(Target.EVENT_LOG);
    }

    @MethodSource("eventLog")
    @FuzzTest(maxDuration = TIME)
    void eventLog(byte[] input) {
        Target.EVENT_LOG.read(input);
    }

    static List<byte[]> pckChain() {
        return Seeds.of(Target.PCK_CHAIN);
    }

    @MethodSource("pckChain")
    @FuzzTest(maxDuration = TIME)
    void pckChain(byte[] input) {
        Target.PCK_CHAIN.read(input);
    }

    static List<byte[]> pckCertificate() {
        return Seeds.of(Target.PCK_CERTIFICATE);
    }

    @MethodSource("pckCertificate")
    @FuzzTest(maxDuration = TIME)
    void pckCertificate(byte[] input) {
        Target.PCK_CERTIFICATE.read(input);
    }

    static List<byte[]> tcbInfo() {
        return Seeds.of(Target.TCB_INFO);
    }

    @MethodSource("tcbInfo")
    @FuzzTest(maxDuration = TIME)
    void tcbInfo(byte[] input) {
        Target.TCB_INFO.read(input);
    }

    static List<byte[]> qeIdentity() {
        return Seeds.of(Target.QE_IDENTITY);
    }

    @MethodSource("qeIdentity")
    @FuzzTest(maxDuration = TIME)
    void qeIdentity(byte[] input) {
        Target.QE_IDENTITY.read(input);
    }

    static List<byte[]> request() {
        return Seeds.of(Target.APPRAISAL);
    }

    @MethodSource("request")
    @FuzzTest(maxDuration = TIME)
    void request(byte[] input) {
        Target.APPRAISAL.read(input);
        Target.ATTESTATION.read(input);
    }

    static List<byte[]> base64() {
        return Seeds.of(Target.BASE64);
    }

    @MethodSource("base64")
    @FuzzTest(maxDuration = TIME)
    void base64(byte[] input) {
        Target.BASE64.read(input);
    }

    static List<byte[]> draft() {
        return Seeds.of(Target.DRAFT);
    }

    @MethodSource("draft")
    @FuzzTest(maxDuration = TIME)
    void draft(byte[] input) {
        Target.DRAFT.read(input);
    }

    static List<byte[]> anchors() {
        return Seeds.of(Target.ANCHORS);
    }

    @MethodSource("anchors")
    @FuzzTest(maxDuration = TIME)
    void anchors(byte[] input) {
        Target.ANCHORS.read(input);
    }

    /** A genuine case: its report, the length of its certificates in four bytes, these, and its revocation list. */
    static List<byte[]> whole() {
        return WholeEvidence.GENUINE.stream().map(ParsersFuzzTest::packed).toList();
    }

    @MethodSource("whole")
    @FuzzTest(maxDuration = TIME)
    void whole(byte[] input) {
        var in = ByteBuffer.wrap(input);
        Bytes report = take(in, REPORT);
        int length = in.remaining() < Integer.BYTES ? 0 : in.getInt();
        Bytes certificates = take(in, length);
        Bytes list = take(in, in.remaining());
        WholeEvidence.GENUINE.forEach(origin -> WholeEvidence.judge(origin, report, certificates, list));
    }

    private static byte[] packed(Fixtures.Case each) {
        Bytes certificates = WholeEvidence.part(each, "certificates");
        return Bytes.concat(
                        WholeEvidence.part(each, "report"),
                        Bytes.copyOf(ByteBuffer.allocate(Integer.BYTES)
                                .putInt(certificates.length())
                                .array()),
                        certificates,
                        WholeEvidence.crl(each))
                .toByteArray();
    }

    private static Bytes take(ByteBuffer in, int length) {
        byte[] taken = new byte[Math.clamp(length, 0, in.remaining())];
        in.get(taken);
        return Bytes.copyOf(taken);
    }

    static List<byte[]> corim() {
        return Seeds.of(Target.CORIM);
    }

    @MethodSource("corim")
    @FuzzTest(maxDuration = TIME)
    void corim(byte[] input) {
        Target.CORIM.read(input);
    }

    static List<byte[]> measurements() {
        return Seeds.of(Target.MEASUREMENTS);
    }

    @MethodSource("measurements")
    @FuzzTest(maxDuration = TIME)
    void measurements(byte[] input) {
        Target.MEASUREMENTS.read(input);
    }
}
