package io.countersign.cases;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.nvgpu.NvidiaEndorsementRef;
import io.countersign.verifier.tee.snp.AmdEndorsementRef;
import io.countersign.verifier.tee.snp.Product;
import io.countersign.verifier.tee.snp.SnpTcb;
import io.countersign.verifier.tee.snp.VekKind;
import io.countersign.verifier.tee.tdx.IntelEndorsementRef;
import io.countersign.verifier.tee.tdx.PckCa;
import io.countersign.verifier.tee.tdx.quote.TeeType;
import io.countersign.verifier.trust.EndorsementRef;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A reference to an endorsement as a case writes it down.
 *
 * @param place the slot of a request where its content stands
 * @param words what it asks for, with spaces between
 */
record FetchedWords(String place, String words) {
    static final String VCEK = "amd.certificates";
    static final String EVALUATION_NUMBER = "intel.evaluation_number";

    /** A request has no slot for it: a chain under a root that does not ship, which cases do without. */
    static final String NO_PLACE = "";

    private static final String AMD_CRL = "amd.crl";
    private static final String RIMS = "nvidia.rims.";
    private static final String OCSP = "nvidia.ocsp";
    private static final int TCB_LENGTH = 8;
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2}){1,64}");
    private static final Pattern SPACE = Pattern.compile(" ", Pattern.LITERAL);
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}");

    static FetchedWords of(EndorsementRef ref) {
        return switch (ref) {
            case AmdEndorsementRef.Vcek(Product product, Bytes chip, SnpTcb tcb) ->
                new FetchedWords(VCEK, join(product.kdsName(), chip, raw(tcb)));
            case AmdEndorsementRef.Crl(Product product, VekKind kind) ->
                new FetchedWords(AMD_CRL, join(product.kdsName(), kind.word()));
            case IntelEndorsementRef.TcbInfo(TeeType tee, Bytes fmspc) ->
                new FetchedWords("intel.tcb_info", join(tee.name(), fmspc));
            case IntelEndorsementRef.QeIdentity(TeeType tee) -> new FetchedWords("intel.qe_identity", tee.name());
            case IntelEndorsementRef.PckCrl(PckCa ca) -> new FetchedWords("intel.pck_crl", ca.word());
            case IntelEndorsementRef.RootCaCrl _ -> new FetchedWords("intel.root_ca_crl", "root");
            case IntelEndorsementRef.SeenEvaluationNumber(TeeType tee, Bytes fmspc) ->
                new FetchedWords(EVALUATION_NUMBER, join(tee.name(), fmspc));
            case NvidiaEndorsementRef.Rim(String id) -> new FetchedWords(RIMS + id, id);
            case NvidiaEndorsementRef.OcspAnswer asked ->
                new FetchedWords(
                        OCSP,
                        join(
                                asked.issuerNameHash(),
                                asked.issuerKeyHash(),
                                asked.serial().toString(16)));
            default -> new FetchedWords(NO_PLACE, "");
        };
    }

    private static String join(Object... words) {
        return String.join(" ", Arrays.stream(words).map(Object::toString).toList());
    }

    /** The 8 bytes that {@link SnpTcb#decode} reads. */
    private static Bytes raw(SnpTcb tcb) {
        return switch (tcb) {
            case SnpTcb.Classic(int bootloader, int tee, int snp, int microcode, Bytes reserved) ->
                Bytes.concat(Bytes.copyOf((byte) bootloader, (byte) tee), reserved, Bytes.copyOf((byte) snp, (byte)
                        microcode));
            case SnpTcb.WithFmc(int fmc, int bootloader, int tee, int snp, int microcode, Bytes reserved) ->
                Bytes.concat(
                        Bytes.copyOf((byte) fmc, (byte) bootloader, (byte) tee, (byte) snp),
                        reserved,
                        Bytes.copyOf((byte) microcode));
        };
    }

    /** The reference that a place and its words stand for. */
    static EndorsementRef parse(String place, String words) throws CaseException {
        List<String> parts = SPACE.splitAsStream(words).toList();
        return read(place, parts)
                .orElseThrow(() ->
                        new CaseException("this does not say which endorsement stands at \"%s\"".formatted(place)));
    }

    private static Optional<EndorsementRef> read(String place, List<String> parts) {
        if (place.startsWith(RIMS)) {
            return parts.size() == 1 && place.equals(RIMS + parts.getFirst())
                    ? Optional.of(new NvidiaEndorsementRef.Rim(parts.getFirst()))
                    : Optional.empty();
        }
        return switch (place) {
            case VCEK -> parts.size() == 3 ? vcek(parts.get(0), parts.get(1), parts.get(2)) : Optional.empty();
            case AMD_CRL ->
                parts.size() == 2
                        ? Product.named(parts.get(0))
                                .flatMap(product -> named(VekKind.values(), VekKind::word, parts.get(1))
                                        .map(kind -> new AmdEndorsementRef.Crl(product, kind)))
                        : Optional.empty();
            case "intel.tcb_info" ->
                parts.size() == 2
                        ? tee(parts.getFirst()).flatMap(tee -> hex(parts.get(1))
                                .map(fmspc -> new IntelEndorsementRef.TcbInfo(tee, fmspc)))
                        : Optional.empty();
            case EVALUATION_NUMBER ->
                parts.size() == 3 && DECIMAL.matcher(parts.get(2)).matches()
                        ? tee(parts.getFirst()).flatMap(tee -> hex(parts.get(1))
                                .map(fmspc -> new IntelEndorsementRef.SeenEvaluationNumber(tee, fmspc)))
                        : Optional.empty();
            case "intel.qe_identity" ->
                parts.size() == 1 ? tee(parts.getFirst()).map(IntelEndorsementRef.QeIdentity::new) : Optional.empty();
            case "intel.pck_crl" ->
                parts.size() == 1
                        ? named(PckCa.values(), PckCa::word, parts.getFirst()).map(IntelEndorsementRef.PckCrl::new)
                        : Optional.empty();
            case "intel.root_ca_crl" -> Optional.of(new IntelEndorsementRef.RootCaCrl());
            case OCSP -> parts.size() == 3 ? question(parts.get(0), parts.get(1), parts.get(2)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<EndorsementRef> vcek(String product, String chip, String tcb) {
        return Product.named(product)
                .flatMap(line -> hex(chip).flatMap(id -> hex(tcb).filter(raw -> raw.length() == TCB_LENGTH)
                        .map(raw -> new AmdEndorsementRef.Vcek(line, id, SnpTcb.decode(raw, line)))));
    }

    private static Optional<EndorsementRef> question(String nameHash, String keyHash, String serial) {
        if (!serial.matches("-?[0-9a-f]{1,64}")) {
            return Optional.empty();
        }
        // Equality of questions rests on these three alone.
        return hex(nameHash).flatMap(name -> hex(keyHash)
                .map(key -> new NvidiaEndorsementRef.OcspAnswer(
                        name,
                        key,
                        new BigInteger(serial, 16),
                        NvidiaEndorsementRef.OcspAnswer.Scope.SHARED,
                        "serial " + serial)));
    }

    private static Optional<TeeType> tee(String word) {
        return named(TeeType.values(), TeeType::name, word);
    }

    private static <T> Optional<T> named(T[] values, Function<T, String> word, String written) {
        return Arrays.stream(values)
                .filter(value -> word.apply(value).equals(written))
                .findFirst();
    }

    private static Optional<Bytes> hex(String text) {
        return HEX.matcher(text).matches() ? Optional.of(Bytes.fromHex(text)) : Optional.empty();
    }
}
