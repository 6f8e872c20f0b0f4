package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;

/** Reads one certificate; a scheme's own reader recalls what it has verified before instead of reading it again. */
@FunctionalInterface
interface CertificateReader {
    Certificate read(Bytes der) throws MalformedDerException;
}
