package io.countersign.service.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.trust.EndorsementRef;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * AMD's Key Distribution Service, or a mirror with the same paths: AMD 57230, section 4. Addresses are made of the
 * configured base and of hex digits and integers only, never of text that evidence holds.
 */
public final class AmdKds implements EndorsementSource {
    /** Generous: genuine VCEKs stay below 2 KiB, chains below 8 KiB and lists below 64 KiB. */
    private static final int MAX_VCEK = 4 * 1024;

    private static final int MAX_CHAIN = 16 * 1024;
    private static final int MAX_CRL = 64 * 1024;

    private final CollateralConfig config;
    private final URI origin;
    private final String vendor;
    private final HttpFetcher http;

    public AmdKds(CollateralConfig config, InstantSource clock) {
        this.config = config;
        this.vendor = "AMD KDS at " + config.amdKdsUrl().getHost();
        this.origin = config.amdKdsUrl();
        this.http = new HttpFetcher(config.connectTimeout(), clock, HttpFetcher.Tls.asJavaDoes());
    }

    @Override
    public String vendor() {
        return "amd-kds";
    }

    @Override
    public boolean supports(EndorsementRef ref) {
        return ref instanceof AmdEndorsementRef;
    }

    @Override
    public Optional<String> objection(EndorsementRef ref) {
        return amd(ref) instanceof AmdEndorsementRef.Vcek vcek ? objection(vcek) : Optional.empty();
    }

    private static Optional<String> objection(AmdEndorsementRef.Vcek vcek) {
        Product product = vcek.product();
        if (vcek.hardwareId().length() != product.hardwareIdLength()) {
            return Optional.of("a %s chip has an id of %d bytes, not %d"
                    .formatted(
                            product.kdsName(),
                            product.hardwareIdLength(),
                            vcek.hardwareId().length()));
        }
        // MASK_CHIP_ID: AMD 56860. KDS cannot be asked for a chip that is not named.
        if (vcek.hardwareId().isAllZero()) {
            return Optional.of("the report hides its chip id, so its VCEK cannot be asked for: send it along");
        }
        boolean layout =
                switch (product) {
                    case MILAN, GENOA -> vcek.tcb() instanceof SnpTcb.Classic;
                    case TURIN -> vcek.tcb() instanceof SnpTcb.WithFmc;
                };
        boolean levels = levels(vcek.tcb()).allMatch(level -> level >= 0 && level <= 255);
        // Reserved bytes do not show in the path: 2^32 spellings of one chip must not be 2^32 things to fetch.
        if (!layout || !levels || !vcek.tcb().reserved().isAllZero()) {
            return Optional.of("the reported TCB is not one that a %s chip can have".formatted(product.kdsName()));
        }
        return Optional.empty();
    }

    private static Stream<Integer> levels(SnpTcb tcb) {
        return Stream.of(
                tcb.bootloader(),
                tcb.tee(),
                tcb.snp(),
                tcb.microcode(),
                tcb.fmc().orElse(0));
    }

    @Override
    public EndorsementTraits traits(EndorsementRef ref) {
        return switch (amd(ref)) {
            case AmdEndorsementRef.Vcek vcek ->
                new EndorsementTraits(
                        "amd-vcek",
                        vcek.product().kdsName(),
                        EndorsementTraits.Use.PER_MACHINE,
                        MAX_VCEK,
                        files(vcek),
                        Optional.empty(),
                        config.reissueBefore(),
                        Optional.empty());
            case AmdEndorsementRef.Chain(Product product, VekKind kind) ->
                new EndorsementTraits(
                        "amd-%s-chain".formatted(kind.word()),
                        product.kdsName(),
                        EndorsementTraits.Use.SHARED,
                        MAX_CHAIN,
                        List.of("amd/chain/%s_%s.pem".formatted(product.kdsName(), kind.word())),
                        Optional.empty(),
                        config.reissueBefore(),
                        Optional.empty());
            case AmdEndorsementRef.Crl(Product product, VekKind kind) ->
                new EndorsementTraits(
                        "amd-%s-crl".formatted(kind.word()),
                        product.kdsName(),
                        EndorsementTraits.Use.SHARED,
                        MAX_CRL,
                        List.of("amd/crl/%s_%s.crl".formatted(product.kdsName(), kind.word())),
                        Optional.of(config.crlMaxAge()),
                        renewCrlBefore(),
                        Optional.empty());
        };
    }

    private Duration renewCrlBefore() {
        return config.crlMaxAge().dividedBy(4);
    }

    /**
     * The layout that Trustee's offline store uses, so that a folder filled for it serves here too. A {@code vcek.der}
     * names no TCB and goes stale with a firmware update; it is used only while the certificate itself names the TCB.
     */
    private static List<String> files(AmdEndorsementRef.Vcek vcek) {
        SnpTcb tcb = vcek.tcb();
        String levels = "bl" + two(tcb.bootloader()) + "_tee" + two(tcb.tee()) + "_snp" + two(tcb.snp()) + "_ucode"
                + two(tcb.microcode());
        String fmc = tcb.fmc().isPresent() ? "_fmc" + two(tcb.fmc().getAsInt()) : "";
        String folder = "amd/vcek/" + vcek.hardwareId() + "/";
        return List.of(folder + levels + fmc + "_vcek.der", folder + "vcek.der");
    }

    private static String two(int level) {
        return level < 10 ? "0" + level : String.valueOf(level);
    }

    @Override
    public Reading read(EndorsementRef ref, Bytes content) {
        return AmdReadings.read(amd(ref), content);
    }

    @Override
    public List<URI> origins(EndorsementRef ref) {
        return List.of(origin);
    }

    @Override
    public Fetched fetch(EndorsementRef ref, URI asked, Duration atMost) {
        var question = new HttpFetcher.Question(
                vendor, HttpFetcher.below(asked, path(amd(ref))), traits(ref).maxLength(), atMost);
        return http.get(question, (body, _) -> new Fetched.Received(body));
    }

    static String path(AmdEndorsementRef ref) {
        String product = ref.product().kdsName();
        return switch (ref) {
            case AmdEndorsementRef.Vcek vcek ->
                "/vcek/v1/%s/%s?%s".formatted(product, vcek.hardwareId(), query(vcek.tcb()));
            case AmdEndorsementRef.Chain chain ->
                "/%s/v1/%s/cert_chain".formatted(chain.kind().word(), product);
            case AmdEndorsementRef.Crl crl ->
                "/%s/v1/%s/crl".formatted(crl.kind().word(), product);
        };
    }

    private static String query(SnpTcb tcb) {
        String levels = "blSPL=" + tcb.bootloader() + "&teeSPL=" + tcb.tee() + "&snpSPL=" + tcb.snp() + "&ucodeSPL="
                + tcb.microcode();
        return tcb.fmc().isPresent() ? "fmcSPL=" + tcb.fmc().getAsInt() + "&" + levels : levels;
    }

    @Override
    public CollateralConfig.Budget budget() {
        return config.budget();
    }

    @Override
    public List<EndorsementRef> shared() {
        return Stream.of(Product.values())
                .flatMap(product -> Stream.of(VekKind.values())
                        .<EndorsementRef>flatMap(kind -> Stream.of(
                                new AmdEndorsementRef.Chain(product, kind), new AmdEndorsementRef.Crl(product, kind))))
                .toList();
    }

    private static AmdEndorsementRef amd(EndorsementRef ref) {
        if (ref instanceof AmdEndorsementRef amd) {
            return amd;
        }
        throw new IllegalArgumentException("AMD does not supply " + ref.description());
    }

    @Override
    public void close() {
        http.close();
    }
}
