package io.countersign.service.api.request;

import io.countersign.verifier.scheme.AttestationScheme;
import io.countersign.verifier.scheme.RawEvidence;

/** One device of a request whose type is known here, decoded but not parsed. */
public record RawDevice(String label, AttestationScheme<?> scheme, RawEvidence evidence) {}
