package io.countersign.service.signing.pkcs11;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token answered, found among the exceptions that the JDK's provider wraps it in. */
final class Pkcs11Answer {
    /** Trying the same PIN again locks the token: PKCS #11 2.40, section 5.6, C_Login. */
    private static final Set<String> OF_PIN =
            Set.of("CKR_PIN_INCORRECT", "CKR_PIN_LOCKED", "CKR_PIN_EXPIRED", "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE");

    private Pkcs11Answer() {}

    /** The name of the answer, such as CKR_DEVICE_REMOVED, or the innermost message. */
    static String of(Throwable problem) {
        String innermost = problem.getClass().getSimpleName();
        for (@Nullable Throwable each = problem; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null && message.startsWith("CKR_")) {
                return message;
            }
            if (message != null) {
                innermost = message;
            }
        }
        return innermost;
    }

    static boolean isAboutPin(String answer) {
        return OF_PIN.contains(answer);
    }
}
