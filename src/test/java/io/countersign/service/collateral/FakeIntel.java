package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes collateral of Intel's shape. Nothing here is genuine, and the signatures of its JSON are none. */
final class FakeIntel {
    static final Bytes FMSPC = Bytes.fromHex("50806f000000");
    static final Duration MONTH = Duration.ofDays(30);

    static final IntelEndorsementRef.TcbInfo TCB = new IntelEndorsementRef.TcbInfo(TeeType.TDX, FMSPC);
    static final IntelEndorsementRef.QeIdentity QE = new IntelEndorsementRef.QeIdentity(TeeType.TDX);
    static final IntelEndorsementRef.PckCrl PCK_CRL = new IntelEndorsementRef.PckCrl(PckCa.PLATFORM);
    static final IntelEndorsementRef.RootCaCrl ROOT_CRL = new IntelEndorsementRef.RootCaCrl();
    static final IntelEndorsementRef.SeenEvaluationNumber SEEN =
            new IntelEndorsementRef.SeenEvaluationNumber(TeeType.TDX, FMSPC);

    static final String TCB_PATH = "/tdx/certification/v4/tcb?fmspc=50806f000000&update=standard";
    static final String QE_PATH = "/tdx/certification/v4/qe/identity?update=standard";
    static final String PCK_CRL_PATH = "/sgx/certification/v4/pckcrl?ca=platform&encoding=der";
    static final String ROOT_CRL_PATH = "/sgx/certification/v4/rootcacrl";

    /** With a plus sign among its digits, which stays one. */
    static final String CHAIN = "-----BEGIN CERTIFICATE-----\nTm8gY2VydGlmaWNhdGU+/w==\n-----END CERTIFICATE-----\n";

    private FakeIntel() {}

    static Bytes tcbInfo(int number, Instant issued) {
        return tcbInfo(number, issued, MONTH);
    }

    static Bytes tcbInfo(int number, Instant issued, Duration life) {
        return tcbInfo("TDX", "50806F000000", number, issued, life);
    }

    static Bytes tcbInfo(String id, String fmspc, int number, Instant issued, Duration life) {
        return Bytes.utf8(
                "{\"tcbInfo\":{\"id\":\"%s\",\"version\":3,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\",\"fmspc\":\"%s\",\"tcbEvaluationDataNumber\":%d,\"tcbLevels\":[]},\"signature\":\"00\"}"
                        .formatted(id, issued, issued.plus(life), fmspc, number));
    }

    static Bytes qeIdentity(String id, int number, Instant issued) {
        return Bytes.utf8(
                "{\"enclaveIdentity\":{\"id\":\"%s\",\"version\":2,\"issueDate\":\"%s\",\"nextUpdate\":\"%s\",\"tcbEvaluationDataNumber\":%d},\"signature\":\"00\"}"
                        .formatted(id, issued, issued.plus(MONTH), number));
    }

    /** As Intel writes it into headers. */
    static String encoded(String chain) {
        return URLEncoder.encode(chain, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static FakeVendor.Reply withChain(Bytes body) {
        return new FakeVendor.Reply.Plain(200, Map.of("TCB-Info-Issuer-Chain", encoded(CHAIN)), body);
    }

    static Bytes chainAnd(Bytes body) {
        return Bytes.concat(Bytes.utf8(CHAIN), body);
    }

    static Bytes crl(String issuer, int number, Instant from) {
        try {
            var builder = new X509v2CRLBuilder(new X500Name("CN=" + issuer), Date.from(from));
            builder.setNextUpdate(Date.from(from.plus(MONTH)));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            var signer = new JcaContentSignerBuilder("SHA384withECDSA")
                    .build(FakeAmd.keyPair().getPrivate());
            return Bytes.copyOf(builder.build(signer).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Bytes pckCrl(Instant from) {
        return crl(PckCa.PLATFORM.commonName(), 1, from);
    }
}
