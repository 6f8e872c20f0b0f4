package io.countersign.imports.corim;

import io.countersign.imports.ImportException;
import io.countersign.verifier.bytes.Bytes;
import io.countersign.verifier.trust.Signatures;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** COSE_Sign1 around a CoRIM, verified with the pinned key: RFC 9052, sections 4.2 and 4.4; draft-ietf-rats-corim-11, section 4.2. */
record CoseSign1(Node payload, String signer, Validity validity) {
    private static final long TAG = 18;
    private static final long SEVERAL_SIGNERS = 98;

    /** Wrappers of drafts up to 03, which say nothing of their own. */
    private static final long TYPED_CHOICE = 500;

    private static final long SIGNED_CORIM = 502;

    private static final String CONTENT_TYPE = "application/rim+cbor";

    private static final long ALG = 1;
    private static final long CRIT = 2;
    private static final long CONTENT = 3;
    private static final long META = 8;
    private static final long CWT_CLAIMS = 15;
    private static final long X5CHAIN = 33;
    private static final long HASH_ENVELOPE = 258;

    /** RFC 9052, table 3; RFC 9597; RFC 9360; draft-ietf-rats-corim-11, section 4.2.1. */
    private static final Map<Long, String> NAMES = Map.of(
            ALG,
            "alg",
            CRIT,
            "crit",
            CONTENT,
            "content-type",
            4L,
            "kid",
            META,
            "corim-meta",
            CWT_CLAIMS,
            "cwt-claims",
            X5CHAIN,
            "x5chain",
            34L,
            "x5t",
            HASH_ENVELOPE,
            "payload-hash-alg");

    private static final List<Long> ONLY_PROTECTED = List.of(ALG, CRIT, CONTENT, META, CWT_CLAIMS, HASH_ENVELOPE);

    /** Reads and verifies, before anything of the payload is looked at. */
    static CoseSign1 verified(Node whole, PinnedSigner pinned, Instant at) throws ImportException {
        Node message = unwrapped(whole);
        List<Node> parts = message.elements();
        if (parts.size() != 4) {
            throw message.refused("a COSE_Sign1 has four parts; this has %d".formatted(parts.size()));
        }
        Node protectedBytes =
                new Node(whole.file(), "cose.protected", parts.get(0).item());
        Bytes signed = protectedBytes.octets();
        if (signed.length() == 0) {
            throw protectedBytes.refused("it is empty; alg, content type and signer must be under the signature");
        }
        Map<Long, Node> header = protectedBytes.embedded().openMembers(NAMES);
        Node openPart = new Node(whole.file(), "cose.unprotected", parts.get(1).item());
        Map<Long, Node> open = openPart.openMembers(NAMES);
        requireDisjoint(openPart, header, open);
        requireNothingUnknownIsCritical(header);
        requireAlgorithm(protectedBytes, header, pinned);
        requireCorim(protectedBytes, header);
        for (Map<Long, Node> place : List.of(header, open)) {
            Node chain = place.get(X5CHAIN);
            if (chain != null) {
                requirePinned(chain, pinned);
            }
        }
        Node payload = new Node(whole.file(), "corim", parts.get(2).item());
        if (payload.item() instanceof Item.Simple) {
            throw payload.refused("the payload is detached. Put it into the message.");
        }
        Node signature = new Node(whole.file(), "cose.signature", parts.get(3).item());
        if (pinned.verify(signatureInput(signed, payload.octets()), signature.octets()) != Signatures.Verdict.VALID) {
            throw signature.refused(
                    "it is not a signature of the pinned key (sha256 of the key: %s) over this CoRIM. Pin the key of its real signer, or do not use it."
                            .formatted(pinned.fingerprint()));
        }
        Optional<String> pinnedOver = pinned.objectionAt(at);
        if (pinnedOver.isPresent()) {
            throw signature.refused(pinnedOver.get() + ". Pin the signer's current one.");
        }
        return said(protectedBytes, header, payload, at);
    }

    private static Node unwrapped(Node whole) throws ImportException {
        Node inner = whole;
        if (inner.isTagged(TYPED_CHOICE)) {
            inner = inner.within(TYPED_CHOICE, "a CoRIM");
        }
        if (inner.isTagged(SIGNED_CORIM)) {
            inner = inner.within(SIGNED_CORIM, "a signed CoRIM");
        }
        if (inner.isTagged(SignedCorim.UNSIGNED)) {
            throw whole.refused(
                    "this CoRIM is not signed (tag 501 without COSE around it). Values are imported from their signer only: ask its maker for the signed one.");
        }
        if (inner.isTagged(SEVERAL_SIGNERS)) {
            throw whole.refused(
                    "this is a COSE_Sign with several signers (tag 98); a COSE_Sign1 (tag 18) is read here");
        }
        return inner.within(TAG, "a COSE_Sign1, which a signed CoRIM is");
    }

