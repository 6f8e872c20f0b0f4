package io.countersign.verifier.tee.snp;

import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.claim.ClaimCatalogue;
import io.countersign.verifier.claim.ClaimDefinition;
import io.countersign.verifier.claim.ClaimType;
import io.countersign.verifier.claim.Claims;
import io.countersign.verifier.tee.snp.VekJudgement.Vouched;
import io.countersign.verifier.trust.TrustAnchors.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a report says, as claims: each declared and filled on one line, so that neither can be forgotten. */
public final class SnpClaims {
    private static final ClaimType FLAG = new ClaimType.Flag();
    private static final ClaimType NUMBER = new ClaimType.UnsignedInteger();
    private static final ClaimType TEXT = new ClaimType.Text();
    private static final ClaimType VERSION = new ClaimType.Version();
    private static final ClaimType HEX64 = new ClaimType.Hex(8);

    private static final List<Line> LINES = lines();
    private static final ClaimCatalogue CATALOGUE =
            new ClaimCatalogue(LINES.stream().map(Line::definition).toList());

    private record Facts(AttestationReport report, Optional<Product> product, Optional<Vouched> vouched) {}

    /** A claim and where its value comes from; without a value the claim is absent. */
    private record Line(ClaimDefinition definition, Function<Facts, Optional<Object>> value) {}

    private SnpClaims() {}

    /** Every claim that SNP evidence can make. */
    public static ClaimCatalogue catalogue() {
        return CATALOGUE;
    }

    static Claims of(AttestationReport report, Optional<Product> product, Optional<Vouched> vouched) {
        var facts = new Facts(report, product, vouched);
        var claims = Claims.of(CATALOGUE);
        for (Line line : LINES) {
            line.value()
                    .apply(facts)
                    .ifPresent(value -> claims.with(line.definition().path(), value));
        }
        return claims.build();
    }

    private static List<Line> lines() {
        var lines = new Lines();
        lines.common();
        lines.identity();
        lines.keys();
        lines.policy();
        lines.platform();
        lines.levels();
        return List.copyOf(lines.all);
    }

    private static final class Lines {
        private final List<Line> all = new ArrayList<>();

        void common() {
            add("tee", ClaimType.Word.of("sev-snp"), "The kind of TEE: sev-snp.", _ -> "sev-snp");
            add("debug", FLAG, "The host may read the guest's memory.", r -> r.policy()
                    .debug());
            add("migratable", FLAG, "A migration agent may move the guest.", r -> r.policy()
                    .migrateMa());
            add("launch_measurement", hex(48), "MEASUREMENT: what was launched.", AttestationReport::measurement);
            add("report_data", hex(64), "REPORT_DATA: what the guest put in.", AttestationReport::reportData);
            add("host_data", hex(32), "HOST_DATA: what the host put in at launch.", AttestationReport::hostData);
            add("instance_id", hex(32), "REPORT_ID: random, one for each guest instance.", AttestationReport::reportId);
        }

        void identity() {
            add("snp.version", NUMBER, "VERSION of the report's layout.", AttestationReport::version);
            addFrom(
                    "snp.product",
                    ClaimType.Word.of(Product.class, Product::kdsName),
                    "The product line: Milan, Genoa (also Bergamo and Siena) or Turin.",
                    facts -> facts.product().map(Product::kdsName));
            add("snp.cpuid_family", NUMBER, "CPUID_FAM_ID; 0 in version 2.", r ->
                    (long) r.cpuId().family());
            add("snp.cpuid_model", NUMBER, "CPUID_MOD_ID; 0 in version 2.", r ->
                    (long) r.cpuId().model());
            add("snp.cpuid_stepping", NUMBER, "CPUID_STEP; 0 in version 2.", r ->
                    (long) r.cpuId().stepping());
            add(
                    "snp.measurement",
                    hex(48),
                    "MEASUREMENT: SHA-384 over what was launched.",
                    AttestationReport::measurement);
            add("snp.report_data", hex(64), "REPORT_DATA: what the guest put in.", AttestationReport::reportData);
            add("snp.host_data", hex(32), "HOST_DATA: what the host put in at launch.", AttestationReport::hostData);
            add("snp.vmpl", NUMBER, "VMPL that asked, 0 to 3; 4294967295 when the host did.", AttestationReport::vmpl);
            add(
                    "snp.guest_svn",
                    NUMBER,
                    "GUEST_SVN of the ID block; means something beside a pinned ID key only.",
                    AttestationReport::guestSvn);
            add("snp.family_id", hex(16), "FAMILY_ID of the ID block.", AttestationReport::familyId);
            add("snp.image_id", hex(16), "IMAGE_ID of the ID block.", AttestationReport::imageId);
            add(
                    "snp.report_id",
                    hex(32),
                    "REPORT_ID: random, one for each guest instance.",
                    AttestationReport::reportId);
            add(
                    "snp.report_id_ma",
                    hex(32),
                    "REPORT_ID_MA of the migration agent; all ff without one.",
                    AttestationReport::reportIdMa);
        }

