package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Intel's Provisioning Certification Service, version 4, or a cache with the same paths (PCCS). Addresses are made of the
 * configured bases and of hex digits and words of ours only, never of text that evidence holds, and least of all of the
 * distribution points in certificates.
 */
public final class IntelPcs implements EndorsementSource {
    /** Generous: genuine answers stay below 16 KiB. */
    private static final int MAX_JSON = 256 * 1024;

    private static final int MAX_CRL = 256 * 1024;
    /** PEM and hex are longer than the DER they spell. */
    private static final int MAX_CRL_TEXT = 2 * MAX_CRL + 16;

    private static final int FMSPC_LENGTH = 6;

    /** Intel's own service has the root's list on a host of its own. */
    private static final URI INTEL_CERTIFICATES = URI.create("https://certificates.trustedservices.intel.com");

    private static final String NEVER_FETCHED = "a number that was seen is not a thing to keep or to fetch";
    private static final String TLS_HINT =
            "check its certificate. One that it signed itself, or that a private authority issued, belongs into the file"
                    + " that countersign.collateral.intel-tls.ca-certificates names";

    private final CollateralConfig config;
    private final IntelPcsConfig intel;
    private final HttpFetcher http;

    /** Reads the file of additional certificates; one that cannot be used is an {@link IllegalArgumentException}. */
    public IntelPcs(CollateralConfig config, InstantSource clock) {
        this.config = config;
        this.intel = config.intel();
        var tls = new HttpFetcher.Tls(intel.caCertificates().map(AddedTrust::context), TLS_HINT);
        this.http = new HttpFetcher(config.connectTimeout(), clock, tls);
    }

    @Override
    public String vendor() {
        return "intel-pcs";
    }

    @Override
    public boolean supports(EndorsementRef ref) {
        return ref instanceof IntelEndorsementRef;
    }

    @Override
    public Optional<String> objection(EndorsementRef ref) {
        return switch (intel(ref)) {
            case IntelEndorsementRef.TcbInfo(TeeType _, Bytes fmspc) -> objection(fmspc);
            case IntelEndorsementRef.SeenEvaluationNumber(TeeType _, Bytes fmspc) -> objection(fmspc);
            case IntelEndorsementRef.QeIdentity _, IntelEndorsementRef.PckCrl _, IntelEndorsementRef.RootCaCrl _ ->
                Optional.empty();
        };
    }

    private static Optional<String> objection(Bytes fmspc) {
        return fmspc.length() == FMSPC_LENGTH
                ? Optional.empty()
                : Optional.of("an FMSPC has %d bytes, not %d".formatted(FMSPC_LENGTH, fmspc.length()));
    }

    @Override
    public EndorsementTraits traits(EndorsementRef ref) {
        return switch (intel(ref)) {
            case IntelEndorsementRef.TcbInfo(TeeType tee, Bytes fmspc) ->
                json(
                        "intel-tcb-info",
                        tee.word() + "-" + fmspc,
                        EndorsementTraits.Use.PER_FAMILY,
                        "intel/%s/tcb/%s_%s".formatted(tee.word(), fmspc, channel()));
            case IntelEndorsementRef.QeIdentity(TeeType tee) ->
                json(
                        "intel-qe-identity",
                        tee.word(),
                        EndorsementTraits.Use.SHARED,
                        "intel/%s/qe_identity_%s".formatted(tee.word(), channel()));
            case IntelEndorsementRef.PckCrl(PckCa ca) ->
                crl("intel-pck-crl", ca.word(), "intel/crl/pck_%s.crl".formatted(ca.word()));
            case IntelEndorsementRef.RootCaCrl() -> crl("intel-root-crl", "root", "intel/crl/root.crl");
            case IntelEndorsementRef.SeenEvaluationNumber _ -> throw new IllegalArgumentException(NEVER_FETCHED);
        };
    }

    private String channel() {
        return intel.update().word();
    }

    private EndorsementTraits json(String kind, String product, EndorsementTraits.Use use, String name) {
        return new EndorsementTraits(
                kind,
                product,
                use,
                IssuerChain.MAX_LENGTH + MAX_JSON,
                List.of(name + ".json"),
                Optional.of(intel.maxAge()),
                intel.maxAge().dividedBy(4),
                Optional.of(name + ".seen"));
    }

    private EndorsementTraits crl(String kind, String product, String file) {
        return new EndorsementTraits(
                kind,
                product,
                EndorsementTraits.Use.SHARED,
                MAX_CRL_TEXT,
                List.of(file),
                Optional.of(config.crlMaxAge()),
                config.crlMaxAge().dividedBy(4),
                Optional.empty());
    }

