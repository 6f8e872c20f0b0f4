package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;

/** Report bodies as the laboratory's trust domain gets them. */
final class SoftwareTd {
    private static final Bytes SEPT_VE_DISABLE = Bytes.fromHex("0000001000000000");
    private static final Bytes BARE_METAL_XFAM = Bytes.fromHex("e702060000000000");

    private SoftwareTd() {}

    static byte[] body(QuoteForm form) {
        byte[] body = new byte[form.bodyLength()];
        put(body, TdField.TEE_TCB_SVN, IntelMachine.TEE_TCB_SVN);
        put(body, TdField.MRSEAM, IntelMachine.measured("TDX module"));
        put(body, TdField.TDATTRIBUTES, SEPT_VE_DISABLE);
        put(body, TdField.XFAM, BARE_METAL_XFAM);
        put(body, TdField.MRTD, IntelMachine.measured("virtual firmware"));
        put(body, TdField.RTMR0, IntelMachine.measured("firmware settings"));
        put(body, TdField.RTMR1, IntelMachine.measured("kernel"));
        put(body, TdField.RTMR2, IntelMachine.measured("command line"));
        if (form == QuoteForm.TDX_15_V5) {
            put(body, TdField.TEE_TCB_SVN_2, IntelMachine.TEE_TCB_SVN);
        }
        return body;
    }

    private static void put(byte[] body, TdField field, Bytes value) {
        System.arraycopy(value.toByteArray(), 0, body, field.offset(), field.length());
    }
}
