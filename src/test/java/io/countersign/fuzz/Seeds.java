package io.countersign.fuzz;

import io.countersign.insecure.IntelNames;
import io.countersign.testkit.Fixtures;
import io.countersign.testkit.SoftwareAmds;
import io.countersign.testkit.SoftwareIntels;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.fixtures.Core;
import io.countersign.verifier.tee.nvgpu.report.MadeReport;
import io.countersign.verifier.tee.tdx.PckCa;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where damage begins: well-formed inputs from the fixtures, and shapes that readers have been known to trip over. */
final class Seeds {
    private static final int NESTING = 6_000;

    private Seeds() {}

    static List<byte[]> of(Target target) {
        var seeds = new ArrayList<byte[]>();
        switch (target) {
            case REPORT -> cases().forEach(each -> seeds.add(member(each, "report")));
            case CERTIFICATES -> {
                cases().filter(each -> each.cpuMembers().containsKey("certificates"))
                        .forEach(each -> seeds.add(member(each, "certificates")));
                seeds.add(utf8(FoundByFuzzingTest.OVERLAPPING_PEM));
                seeds.addAll(hostileDer());
            }
            case CERTIFICATE -> {
                SoftwareAmds.anchors()
                        .all()
                        .forEach(anchor -> seeds.add(anchor.certificate().der().toByteArray()));
                Stream.of("milan-v3", "turin-v5", "genoa-vlek", "tcb-extension-wrapped")
                        .forEach(name ->
                                seeds.add(firstOfPem(member(Fixtures.named("sev-snp/" + name), "certificates"))));
                seeds.addAll(hostileDer());
            }
            case REVOCATION_LIST -> {
                cases().flatMap(each -> each.slots().getOrDefault("amd.crl", List.of()).stream())
                        .distinct()
                        .forEach(crl -> seeds.add(crl.toByteArray()));
                intel("intel-tdx")
                        .flatMap(each -> Stream.of("intel.pck_crl", "intel.root_ca_crl")
                                .flatMap(slot -> each.slots().getOrDefault(slot, List.of()).stream()))
                        .distinct()
                        .forEach(crl -> seeds.add(crl.toByteArray()));
                seeds.addAll(hostileDer());
                seeds.add(nested(200_000));
            }
            case DEVICE_REPORT ->
                Stream.of(
                                MadeReport.gpu(),
                                MadeReport.versionedGpu(),
                                MadeReport.nvSwitch(),
                                MadeReport.oldSwitch(),
                                // Short, so that damage falls on the opaque data more often than on a measurement.
                                MadeReport.gpu().withBlocks(1),
                                MadeReport.versionedGpu().withBlocks(1),
                                MadeReport.nvSwitch().withBlocks(0))
                        .forEach(made -> seeds.add(made.bytes().toByteArray()));
            case DEVICE_CHAIN -> seeds.addAll(NvidiaSeeds.chains());
            case RIM -> seeds.addAll(NvidiaSeeds.rims());
            case OCSP_ANSWER -> seeds.addAll(NvidiaSeeds.answers());
            case CORIM -> seeds.addAll(ImportReads.corims());
            case MEASUREMENTS -> seeds.addAll(ImportReads.lists());
            case QUOTE -> {
                intel("intel-tdx").forEach(each -> seeds.add(member(each, "quote")));
                intel("intel-sgx").forEach(each -> seeds.add(member(each, "quote")));
            }
            case EVENT_LOG ->
                intel("intel-tdx")
                        .filter(each -> each.cpuMembers().containsKey("event_log"))
                        .forEach(each -> seeds.add(member(each, "event_log")));
            case PCK_CHAIN -> {
                for (PckCa ca : PckCa.values()) {
                    seeds.add(utf8(SoftwareIntels.trusted().pckChain(ca)));
                    seeds.add(utf8(SoftwareIntels.foreign().pckChain(ca)));
                }
                seeds.add(utf8(SoftwareIntels.trusted().signerChain()));
                seeds.add(utf8(FoundByFuzzingTest.OVERLAPPING_PEM));
                seeds.addAll(hostileDer());
            }
            case PCK_CERTIFICATE -> {
                var intel = SoftwareIntels.trusted();
                for (PckCa ca : PckCa.values()) {
                    seeds.add(intel.pckDraft(ca).der().toByteArray());
                    seeds.add(intel.pckCaDraft(ca).der().toByteArray());
                }
                seeds.add(intel.root().toByteArray());
                seeds.add(intel.tcbSignerDraft().der().toByteArray());
                for (byte[] deep : hostileDer()) {
                    for (String oid : List.of(IntelNames.SGX_EXTENSION, "2.5.29.15", "2.5.29.19")) {
                        seeds.add(intel.pckDraft(PckCa.PLATFORM)
                                .replacing(oid, Bytes.copyOf(deep))
                                .der()
                                .toByteArray());
                    }
                }
            }
            case TCB_INFO -> seeds.addAll(statements("intel.tcb_info"));
            case QE_IDENTITY -> seeds.addAll(statements("intel.qe_identity"));
            case APPRAISAL -> {
                Stream.of("milan-v3", "milan-vlek", "certificate-table", "certificate-beside-the-evidence")
                        .forEach(name ->
                                seeds.add(utf8(Fixtures.named("sev-snp/" + name).requestText())));
                seeds.addAll(requests());
            }
            case ATTESTATION -> seeds.addAll(requests());
            case BASE64 ->
                Stream.of(
                                "AAAAAAAAAAAAAAAAAAAAAA",
                                "AAAAAAAAAAAAAAAAAAAAAA==",
                                "_-8_-8_-8_-8_-8_-8_-8w",
                                "+/8+/8+/8+/8+/8+/8+/8w==",
                                "")
                        .forEach(text -> seeds.add(utf8(text)));
            case POLICY, DRAFT -> {
                seeds.addAll(policies());
                seeds.addAll(HostilePolicies.all());
            }
            case ANCHORS -> {
                String anchors = SoftwareAmds.anchorsPem();
                seeds.add(utf8(anchors));
                seeds.add(utf8(anchors.replaceFirst("-----BEGIN", "#\\n".repeat(20_000) + "-----BEGIN")));
            }
        }
        return List.copyOf(seeds);
    }

