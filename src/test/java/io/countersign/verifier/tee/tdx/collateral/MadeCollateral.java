package io.countersign.verifier.tee.tdx.collateral;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.tee.tdx.collateral.SignedCollateral.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collateral and platforms written by hand: few levels, so that each test shows what decides. */
final class MadeCollateral {
    static final String SIGNATURE = "1f".repeat(64);
    static final String HEAD =
            "\"version\":3,\"issueDate\":\"2026-08-01T00:00:00Z\",\"nextUpdate\":\"2026-09-01T00:00:00Z\","
                    + "\"fmspc\":\"B0c06f000000\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":20,";
    static final String SIGNER = "\"mrsigner\":\"" + "00".repeat(48)
            + "\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"";

    /** What the best level wants. */
    static final String BEST_SGX = "4,4,2,2,4,1,0,5";

    static final String BEST_TDX = "5,0,4";

    /** What the level below wants. */
    static final String LESSER_SGX = "3,3,2,2,3,1,0,5";

    static final String LESSER_TDX = "5,0,3";
    static final int PCE_SVN = 11;

    private static final List<String> SGX_LABELS = List.of(
            "BIOS/Early Microcode Update",
            "OS/VMM/SGX Late Microcode Update",
            "OS/VMM/TXT SINIT",
            "BIOS",
            "BIOS",
            "",
            "",
            "OS/VMM/SEAMLDR ACM");
    private static final List<String> TDX_LABELS =
            List.of("OS/VMM/TDX Module", "OS/VMM/TDX Module", "OS/VMM/TDX Late Microcode Update");

    private MadeCollateral() {}

    static String response(Kind kind, String body) {
        return "{\"%s\":%s,\"signature\":\"%s\"}".formatted(kind.member(), body, SIGNATURE);
    }

    /** A TDX TCB info with these identities (may be none) and levels. */
    static String tdx(String identities, String... levels) {
        return "{\"id\":\"TDX\",%s\"tdxModule\":{%s},%s\"tcbLevels\":[%s]}"
                .formatted(
                        HEAD,
                        SIGNER,
                        identities.isEmpty() ? "" : "\"tdxModuleIdentities\":[" + identities + "],",
                        String.join(",", levels));
    }

    static String sgx(String... levels) {
        return "{\"id\":\"SGX\",%s\"tcbLevels\":[%s]}".formatted(HEAD, String.join(",", levels));
    }

    static String sgxVersion2(String... levels) {
        return "{%s\"tcbLevels\":[%s]}"
                .formatted(HEAD.replace("\"version\":3", "\"version\":2"), String.join(",", levels));
    }

    static String tdxLevel(String sgx, int pceSvn, String tdx, String status, String... advisories) {
        return "{\"tcb\":{\"sgxtcbcomponents\":%s,\"pcesvn\":%d,\"tdxtcbcomponents\":%s},%s}"
                .formatted(
                        components(sgx, SGX_LABELS),
                        pceSvn,
                        components(tdx, TDX_LABELS),
                        standing("2025-08-13", status, advisories));
    }

    static String sgxLevel(String sgx, int pceSvn, String status, String... advisories) {
        return "{\"tcb\":{\"sgxtcbcomponents\":%s,\"pcesvn\":%d},%s}"
                .formatted(components(sgx, SGX_LABELS), pceSvn, standing("2025-08-13", status, advisories));
    }

    static String sgxLevelVersion2(String sgx, int pceSvn, String status) {
        int[] svns = svns(sgx);
        String members = IntStream.range(0, svns.length)
                .mapToObj(i -> "\"sgxtcbcomp%02dsvn\":%d".formatted(i + 1, svns[i]))
                .collect(Collectors.joining(","));
        return "{\"tcb\":{%s,\"pcesvn\":%d},%s}".formatted(members, pceSvn, standing("2025-08-13", status));
    }

    /** A line of modules; each level is "isvsvn status". */
    static String module(String id, String... levels) {
        return "{\"id\":\"%s\",%s,\"tcbLevels\":[%s]}".formatted(id, SIGNER, isvLevels(levels));
    }