    private static void requireDisjoint(Node place, Map<Long, Node> header, Map<Long, Node> open)
            throws ImportException {
        var both = new TreeSet<>(open.keySet());
        both.retainAll(header.keySet());
        if (!both.isEmpty()) {
            throw place.refused("header %s stands in both buckets, which RFC 9052, section 3, forbids".formatted(both));
        }
        for (long label : ONLY_PROTECTED) {
            if (open.containsKey(label)) {
                throw place.refused("header %s stands where no signature covers it".formatted(NAMES.get(label)));
            }
        }
    }

    /** RFC 9052, section 3.1: whoever does not understand what is critical must not go on. */
    private static void requireNothingUnknownIsCritical(Map<Long, Node> header) throws ImportException {
        Node critical = header.get(CRIT);
        if (critical == null) {
            return;
        }
        for (Node label : critical.someElements()) {
            boolean known = label.item() instanceof Item.Whole(BigInteger value)
                    && value.bitLength() < 63
                    && NAMES.containsKey(value.longValueExact())
                    && header.containsKey(value.longValueExact());
            if (!known) {
                throw label.refused("header %s is critical, and is not known here or not there"
                        .formatted(Node.shown(label.item())));
            }
        }
    }

    private static void requireAlgorithm(Node place, Map<Long, Node> header, PinnedSigner pinned)
            throws ImportException {
        Node algorithm = header.get(ALG);
        if (algorithm == null) {
            throw place.refused("there is no alg");
        }
        BigInteger label = algorithm.whole();
        if (!label.equals(BigInteger.valueOf(pinned.algorithm().label()))) {
            throw algorithm.refused("it says %s; the pinned key signs with %s"
                    .formatted(
                            label.bitLength() < 32 ? PinnedSigner.Algorithm.named(label.longValue()) : "another",
                            PinnedSigner.Algorithm.named(pinned.algorithm().label())));
        }
    }

    private static void requireCorim(Node place, Map<Long, Node> header) throws ImportException {
        if (header.containsKey(HASH_ENVELOPE)) {
            throw place.refused(
                    "the payload is a digest of the CoRIM (hash envelope). Bring the message that holds it.");
        }
        Node type = header.get(CONTENT);
        if (type == null) {
            throw place.refused("there is no content type; %s was expected".formatted(CONTENT_TYPE));
        }
        if (!(type.item() instanceof Item.Text(String text)) || !text.equals(CONTENT_TYPE)) {
            throw type.refused("it says %s; %s was expected".formatted(Node.shown(type.item()), CONTENT_TYPE));
        }
    }

    /** RFC 9360, section 2: one certificate, or an array that begins with the signer's. Nothing is trusted because it is there. */
    private static void requirePinned(Node chain, PinnedSigner pinned) throws ImportException {
        Node leaf = chain.item() instanceof Item.Sequence ? chain.someElements().getFirst() : chain;
        Optional<String> objection = pinned.objectionTo(leaf.octets());
        if (objection.isPresent()) {
            throw leaf.refused(objection.get() + ". Pin the key of its real signer, or do not use it.");
        }
    }

    /** Sig_structure: RFC 9052, section 4.4, over the bytes as they came. */
    private static Bytes signatureInput(Bytes protectedHeader, Bytes payload) {
        return Bytes.concat(
                Bytes.fromHex("84"),
                Bytes.fromHex("6a"),
                Bytes.utf8("Signature1"),
                octets(protectedHeader),
                octets(Bytes.empty()),
                octets(payload));
    }

    private static Bytes octets(Bytes content) {
        int length = content.length();
        String head = length < 24
                ? "%02x".formatted(0x40 | length)
                : length < 0x100
                        ? "58%02x".formatted(length)
                        : length < 0x10000 ? "59%04x".formatted(length) : "5a%08x".formatted(length);
        return Bytes.concat(Bytes.fromHex(head), content);
    }

    private static CoseSign1 said(Node place, Map<Long, Node> header, Node payload, Instant at) throws ImportException {
        Node claimed = header.get(CWT_CLAIMS);
        Optional<Statement> claims = claimed == null ? Optional.empty() : Optional.of(Statement.ofClaims(claimed));
        Node described = header.get(META);
        Optional<Statement> meta = described == null ? Optional.empty() : Optional.of(Statement.ofMeta(described));
        if (claims.isPresent() && meta.isPresent()) {
            claims.get().requireSameAs(meta.get());
        }
        Statement statement = claims.or(() -> meta)
                .orElseThrow(() -> place.refused(
                        "neither CWT claims (15) nor corim-meta (8) say who signed; one of them is needed"));
        statement.validity().requireAt(at, statement.place(), "the signature");
        Validity both = statement.validity();
        if (claims.isPresent() && meta.isPresent()) {
            meta.get().validity().requireAt(at, meta.get().place(), "the signature");
            both = new Validity(both.notBefore(), both.endWith(meta.get().validity()));
        }
        return new CoseSign1(payload, statement.signer(), both);
    }
}