        void keys() {
            add(
                    "snp.id_key_digest",
                    hex(48),
                    "SHA-384 of the key that signed the ID block; zeros without one.",
                    AttestationReport::idKeyDigest);
            add(
                    "snp.author_key_digest",
                    hex(48),
                    "SHA-384 of the key that signed the ID key; zeros without one.",
                    AttestationReport::authorKeyDigest);
            add("snp.author_key_en", FLAG, "AUTHOR_KEY_EN: the ID key is signed by an author key.", r -> r.keyInfo()
                    .authorKeyEn());
            add("snp.chip_id", hex(64), "CHIP_ID; zeros when the host masks it.", AttestationReport::chipId);
            add("snp.chip_id_masked", FLAG, "CHIP_ID is all zero.", AttestationReport::chipIdMasked);
            addFrom(
                    "snp.signing_key",
                    ClaimType.Word.of(VekKind.class, VekKind::word),
                    "The kind of key that signed: vcek or vlek.",
                    facts -> facts.report().keyInfo().vekKind().map(VekKind::word));
            addFrom("snp.csp_id", TEXT, "The cloud provider that a VLEK certificate names.", facts -> facts.vouched()
                    .flatMap(vouched -> vouched.vek().extensions().cspId()));
            addFrom(
                    "snp.vouched_by",
                    ClaimType.Word.of("vendor", "laboratory"),
                    "Whose ARK vouches: vendor or laboratory.",
                    facts -> facts.vouched()
                            .map(vouched -> vouched.chain().origin() == Origin.VENDOR ? "vendor" : "laboratory"));
        }

        void policy() {
            policy("abi_major", NUMBER, "Lowest major version of the firmware ABI.", p -> (long) p.abiMajor());
            policy("abi_minor", NUMBER, "Lowest minor version of the firmware ABI.", p -> (long) p.abiMinor());
            policy("smt", FLAG, "SMT is allowed.", GuestPolicy::smt);
            policy("migrate_ma", FLAG, "A migration agent is allowed.", GuestPolicy::migrateMa);
            policy("debug", FLAG, "Debugging is allowed: the host may read the guest's memory.", GuestPolicy::debug);
            policy("single_socket", FLAG, "The guest runs on one socket only.", GuestPolicy::singleSocket);
            policy("cxl_allow", FLAG, "CXL memory and devices are allowed.", GuestPolicy::cxlAllow);
            policy(
                    "mem_aes_256_xts",
                    FLAG,
                    "Memory encryption with AES-256-XTS is required.",
                    GuestPolicy::memAes256Xts);
            policy("rapl_dis", FLAG, "RAPL must be off.", GuestPolicy::raplDis);
            policy("ciphertext_hiding", FLAG, "Ciphertext hiding is required.", GuestPolicy::ciphertextHiding);
            policy("page_swap_disable", FLAG, "Page move and swap commands are refused.", GuestPolicy::pageSwapDisable);
            policy("raw", HEX64, "POLICY as a whole.", p -> bigEndian(p.raw()));
        }

        void platform() {
            platform("smt_en", FLAG, "SMT is on.", PlatformInfo::smtEn);
            platform("tsme_en", FLAG, "TSME is on.", PlatformInfo::tsmeEn);
            platform("ecc_en", FLAG, "Memory has ECC.", PlatformInfo::eccEn);
            platform("rapl_dis", FLAG, "RAPL is off.", PlatformInfo::raplDis);
            platform(
                    "ciphertext_hiding_dram_en",
                    FLAG,
                    "Ciphertext hiding is on.",
                    PlatformInfo::ciphertextHidingDramEn);
            platform(
                    "alias_check_complete",
                    FLAG,
                    "Memory was checked for aliases since the last reset (CVE-2024-21944).",
                    PlatformInfo::aliasCheckComplete);
            platform("iommu_write_safe", FLAG, "Bit 6, set on Turin.", PlatformInfo::iommuWriteSafe);
            platform("tio_en", FLAG, "SEV-TIO is on.", PlatformInfo::tioEn);
            platform("unknown_bits", HEX64, "Set bits that have no name here.", p -> bigEndian(p.unknownBits()));
            platform("raw", HEX64, "PLATFORM_INFO as a whole.", p -> bigEndian(p.raw()));
        }