    static String identity(String id, String... levels) {
        return ("{\"id\":\"%s\",\"version\":2,\"issueDate\":\"2026-08-01T00:00:00Z\",\"nextUpdate\":\"2026-09-01T00:00:00Z\","
                        + "\"tcbEvaluationDataNumber\":19,\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\","
                        + "\"attributes\":\"11000000000000000000000000000000\","
                        + "\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\","
                        + "\"mrsigner\":\"%s\",\"isvprodid\":2,\"tcbLevels\":[%s]}")
                .formatted(id, "dC".repeat(32), isvLevels(levels));
    }

    private static String isvLevels(String... levels) {
        var written = new ArrayList<String>();
        for (String level : levels) {
            String[] parts = level.split(" ", -1);
            String advisories = parts.length > 2 ? ",\"advisoryIDs\":[\"" + parts[2] + "\"]" : "";
            written.add("{\"tcb\":{\"isvsvn\":%s},\"tcbDate\":\"2025-05-14T00:00:00Z\",\"tcbStatus\":\"%s\"%s}"
                    .formatted(parts[0], parts[1], advisories));
        }
        return String.join(",", written);
    }

    private static String standing(String date, String status, String... advisories) {
        String ids = advisories.length == 0 ? "" : ",\"advisoryIDs\":[\"" + String.join("\",\"", advisories) + "\"]";
        return "\"tcbDate\":\"%sT00:00:00Z\",\"tcbStatus\":\"%s\"%s".formatted(date, status, ids);
    }

    private static String components(String leading, List<String> labels) {
        int[] svns = svns(leading);
        var entries = new ArrayList<String>();
        for (int i = 0; i < svns.length; i++) {
            String label = i < labels.size() ? labels.get(i) : "";
            int cut = label.startsWith("OS/VMM") ? label.indexOf('/', 3) : label.indexOf('/');
            String category = cut < 0 ? label : label.substring(0, cut);
            entries.add("{\"svn\":" + svns[i] + (category.isEmpty() ? "" : ",\"category\":\"" + category + "\"")
                    + (cut < 0 ? "" : ",\"type\":\"" + label.substring(cut + 1) + "\"") + "}");
        }
        return "[" + String.join(",", entries) + "]";
    }

    private static int[] svns(String leading) {
        int[] svns = new int[TcbComponents.COUNT];
        String[] given = leading.split(",", -1);
        for (int i = 0; i < given.length; i++) {
            svns[i] = Integer.parseInt(given[i]);
        }
        return svns;
    }

    static TcbInfo tcbInfo(String body) {
        try {
            return TcbInfo.parse(Bytes.utf8(body));
        } catch (MalformedCollateralException e) {
            throw new AssertionError(body, e);
        }
    }

    static EnclaveIdentity enclave(String body) {
        try {
            return EnclaveIdentity.parse(Bytes.utf8(body));
        } catch (MalformedCollateralException e) {
            throw new AssertionError(body, e);
        }
    }

    static PlatformTcb platform(String sgx, int pceSvn) {
        return new PlatformTcb(IntStream.of(svns(sgx)).boxed().toList(), pceSvn);
    }

    /** A TD Report 1.0 body under a module that Intel signed. */
    static Optional<ModuleTcb> td(String teeTcbSvn) {
        return Optional.of(new ModuleTcb(bytes(teeTcbSvn), Optional.empty(), Bytes.zeros(48), Bytes.zeros(8)));
    }

    /** A TD Report 1.5 body under such a module. */
    static Optional<ModuleTcb> td(String teeTcbSvn, String teeTcbSvn2) {
        return Optional.of(
                new ModuleTcb(bytes(teeTcbSvn), Optional.of(bytes(teeTcbSvn2)), Bytes.zeros(48), Bytes.zeros(8)));
    }

    static Bytes bytes(String leading) {
        int[] svns = svns(leading);
        byte[] bytes = new byte[svns.length];
        for (int i = 0; i < svns.length; i++) {
            bytes[i] = (byte) svns[i];
        }
        return Bytes.copyOf(bytes);
    }
}
