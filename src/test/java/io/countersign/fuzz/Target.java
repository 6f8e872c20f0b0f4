package io.countersign.fuzz;

import io.countersign.insecure.Pem;
import io.countersign.service.api.request.AppraisalRequestReader;
import io.countersign.service.api.request.EvidenceReader;
import io.countersign.service.api.request.JsonText;
import io.countersign.service.api.request.RequestInvalidException;
import io.countersign.testkit.Fixtures;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.bytes.EvidenceException;
import io.countersign.verifier.bytes.UnsupportedEvidenceException;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.policy.AppraisalPolicy;
import io.countersign.verifier.policy.PolicyParser;
import io.countersign.verifier.policy.PolicyReading;
import io.countersign.verifier.scheme.RawEvidence;
import io.countersign.verifier.scheme.RefusedEvidenceException;
import io.countersign.verifier.tee.nvgpu.report.DeviceKind;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.collateral.EnclaveIdentity;
import io.countersign.verifier.tee.tdx.collateral.MalformedCollateralException;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral;
import io.countersign.verifier.tee.tdx.collateral.TcbInfo;
import io.countersign.verifier.trust.Certificate;
import io.countersign.verifier.trust.MalformedDerException;
import io.countersign.verifier.trust.RevocationList;
import io.countersign.verifier.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One reader of bytes from outside. What it lets out beside its declared exceptions is a fault. */
enum Target {
    REPORT(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                var evidence = Core.SNP.parse(new RawEvidence(Map.of("report", Bytes.copyOf(input))));
                Core.SNP.show(evidence);
                return Ending.ACCEPTED;
            } catch (EvidenceException e) {
                return refused(e);
            }
        }
    },
    CERTIFICATES(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                Core.SNP.parse(new RawEvidence(Map.of("report", GOOD_REPORT, "certificates", Bytes.copyOf(input))));
                return Ending.ACCEPTED;
            } catch (EvidenceException e) {
                return refused(e);
            }
        }
    },
    CERTIFICATE(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                Certificate read = Certificate.parse(Bytes.copyOf(input));
                read.criticalExtensions();
                read.saysCertificateAuthority();
                read.extension("1.3.6.1.4.1.3704.1.4");
                return Ending.ACCEPTED;
            } catch (MalformedDerException e) {
                return refused(e);
            }
        }
    },
    REVOCATION_LIST(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                RevocationList.parse(Bytes.copyOf(input));
                return Ending.ACCEPTED;
            } catch (MalformedDerException e) {
                return refused(e);
            }
        }
    },
    /** Of a GPU and of a switch: the request says which, so that either may be claimed of any bytes. */
    DEVICE_REPORT(10_000) {
        @Override
        Ending read(byte[] input) {
            Ending gpu = NvidiaReads.report(Bytes.copyOf(input), DeviceKind.GPU);
            Ending nvSwitch = NvidiaReads.report(Bytes.copyOf(input), DeviceKind.NVSWITCH);
            return gpu == Ending.ACCEPTED ? gpu : nvSwitch;
        }
    },
    DEVICE_CHAIN(5_000) {
        @Override
        Ending read(byte[] input) {
            return NvidiaReads.chain(Bytes.copyOf(input));
        }
    },
    /** Brought beside a GPU that is good. */
    RIM(1_000) {
        @Override
        Ending read(byte[] input) {
            return NvidiaReads.rim(Bytes.copyOf(input));
        }
    },
    OCSP_ANSWER(2_000) {
        @Override
        Ending read(byte[] input) {
            return NvidiaReads.answer(Bytes.copyOf(input));
        }
    },
    /** Everything that a quote makes the service do before it fetches anything. */
    QUOTE(10_000) {
        @Override
        Ending read(byte[] input) {
            var raw = new RawEvidence(Map.of("quote", Bytes.copyOf(input)));
            try {
                return QuoteReads.quote(raw, Core.TDX);
            } catch (UnsupportedEvidenceException _) {
                try {
                    return QuoteReads.quote(raw, Core.SGX);
                } catch (EvidenceException e) {
                    return refused(e);
                }
            } catch (EvidenceException e) {
                return refused(e);
            }
        }
    },
    EVENT_LOG(5_000) {
        @Override
        Ending read(byte[] input) {
            return QuoteReads.eventLog(Bytes.copyOf(input));
        }
    },
    /** In a quote: chains are read and their roles judged before any signature is. */
    PCK_CHAIN(5_000) {
        @Override
        Ending read(byte[] input) {
            return QuoteReads.chained(Bytes.copyOf(input));
        }
    },
    /** One certificate in DER, in every place of a chain. */
    PCK_CERTIFICATE(5_000) {
        @Override
        Ending read(byte[] input) {
            String pem = Pem.certificate(Bytes.copyOf(input));
            QuoteReads.chained(Bytes.utf8(
                    pem + pem + Pem.certificate(SoftwareIntels.trusted().root())));
            return QuoteReads.chained(Bytes.utf8(pem + SoftwareIntels.trusted().pckCrlChain(PckCa.PLATFORM)));
        }
    },
    TCB_INFO(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                TcbInfo.parse(SignedCollateral.read(Bytes.copyOf(input), SignedCollateral.Kind.TCB_INFO)
                        .body());
                return Ending.ACCEPTED;
            } catch (MalformedCollateralException e) {
                return refused(e);
            }
        }
    },
    QE_IDENTITY(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                EnclaveIdentity.parse(SignedCollateral.read(Bytes.copyOf(input), SignedCollateral.Kind.QE_IDENTITY)
                        .body());
                return Ending.ACCEPTED;
            } catch (MalformedCollateralException e) {
                return refused(e);
            }
        }
    },
    APPRAISAL(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                REQUESTS.appraisal(input);
                return Ending.ACCEPTED;
            } catch (RequestInvalidException | RefusedEvidenceException e) {
                return refused(e);
            }
        }
    },
    ATTESTATION(20_000) {
        @Override
        Ending read(byte[] input) {
            try {
                REQUESTS.attestation(input);
                return Ending.ACCEPTED;
            } catch (RequestInvalidException | RefusedEvidenceException e) {
                return refused(e);
            }
        }
    },
    /** The value of one binary member; {@code nonce} stands for all of them. */
    BASE64(20_000) {
        @Override
        Ending read(byte[] input) {
            // As ISO 8859-1 and without what JSON itself would refuse, so that every byte reaches the decoder.
            String value = new String(input, StandardCharsets.ISO_8859_1).replaceAll("[\\x00-\\x1f\"\\\\]", "?");
            return APPRAISAL.read(
                    "{\"nonce\":\"%s\",\"evidence\":{\"cpu0\":{\"type\":\"sev-snp\",\"report\":\"AAAA\"}}}"
                            .formatted(value)
                            .getBytes(StandardCharsets.UTF_8));
        }
    },
    POLICY(1_000) {
        @Override
        Ending read(byte[] input) {
            String source = new String(input, StandardCharsets.UTF_8);
            PolicyReading reading = Core.POLICIES.parse(source, PolicyParser.Library.of(List.of(BASELINE)));
            reading.rendered();
            return reading instanceof PolicyReading.Accepted ? Ending.ACCEPTED : Ending.REFUSED;
        }
    },
    /** Anybody may send a draft, and it is also evaluated. */
    DRAFT(1_500) {
        @Override
        Ending read(byte[] input) {
            String source = new String(input, StandardCharsets.UTF_8);
            PolicyReading reading = Core.POLICIES.parseDraft(source);
            reading.rendered();
            if (reading instanceof PolicyReading.Accepted(AppraisalPolicy policy, var _)) {
                try {
                    Core.appraise(MILAN, policy).status();
                } catch (RefusedEvidenceException e) {
                    throw new AssertionError("the fixture is good", e);
                }
                return Ending.ACCEPTED;
            }
            return Ending.REFUSED;
        }
    },
    CORIM(3_000) {
        @Override
        Ending read(byte[] input) {
            return ImportReads.corim(Bytes.copyOf(input));
        }
    },
    /** Lists of measurements, as those of guests and as those of TDs. */
    MEASUREMENTS(5_000) {
        @Override
        Ending read(byte[] input) {
            return ImportReads.measurements(Bytes.copyOf(input));
        }
    },
    /** Read from a file of the operator's, so that a plain {@link IllegalArgumentException} is what is declared. */
    ANCHORS(2_000) {
        @Override
        Ending read(byte[] input) {
            try {
                TrustAnchors.parse(new String(input, StandardCharsets.UTF_8), TrustAnchors.Origin.LABORATORY);
                return Ending.ACCEPTED;
            } catch (IllegalArgumentException e) {
                return refused(e);
            }
        }
    };

    /** How a reader ended when it ended as declared. */
    enum Ending {
        ACCEPTED,
        REFUSED
    }

    private static final AppraisalRequestReader REQUESTS =
            new AppraisalRequestReader(new JsonText(32), new EvidenceReader(Core.SCHEMES, 64));
    private static final AppraisalPolicy BASELINE = Core.baseline();
    private static final Fixtures.Case MILAN = Fixtures.named("sev-snp/milan-v3");
    private static final Bytes GOOD_REPORT = Seeds.report("milan-v3");

    private final int mutations;

    Target(int mutations) {
        this.mutations = mutations;
    }

    /** Reads the input, or lets out whatever the reader let out that it does not declare. */
    abstract Ending read(byte[] input);

    /** How many damaged inputs the test of every build tries. */
    int mutations() {
        return mutations;
    }

    /** A refusal must say something. */
    static Ending refused(Exception e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            throw new AssertionError("refused without a word", e);
        }
        return Ending.REFUSED;
    }
}
