package io.countersign.insecure;

import io.countersign.verifier.bytes.Bytes;
import java.util.List;

/** The one machine of a software Intel: a server with everything up to date and TDX module "TDX_01". */
public final class IntelMachine {
    public static final Bytes FMSPC = Bytes.fromHex("c0de00000000");
    public static final Bytes PCE_ID = Bytes.fromHex("0000");
    public static final int PCE_SVN = 11;

    /** The SVNs of the 16 TCB components, as PCK certificate and TCB info have them. */
    public static final List<Integer> SGX_COMPONENTS = List.of(4, 4, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0);

    /** TEE_TCB_SVN: module SVN 11 of module version 1, late microcode 4. */
    public static final Bytes TEE_TCB_SVN = Bytes.fromHex("0b010400000000000000000000000000");

    static final Bytes PPID = named("PPID").slice(0, 16);
    static final Bytes PLATFORM_INSTANCE = named("platform instance").slice(0, 16);

    private IntelMachine() {}

    static Bytes cpuSvn() {
        byte[] svn = new byte[16];
        for (int i = 0; i < svn.length; i++) {
            svn[i] = SGX_COMPONENTS.get(i).byteValue();
        }
        return Bytes.copyOf(svn);
    }

    /** 32 bytes that stand for something of the laboratory. */
    static Bytes named(String what) {
        return Bytes.utf8("countersign laboratory " + what).sha256();
    }

    /** 48 bytes that stand for something the laboratory's TD measured. */
    static Bytes measured(String what) {
        return Bytes.utf8("countersign laboratory " + what).sha384();
    }
}