    @Override
    public Optional<EndorsementRef> numbered(EndorsementRef ref) {
        return intel(ref) instanceof IntelEndorsementRef.SeenEvaluationNumber(TeeType tee, Bytes fmspc)
                ? Optional.of(new IntelEndorsementRef.TcbInfo(tee, fmspc))
                : Optional.empty();
    }

    @Override
    public Bytes canonical(EndorsementRef ref, Bytes content) {
        return switch (intel(ref)) {
            case IntelEndorsementRef.PckCrl _, IntelEndorsementRef.RootCaCrl _ -> CrlForms.der(content);
            case IntelEndorsementRef.TcbInfo _,
                    IntelEndorsementRef.QeIdentity _,
                    IntelEndorsementRef.SeenEvaluationNumber _ -> content;
        };
    }

    @Override
    public Reading read(EndorsementRef ref, Bytes content) {
        return IntelReadings.read(intel(ref), content);
    }

    @Override
    public List<URI> origins(EndorsementRef ref) {
        return switch (intel(ref)) {
            case IntelEndorsementRef.RootCaCrl() ->
                intel.rootCrlUrl().map(List::of).orElseGet(() -> intel.urls().stream()
                        .map(url -> isIntels(url) ? INTEL_CERTIFICATES : url)
                        .distinct()
                        .toList());
            case IntelEndorsementRef.TcbInfo _,
                    IntelEndorsementRef.QeIdentity _,
                    IntelEndorsementRef.PckCrl _,
                    IntelEndorsementRef.SeenEvaluationNumber _ -> intel.urls();
        };
    }

    private static boolean isIntels(URI url) {
        return url.getHost().equalsIgnoreCase(IntelPcsConfig.INTEL_PCS.getHost()) || url.equals(INTEL_CERTIFICATES);
    }

    @Override
    public Fetched fetch(EndorsementRef ref, URI origin, Duration atMost) {
        var question = new HttpFetcher.Question(
                (isIntels(origin) ? "Intel PCS at " : "PCCS at ") + origin.getHost(),
                address(intel(ref), origin),
                traits(ref).maxLength(),
                atMost);
        Fetched fetched = http.get(question, (body, headers) -> switch (intel(ref)) {
            case IntelEndorsementRef.TcbInfo _ -> IssuerChain.before(body, headers, IssuerChain.OF_TCB_INFO);
            case IntelEndorsementRef.QeIdentity _ -> IssuerChain.before(body, headers, IssuerChain.OF_IDENTITY);
            case IntelEndorsementRef.PckCrl _,
                    IntelEndorsementRef.RootCaCrl _,
                    IntelEndorsementRef.SeenEvaluationNumber _ -> new Fetched.Received(canonical(ref, body));
        });
        return HttpFetcher.heedingRetryAfter(fetched);
    }

    URI address(IntelEndorsementRef ref, URI origin) {
        return switch (ref) {
            case IntelEndorsementRef.TcbInfo(TeeType tee, Bytes fmspc) ->
                HttpFetcher.below(
                        origin, "/%s/certification/v4/tcb?fmspc=%s&update=%s".formatted(tee.word(), fmspc, channel()));
            case IntelEndorsementRef.QeIdentity(TeeType tee) ->
                HttpFetcher.below(
                        origin, "/%s/certification/v4/qe/identity?update=%s".formatted(tee.word(), channel()));
            case IntelEndorsementRef.PckCrl(PckCa ca) ->
                HttpFetcher.below(origin, "/sgx/certification/v4/pckcrl?ca=%s&encoding=der".formatted(ca.word()));
            case IntelEndorsementRef.RootCaCrl() -> rootCrl(origin);
            case IntelEndorsementRef.SeenEvaluationNumber _ -> throw new IllegalArgumentException(NEVER_FETCHED);
        };
    }

    private URI rootCrl(URI origin) {
        if (intel.rootCrlUrl().isPresent()) {
            return intel.rootCrlUrl().get();
        }
        return HttpFetcher.below(origin, isIntels(origin) ? "/IntelSGXRootCA.der" : "/sgx/certification/v4/rootcacrl");
    }

    @Override
    public CollateralConfig.Budget budget() {
        return config.budget();
    }

    @Override
    public List<EndorsementRef> shared() {
        return Stream.concat(
                        Stream.of(TeeType.values()).<EndorsementRef>map(IntelEndorsementRef.QeIdentity::new),
                        Stream.concat(
                                Stream.of(PckCa.values()).<EndorsementRef>map(IntelEndorsementRef.PckCrl::new),
                                Stream.of(new IntelEndorsementRef.RootCaCrl())))
                .toList();
    }

    private static IntelEndorsementRef intel(EndorsementRef ref) {
        if (ref instanceof IntelEndorsementRef intel) {
            return intel;
        }
        throw new IllegalArgumentException("Intel does not supply " + ref.description());
    }

    @Override
    public void close() {
        http.close();
    }
}
