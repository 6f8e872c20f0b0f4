package io.countersign.fuzz;

import io.countersign.insecure.NvidiaBoard;
import io.countersign.insecure.NvidiaChip;
import io.countersign.insecure.NvidiaNames;
import io.countersign.insecure.SoftwareGpu;
import io.countersign.insecure.SoftwareNvidia;
import io.countersign.insecure.SoftwareOcsp;
import io.countersign.insecure.SoftwareRim;
import io.countersign.testkit.SoftwareNvidias;
import io.countersign.verifier.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where damage to what comes with NVIDIA's devices begins. */
final class NvidiaSeeds {
    private static final SoftwareNvidia NVIDIA = SoftwareNvidias.trusted();
    private static final SoftwareGpu GPU = NVIDIA.h100("fuzz");

    private NvidiaSeeds() {}

    static List<byte[]> chains() {
        var seeds = new ArrayList<byte[]>();
        var chip = GPU.chip();
        seeds.add(Seeds.utf8(chip.chainPem()));
        seeds.add(Seeds.utf8(NVIDIA.b200("fuzz").chip().chainPem()));
        seeds.add(Seeds.utf8(SoftwareNvidias.foreign().h100("fuzz").chip().chainPem()));
        seeds.add(Seeds.utf8(FoundByFuzzingTest.OVERLAPPING_PEM));
        seeds.addAll(Seeds.hostileDer());
        // Under a good signature, so that they are looked into.
        for (byte[] deep : Seeds.hostileDer()) {
            for (String oid :
                    List.of(NvidiaNames.COMPOSITE_DEVICE_ID, "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.35")) {
                Bytes leaf = chip.leafDraft().replacing(oid, Bytes.copyOf(deep)).der();
                var chain = new ArrayList<>(chip.chain());
                chain.set(0, leaf);
                seeds.add(Seeds.utf8(NvidiaChip.pem(chain)));
            }
        }
        return seeds;
    }

    static List<byte[]> rims() {
        SoftwareRim small = driver().records(
                        records -> records.removeIf(each -> !each.index().matches("7|21")));
        return Stream.of(
                        driver().xml(),
                        SoftwareRim.vbios(NVIDIA, GPU.board()).xml(),
                        small.xml(),
                        driver().meta("edition", "SWITCH").xml(),
                        "<?xml version='1.0'?><a xmlns='b'/>",
                        "<a>".repeat(50_000),
                        "<a " + "b='c' ".repeat(50_000) + "/>",
                        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
                        "")
                .map(Seeds::utf8)
                .toList();
    }

    private static SoftwareRim driver() {
        return SoftwareRim.driver(NVIDIA, NvidiaBoard.H100);
    }

    static List<byte[]> answers() {
        var seeds = new ArrayList<byte[]>();
        for (int i = 0; i < 3; i++) {
            seeds.add(answer(i).der().toByteArray());
        }
        seeds.add(answer(0).revoked(1).der().toByteArray());
        seeds.add(answer(0).unknown().der().toByteArray());
        seeds.add(answer(0).refused(3).der().toByteArray());
        seeds.add(answer(0).answers(3).der().toByteArray());
        seeds.add(
                answer(0).withoutNextUpdate().hash(SoftwareOcsp.Hash.SHA1).der().toByteArray());
        seeds.add(answer(1).nonce(Bytes.zeros(32)).certificates(List.of()).der().toByteArray());
        seeds.addAll(Seeds.hostileDer());
        return seeds;
    }

    private static SoftwareOcsp answer(int place) {
        return NVIDIA.answersAbout(GPU.chip()).get(place);
    }
}