    /** Every case of a folder whose evidence the API lets through to its reader. */
    private static Stream<Fixtures.Case> intel(String folder) {
        return Fixtures.cases(folder).stream();
    }

    /** As the service keeps them, with their chain and without. */
    private static List<byte[]> statements(String slot) {
        return intel("intel-tdx")
                .filter(each -> each.slots().containsKey(slot))
                .flatMap(each -> {
                    Bytes body = Objects.requireNonNull(each.slots().get(slot)).getFirst();
                    return Stream.of(
                            body,
                            Bytes.concat(Bytes.utf8(SoftwareIntels.trusted().signerChain()), body));
                })
                .distinct()
                .map(Bytes::toByteArray)
                .toList();
    }

    static Bytes member(String path, String name) {
        return Objects.requireNonNull(Fixtures.named(path).cpuMembers().get(name));
    }

    static Bytes report(String name) {
        return Objects.requireNonNull(
                Fixtures.named("sev-snp/" + name).cpuMembers().get("report"));
    }

    private static Stream<Fixtures.Case> cases() {
        return Fixtures.cases("sev-snp").stream();
    }

    private static byte[] member(Fixtures.Case each, String name) {
        return Objects.requireNonNull(each.cpuMembers().get(name)).toByteArray();
    }

    static byte[] firstOfPem(byte[] pem) {
        String text = new String(pem, StandardCharsets.US_ASCII);
        String begin = "-----BEGIN CERTIFICATE-----";
        return Base64.getMimeDecoder()
                .decode(text.substring(text.indexOf(begin) + begin.length(), text.indexOf("-----END")));
    }

