package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.ByteCursor;
import io.countersign.verifier.bytes.MalformedEvidenceException;

/** A version of the SNP firmware, which the report holds build first. AMD 56860, Table 23, CURRENT_BUILD and on. */
public record FirmwareVersion(int build, int minor, int major, int reserved) {
    static FirmwareVersion read(ByteCursor in) throws MalformedEvidenceException {
        return new FirmwareVersion(in.u8(), in.u8(), in.u8(), in.u8());
    }

    /** "major.minor.build". */
    public String text() {
        return major + "." + minor + "." + build;
    }
}
