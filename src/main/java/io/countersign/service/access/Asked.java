package io.countersign.service.access;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A request, as far as it matters who sends it.
 *
 * @param path with dots and escapes resolved
 * @param asSent the path as it was sent
 * @param authorization the header lines of that name
 * @param certificates the client's, leaf first, which the TLS layer verified; none where it showed none
 */
public record Asked(String path, String asSent, List<String> authorization, List<X509Certificate> certificates) {
    public Asked {
        authorization = List.copyOf(authorization);
        certificates = List.copyOf(certificates);
    }
}
