package io.countersign.insecure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.verifier.bytes.Bytes;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A signed statement of Intel's in JSON being made: {@code {"tcbInfo":{…},"signature":"…"}}. It starts out as Intel would
 * issue it, compact and in Intel's order. The signature covers the UTF-8 bytes of the inner object: Intel PCS API,
 * version 4, "Get TCB Info".
 */
public final class SoftwareStatement {
    private final String member;
    private final ObjectNode body;
    private P256Key signer;
    private UnaryOperator<String> beforeSigning = UnaryOperator.identity();
    private UnaryOperator<Bytes> signature = UnaryOperator.identity();
    private UnaryOperator<String> afterSigning = UnaryOperator.identity();

    SoftwareStatement(String member, ObjectNode body, P256Key signer) {
        this.member = member;
        this.body = body;
        this.signer = signer;
    }

    /** Changes the statement itself; what comes out is signed. */
    public SoftwareStatement with(Consumer<ObjectNode> change) {
        change.accept(body);
        return this;
    }

    /** Changes the text that is signed, where a tree of JSON could not: numbers, white space, members twice. */
    public SoftwareStatement text(UnaryOperator<String> change) {
        beforeSigning = change;
        return this;
    }

    public SoftwareStatement signedBy(P256Key other) {
        signer = other;
        return this;
    }

    /** Other bytes than the signer made. */
    public SoftwareStatement signature(UnaryOperator<Bytes> change) {
        signature = change;
        return this;
    }

    /** Changes the finished document, signature included. */
    public SoftwareStatement document(UnaryOperator<String> change) {
        afterSigning = change;
        return this;
    }

    /** The document as Intel's service would answer it. */
    public String json() {
        String signed = beforeSigning.apply(body.toString());
        Bytes made = signature.apply(signer.signRaw(Bytes.utf8(signed)));
        return afterSigning.apply("{\"%s\":%s,\"signature\":\"%s\"}".formatted(member, signed, made));
    }
}
