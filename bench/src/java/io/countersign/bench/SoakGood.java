package io.countersign.bench;

import io.countersign.bench.Connection.Answer;
import java.io.IOException;
import java.util.List;

/** What those ask who should be served. Anything but the answer that they should have is wrong. */
final class SoakGood {
    private static final int BATCH = 4;

    private final SoakMaterial material;
    private final SoakTally tally;

    SoakGood(SoakMaterial material, SoakTally tally) {
        this.material = material;
        this.tally = tally;
    }

    /** What one kind of caller does in one round. */
    interface Round {
        void run(SoakClient client) throws IOException;
    }

    /** A kind of caller, and how many rounds a second it makes. */
    record Role(String name, double perSecond, Round round) {}

    List<Role> roles() {
        return List.of(
                new Role("SEV-SNP machines", 25, this::snp),
                new Role("more SEV-SNP machines", 25, this::snp),
                new Role("TDs", 15, this::tdx),
                new Role("machines with eight GPUs", 1, this::gpus),
                new Role("people who ask why", 10, this::explanations),
                new Role("readers", 10, this::readers));
    }

    private void snp(SoakClient client) throws IOException {
        String nonce = client.nonce();
        consumed(client, attested(client, "attestation, SEV-SNP", SoakMaterial.attestation(material.snp(nonce))));
    }

    private void tdx(SoakClient client) throws IOException {
        String nonce = client.nonce();
        consumed(client, attested(client, "attestation, TDX", SoakMaterial.attestation(material.tdx(nonce))));
    }

    private void gpus(SoakClient client) throws IOException {
        String nonce = client.nonce();
        attested(client, "attestation, 8 GPUs", SoakMaterial.attestation(material.gpus(nonce)));
    }

    private String attested(SoakClient client, String kind, Object body) throws IOException {
        Answer answer = client.post("/v1/attestations", body);
        tally.verdict();
        expect(kind, answer, 200);
        return SoakClient.text(answer, "token");
    }

    /** Looked at, consumed, and consumed once more in vain. */
    private void consumed(SoakClient client, String token) throws IOException {
        single("introspection", client.introspect(token, false), "countersign_single_use", "unused");
        single("consumption", client.introspect(token, true), "countersign_single_use", "consumed-now");
        single("consumption again", client.introspect(token, true), "countersign_reason", "consumed");
    }

    private void single(String kind, Answer answer, String member, String word) {
        tally.introspection();
        expect(kind, answer, 200);
        if (!SoakClient.text(answer, member).equals(word)) {
            tally.wrong(kind, "not " + word + ": " + answer.text());
        }
    }

    private void explanations(SoakClient client) throws IOException {
        String nonce = client.nonce();
        Answer explained = client.post("/v1/appraisals", material.snp(nonce));
        expect("appraisal", explained, 200);
        if (!SoakClient.text(explained, "status").equals("affirming")) {
            tally.wrong("appraisal", explained.text());
        }
        var batch = new StringBuilder("{\"appraisals\":[");
        for (int i = 0; i < BATCH; i++) {
            batch.append(i == 0 ? "" : ",").append(i % 2 == 0 ? material.snp(nonce) : material.tdx(nonce));
        }
        expect("batch of " + BATCH, client.post("/v1/appraisals/batch", batch.append("]}")), 200);
        String evidence = "{\"evidence\":" + material.snp(nonce).get("evidence") + "}";
        expect("evidence shown", client.post("/v1/evidence/show", evidence), 200);
    }

    private void readers(SoakClient client) throws IOException {
        for (String path : List.of("/.well-known/jwks.json", "/v1/policies", "/v1/policies/soak", "/q/health/ready")) {
            expect("GET " + path, client.send("GET", path, "", new byte[0]), 200);
        }
    }

    private void expect(String kind, Answer answer, int status) {
        tally.count(kind, Integer.toString(answer.status()));
        if (answer.status() != status) {
            tally.wrong(kind, answer.status() + " " + answer.text());
        }
    }
}