        void levels() {
            tcb("current_tcb", "CURRENT_TCB (what runs now)", AttestationReport::currentTcb);
            tcb("reported_tcb", "REPORTED_TCB (what the VEK is derived from)", AttestationReport::reportedTcb);
            tcb("committed_tcb", "COMMITTED_TCB (what the host cannot go below)", AttestationReport::committedTcb);
            tcb("launch_tcb", "LAUNCH_TCB (what ran when the guest was launched)", AttestationReport::launchTcb);
            add("snp.current_version", VERSION, "Firmware that runs now.", r -> r.currentVersion()
                    .text());
            add("snp.committed_version", VERSION, "Firmware that the host cannot go below.", r -> r.committedVersion()
                    .text());
            add(
                    "snp.provisional_firmware",
                    FLAG,
                    "The running firmware is not committed: the host can go back.",
                    r -> !r.currentTcb().equals(r.committedTcb())
                            || !r.currentVersion().equals(r.committedVersion()));
            add(
                    "snp.launch_mit_vector",
                    HEX64,
                    "Mitigations verified at launch; zeros before version 5.",
                    r -> bigEndian(r.launchMitVector()));
            add(
                    "snp.current_mit_vector",
                    HEX64,
                    "Mitigations verified now; zeros before version 5.",
                    r -> bigEndian(r.currentMitVector()));
        }

        private void add(String path, ClaimType type, String meaning, Function<AttestationReport, Object> value) {
            addFrom(path, type, meaning, facts -> Optional.of(value.apply(facts.report())));
        }

        private void policy(String name, ClaimType type, String meaning, Function<GuestPolicy, Object> value) {
            add("snp.policy." + name, type, meaning, report -> value.apply(report.policy()));
        }

        private void platform(String name, ClaimType type, String meaning, Function<PlatformInfo, Object> value) {
            add("snp.platform_info." + name, type, meaning, report -> value.apply(report.platformInfo()));
        }

        /** Levels are absent where no product line tells their layout: in version 2 before the chain is known. */
        private void tcb(String name, String what, Function<AttestationReport, Bytes> raw) {
            level(
                    name + ".bootloader",
                    "Bootloader level of " + what + ".",
                    raw,
                    tcb -> Optional.of((long) tcb.bootloader()));
            level(name + ".tee", "TEE level of " + what + ".", raw, tcb -> Optional.of((long) tcb.tee()));
            level(name + ".snp", "SNP firmware level of " + what + ".", raw, tcb -> Optional.of((long) tcb.snp()));
            level(
                    name + ".microcode",
                    "Microcode level of " + what + "; compare within one model only.",
                    raw,
                    tcb -> Optional.of((long) tcb.microcode()));
            level(
                    name + ".fmc",
                    "FMC level of " + what + ", on Turin.",
                    raw,
                    tcb -> tcb.fmc().isPresent() ? Optional.of((long) tcb.fmc().getAsInt()) : Optional.empty());
        }

        private void level(
                String name,
                String meaning,
                Function<AttestationReport, Bytes> raw,
                Function<SnpTcb, Optional<Object>> value) {
            addFrom("snp." + name, NUMBER, meaning, facts -> facts.product()
                    .flatMap(product -> value.apply(SnpTcb.decode(raw.apply(facts.report()), product))));
        }

        private void addFrom(
                String path, ClaimType type, String meaning, Function<Facts, Optional<? extends Object>> value) {
            all.add(new Line(new ClaimDefinition(path, type, meaning), facts -> value.apply(facts)
                    .map(found -> found)));
        }
    }

    private static ClaimType hex(int length) {
        return new ClaimType.Hex(length);
    }

    /** The contract shows 64-bit fields most significant digit first. */
    private static Bytes bigEndian(long value) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (value >>> 56 - 8 * i);
        }
        return Bytes.copyOf(bytes);
    }
}
