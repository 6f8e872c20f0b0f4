package io.countersign.verifier.tee.nvgpu;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.MalformedEvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.scheme.Evidence;
import io.countersign.verifier.scheme.EvidenceMember;
import io.countersign.verifier.scheme.EvidenceMember.Encoding;
import io.countersign.verifier.scheme.EvidenceMember.Need;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.tee.nvgpu.report.AttestationReport;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.tee.nvgpu.report.GpuStatement;
import io.countersign.verifier.tee.nvgpu.report.SwitchStatement;
import io.countersign.verifier.trust.PemBundle;
import io.countersign.verifier.trust.Signatures.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One report and the chain that came beside it; nothing about either is trusted. */
public final class DeviceEvidence implements Evidence {
    /** As NVIDIA's own tools write a device, so that their JSON is taken as it is. */
    static final List<EvidenceMember> MEMBERS = List.of(
            new EvidenceMember("evidence", Encoding.BINARY, Need.REQUIRED, AttestationReport.MAX_LENGTH),
            new EvidenceMember("certificate", Encoding.PEM_OR_BINARY, Need.REQUIRED, 32 * 1024),
            new EvidenceMember("arch", Encoding.TEXT, Need.OPTIONAL, 32),
            ignored("nonce"),
            ignored("version"),
            ignored("driver_version"),
            ignored("vbios_version"),
            ignored("uuid"));

    private final AttestationReport report;
    private final DeviceStatement statement;
    private final Bytes chainPem;
    private final Optional<String> arch;

    /**
     * A fact about bytes that never change, computed once although evidence is looked at several times while endorsements are
     * gathered. The key stands in the evidence itself.
     */
    private @Nullable Verdict signature;

    private DeviceEvidence(AttestationReport report, DeviceStatement statement, Bytes chainPem, Optional<String> arch) {
        this.report = report;
        this.statement = statement;
        this.chainPem = chainPem;
        this.arch = arch;
    }

    private static EvidenceMember ignored(String name) {
        return new EvidenceMember(name, Encoding.IGNORED, Need.OPTIONAL, 0);
    }

    static DeviceEvidence parse(RawEvidence raw, DeviceKind kind) throws EvidenceException {
        AttestationReport report = read(raw.required("evidence"), kind);
        DeviceStatement statement =
                switch (kind) {
                    case GPU -> new DeviceStatement.Gpu(GpuStatement.of(report.opaque()));
                    case NVSWITCH -> new DeviceStatement.Switch(SwitchStatement.of(report.opaque()));
                };
        Bytes pem = raw.required("certificate");
        if (!PemBundle.looksLike(pem)) {
            throw new MalformedEvidenceException("certificate", 0, "expected certificates in PEM, leaf first");
        }
        return new DeviceEvidence(report, statement, pem, raw.member("arch").map(Bytes::toUtf8));
    }

    /** A report of the other kind is told so: its fields alone would be refused for reasons that help nobody. */
    private static AttestationReport read(Bytes content, DeviceKind kind) throws EvidenceException {
        try {
            return AttestationReport.read(content, kind);
        } catch (MalformedEvidenceException e) {
            DeviceKind other =
                    switch (kind) {
                        case GPU -> DeviceKind.NVSWITCH;
                        case NVSWITCH -> DeviceKind.GPU;
                    };
            if (isReadable(content, other)) {
                throw new UnsupportedEvidenceException(
                        "evidence",
                        switch (other) {
                            case GPU -> "this is the report of a GPU: send it as nvidia-gpu";
                            case NVSWITCH -> "this is the report of an NVSwitch: send it as nvidia-nvswitch";
                        });
            }
            throw e;
        }
    }

    private static boolean isReadable(Bytes content, DeviceKind kind) {
        try {
            AttestationReport.read(content, kind);
            return true;
        } catch (EvidenceException _) {
            return false;
        }
    }

    AttestationReport report() {
        return report;
    }

    DeviceStatement statement() {
        return statement;
    }

    Bytes chainPem() {
        return chainPem;
    }

    /** The family that the sender says it is of; a label, which proves nothing. */
    Optional<String> arch() {
        return arch;
    }

    synchronized Verdict signature(Supplier<Verdict> verification) {
        Verdict known = signature;
        if (known == null) {
            known = verification.get();
            signature = known;
        }
        return known;
    }

    /** All of it: every byte of request and response is signed, but for the signature. */
    @Override
    public Bytes committedBytes() {
        return report.raw();
    }
}
