package io.countersign.verifier.tee.tdx;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.scheme.Field;
import io.countersign.verifier.tee.tdx.quote.EnclaveReport;
import io.countersign.verifier.tee.tdx.quote.Quote;
import io.countersign.verifier.tee.tdx.quote.QuoteHeader;
import io.countersign.verifier.tee.tdx.quote.QuoteSignature;
import io.countersign.verifier.tee.tdx.quote.TdReport;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.PemBundle;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Every field of a quote and of the certificates in it, by Intel's names, for people; nothing is judged. */
final class QuoteFields {
    private static final int MOST_CERTIFICATES = 8;

    private final List<Field> fields = new ArrayList<>();

    private QuoteFields() {}

    static List<Field> of(Quote quote) {
        var fields = new QuoteFields();
        fields.header(quote.header());
        switch (quote.body()) {
            case TdReport td -> fields.td(td);
            case EnclaveReport enclave -> fields.enclave("enclave report", enclave);
        }
        fields.signature(quote.signature());
        fields.add("quote", "padding", quote.end(), quote.trailing().length(), padding(quote.trailing()));
        return List.copyOf(fields.fields);
    }

    private static String padding(Bytes trailing) {
        return trailing.isAllZero() ? "zeros" : "not all zero";
    }

    private void header(QuoteHeader header) {
        String in = "quote header";
        number(in, "version", 0, 2, header.version());
        number(in, "attestation key type", 2, 2, header.attestationKeyType());
        add(in, "TEE type", 4, 4, HexFormat.of().toHexDigits(header.teeType(), 8));
        bytes(in, header.version() == 3 ? "QE SVN, PCE SVN" : "reserved", 8, header.reserved());
        bytes(in, "QE vendor id", 12, header.qeVendorId());
        bytes(in, "user data", 28, header.userData());
    }

    private void td(TdReport td) {
        String in = "TD report";
        bytes(in, "TEE_TCB_SVN", 0, td.teeTcbSvn());
        bytes(in, "MRSEAM", 16, td.mrSeam());
        bytes(in, "MRSIGNERSEAM", 64, td.mrSignerSeam());
        bytes(in, "SEAMATTRIBUTES", 112, td.seamAttributes());
        add(
                in,
                "TDATTRIBUTES",
                120,
                8,
                td.tdAttributes().raw() + names(td.tdAttributes().names()));
        add(in, "XFAM", 128, 8, td.xfam().raw() + names(td.xfam().names()));
        bytes(in, "MRTD", 136, td.mrTd());
        bytes(in, "MRCONFIGID", 184, td.mrConfigId());
        bytes(in, "MROWNER", 232, td.mrOwner());
        bytes(in, "MROWNERCONFIG", 280, td.mrOwnerConfig());
        for (int i = 0; i < td.rtmrs().size(); i++) {
            bytes(in, "RTMR" + i, 328 + 48 * i, td.rtmrs().get(i));
        }
        bytes(in, "REPORTDATA", 520, td.reportData());
        td.later().ifPresent(later -> {
            bytes(in, "TEE_TCB_SVN2", 584, later.teeTcbSvn2());
            bytes(in, "MRSERVICETD", 600, later.mrServiceTd());
        });
    }

    private void enclave(String in, EnclaveReport enclave) {
        bytes(in, "CPUSVN", 0, enclave.cpuSvn());
        bytes(in, "MISCSELECT", 16, enclave.miscSelect());
        bytes(in, "ISVEXTPRODID", 32, enclave.isvExtProdId());
        bytes(in, "ATTRIBUTES", 48, enclave.attributes());
        bytes(in, "MRENCLAVE", 64, enclave.mrEnclave());
        bytes(in, "MRSIGNER", 128, enclave.mrSigner());
        bytes(in, "CONFIGID", 192, enclave.configId());
        number(in, "ISVPRODID", 256, 2, enclave.isvProdId());
        number(in, "ISVSVN", 258, 2, enclave.isvSvn());
        number(in, "CONFIGSVN", 260, 2, enclave.configSvn());
        bytes(in, "ISVFAMILYID", 304, enclave.isvFamilyId());
        bytes(in, "REPORTDATA", 320, enclave.reportData());
    }

    private void signature(QuoteSignature section) {
        String in = "quote signature data";
        bytes(in, "quote signature", 0, section.quoteSignature());
        bytes(in, "attestation key", 64, section.attestationKey());
        enclave("QE report", section.qeReport());
        bytes("QE report", "signature", EnclaveReport.LENGTH, section.qeReportSignature());
        bytes("QE report", "authentication data", EnclaveReport.LENGTH + 66, section.authenticationData());
        Bytes chain = section.pckChain();
        try {
            int index = 0;
            for (Certificate each : PemBundle.certificates(PckChainJudge.withoutEndingNul(chain), MOST_CERTIFICATES)) {
                certificate("certificate " + index++, each);
            }
        } catch (MalformedDerException e) {
            add("certification data", "unreadable", 0, chain.length(), e.getMessage());
        }
    }

    private void certificate(String in, Certificate certificate) {
        int length = certificate.der().length();
        add(in, "subject common name", 0, length, certificate.subjectCommonName());
        add(in, "validity", 0, length, certificate.window().toString());
        add(in, "SHA-256", 0, length, certificate.fingerprint().toString());
        if (PckExtension.read(certificate) instanceof PckExtension.Reading.Read(PckIdentity identity)) {
            add(in, "FMSPC", 0, length, identity.fmspc().toString());
            add(in, "PCE-ID", 0, length, identity.pceId().toString());
            add(in, "PPID", 0, length, identity.ppid().toString());
            add(
                    in,
                    "TCB components, PCESVN",
                    0,
                    length,
                    identity.tcb().sgxComponents() + ", " + identity.tcb().pceSvn());
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
    }

    private void number(String in, String name, int offset, int length, long value) {
        add(in, name, offset, length, Long.toString(value));
    }

    private void bytes(String in, String name, int offset, Bytes value) {
        add(in, name, offset, value.length(), value.toString());
    }

    private void add(String in, String name, int offset, int length, String value) {
        fields.add(new Field(in, name, offset, length, value));
    }
}