    /** Deep nesting of either kind of length, and lengths far beyond the end. */
    static List<byte[]> hostileDer() {
        var indefinite = new byte[NESTING * 2];
        for (int i = 0; i < indefinite.length; i += 2) {
            indefinite[i] = 0x30;
            indefinite[i + 1] = (byte) 0x80;
        }
        return List.of(
                indefinite,
                nested(3_000),
                new byte[] {0x30, (byte) 0x84, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
                new byte[] {0x30, (byte) 0x84, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
                new byte[] {0x30, 0x00},
                new byte[0]);
    }

    /** Sequences within sequences, every length right. */
    static byte[] nested(int depth) {
        var reversed = new ByteArrayOutputStream();
        int length = 0;
        for (int i = 0; i < depth; i++) {
            int here = length;
            if (here < 0x80) {
                reversed.write(here);
                length += 2;
            } else {
                int octets = here < 0x100 ? 1 : here < 0x10000 ? 2 : 3;
                for (int octet = 0; octet < octets; octet++) {
                    reversed.write(here >> 8 * octet);
                }
                reversed.write(0x80 | octets);
                length += 2 + octets;
            }
            reversed.write(0x30);
        }
        byte[] turned = reversed.toByteArray();
        for (int i = 0, j = turned.length - 1; i < j; i++, j--) {
            byte swapped = turned[i];
            turned[i] = turned[j];
            turned[j] = swapped;
        }
        return turned;
    }

    /** Small requests, so that damage falls on structure more often than on a long base64 value. */
    private static List<byte[]> requests() {
        String head =
                "{\"audience\":\"https://kms.example\",\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"policy\":\"baseline\",";
        String evidence =
                "\"evidence\":{\"cpu0\":{\"type\":\"sev-snp\",\"report\":\"AAAA\",\"certificates\":\"AAAA\"}}}";
        String digest = "\"policy_digest\":\"sha256:%s\",".formatted("0".repeat(64));
        return Stream.of(
                        head + evidence,
                        head + digest + "\"binding\":\"countersign-v1\"," + evidence,
                        head
                                + "\"key\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},"
                                + evidence,
                        head
                                + "\"key\":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\",\"kid\":\"a\",\"use\":\"enc\"},"
                                + evidence,
                        head
                                + "\"key\":{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"},"
                                        .formatted("s".repeat(342) + "Q")
                                + evidence,
                        head
                                + "\"endorsements\":{\"amd\":{\"certificates\":\"-----BEGIN\",\"crl\":\"AAAA\"},\"intel\":{\"tcb_info\":\"{}\",\"pck_crl\":\"AAAA\"},\"nvidia\":{\"rims\":{\"A\":[\"<x/>\",\"AAAA\"]},\"ocsp\":[\"AAAA\"],\"crls\":[]}},"
                                + evidence,
                        "{\"at\":\"2026-06-01T00:00:00Z\",\"policy_source\":\"policy: a\\n\"," + evidence,
                        "{\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"at\":\"2026-06-01T00:00:00.123+02:00\"," + evidence,
                        "{\"a\":".repeat(NESTING),
                        "[".repeat(NESTING),
                        "{\"nonce\":" + "9".repeat(NESTING) + "}",
                        "{\"nonce\":\"\\ud800\"}",
                        "{}",
                        "")
                .map(Seeds::utf8)
                .toList();
    }

    private static List<byte[]> policies() {
        var texts = new ArrayList<>(
                List.of(Core.shipped("baseline"), Core.shipped("cpu-only"), Core.shipped("confidential-gpu")));
        // More weight for small policies, where damage meets the grammar of rules.
        for (String rule : List.of(
                "!cpu.debug && cpu.snp.vmpl == 0",
                "cpu.launch_measurement in references.images",
                "cpu.snp.product == \"Milan\" ? cpu.snp.reported_tcb.snp >= 24 : true",
                "[1, 2, 3].exists(x, x == cpu.snp.vmpl)",
                "version_at_least(cpu.snp.current_version, \"1.55.29\")",
                "cpu.snp.policy.abi_major + 1 > 1 || cpu.tee.startsWith(\"sev\")")) {
            texts.addAll(Collections.nCopies(4, around(rule)));
        }
        return texts.stream().map(Seeds::utf8).toList();
    }

    /** A small whole policy around one rule. */
    static String around(String rule) {
        return """
                policy: small
                version: "1"
                summary: One rule.
                expect: { cpu: { types: [sev-snp] } }
                accept:
                  bindings: [countersign-v1]
                tolerate: { crl-stale-for: 24h }
                references:
                  images: { claim: launch_measurement, note: n, expires: 2027-06-01T00:00:00Z, values: [%s] }
                rules:
                  - name: the rule
                    for: sev-snp
                    require: '%s'
                    sets: executables
                    because: It is wanted.
                """.formatted("0a".repeat(48), rule.replace("'", "''"));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
