package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.imports.Imported;
import io.countersign.imports.Printable;
import io.countersign.imports.Source;
import io.countersign.verifier.bytes.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signed CoRIMs of one pinned signer. Limits: 1 MiB, 32 levels, deterministic CBOR but for the order of keys. Only reference values of
 * claims come out of them; versions of TCBs, endorsements and keys do not, and are named.
 */
public final class SignedCorim {
    static final long UNSIGNED = 501;
    private static final long COSWID = 505;
    private static final long COMID = 506;
    private static final long ACTIVE_TAGS = 508;

    private static final Map<Long, String> MEMBERS = Map.of(
            0L, "id",
            1L, "tags",
            2L, "dependent-rims",
            3L, "profile",
            4L, "rim-validity",
            5L, "entities");

    private SignedCorim() {}

    /**
     * Verifies a CoRIM and takes its reference values.
     *
     * @param file its name
     * @param at when signature and CoRIM must count
     */
    public static Imported read(String file, Bytes content, PinnedSigner signer, Instant at) throws ImportException {
        var whole = new Node(file, "file", CborReader.read(file, "file", content));
        CoseSign1 signed = CoseSign1.verified(whole, signer, at);
        Node corim = signed.payload().embedded().within(UNSIGNED, "a CoRIM");
        Map<Long, Node> members = corim.members(MEMBERS);
        Node id = members.get(0L);
        Node tags = members.get(1L);
        if (id == null || tags == null) {
            throw corim.refused("a CoRIM has an id and tags");
        }
        Validity validity = Statement.validity(members.get(4L));
        validity.requireAt(at, members.getOrDefault(4L, corim), "the CoRIM");
        Node stated = members.get(3L);
        Profile profile = stated == null ? Profile.BASE : Profile.of(stated);
        var findings = new Findings();
        if (members.containsKey(2L)) {
            findings.remark("it depends on other RIMs, which were not fetched: import them on their own");
        }
        tags(tags, profile, findings);
        if (findings.isEmpty()) {
            throw corim.refused("nothing in it can be imported: " + findings.whyEmpty());
        }
        return imported(new Source(file, content.sha256()), signed, id.identifier(), validity, signer, findings);
    }

    private static void tags(Node tags, Profile profile, Findings findings) throws ImportException {
        var seen = new HashSet<String>();
        for (Node tag : tags.someElements()) {
            if (tag.isTagged(COMID)) {
                Comid.read(tag.within(COMID, "a CoMID").embedded(), profile, findings, seen);
            } else if (tag.isTagged(COSWID)) {
                findings.leftOut(tag, "a CoSWID, which is about installed software");
            } else if (tag.isTagged(ACTIVE_TAGS)) {
                throw tag.refused(
                        "it lists which tags are active (tag 508), which is not read here: values of others would be imported");
            } else {
                findings.leftOut(tag, tag.item().kind());
            }
        }
    }

    private static Imported imported(
            Source source, CoseSign1 signed, String id, Validity validity, PinnedSigner signer, Findings findings) {
        Optional<Instant> end = validity.endWith(signed.validity());
        String name = Printable.line(signed.signer(), 200);
        var notes = new ArrayList<String>();
        notes.add("The signature of CoRIM %s was verified with the pinned key sha256:%s; the signer calls itself \"%s\""
                .formatted(id, signer.fingerprint(), name));
        if (end.isEmpty()) {
            notes.add("Neither the CoRIM nor its signature has an end: give the sets one");
        }
        notes.addAll(findings.notes());
        return new Imported(
                source, findings.sets("CoRIM %s, signed by %s".formatted(id, name), name, end), notes, rules(findings));
    }

    private static List<String> rules(Findings findings) {
        var lines = new ArrayList<String>();
        lines.add("For rules of a policy that draws this file in:");
        findings.targets()
                .forEach(target ->
                        lines.add("  require: cpu.%s in references.%s".formatted(target.claim(), target.setName())));
        return lines;
    }
}
