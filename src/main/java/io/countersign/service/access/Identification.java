package io.countersign.service.access;

import io.countersign.service.caller.Caller;
import io.countersign.service.caller.Callers;
import io.countersign.service.caller.Callers.Mark;
import io.countersign.verifier.bytes.Bytes;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out who sends a request. A credential of a kind by which nobody is known here is left alone: it may be for who stands
 * in front. One that could name a caller and does not is refused.
 */
public final class Identification {
    /** RFC 6750, section 2.1; the name of the scheme in any case, as RFC 9110, section 11.1, has it. */
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*)");

    /** RFC 7515, section 7.1. */
    private static final Pattern COMPACT_JWS = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private final Callers callers;
    private final Optional<IssuerTokens> tokens;
    private final InstantSource clock;

    /**
     * Identifies the callers of a register.
     *
     * @param tokens how an issuer's tokens are read, where one is configured
     */
    public Identification(Callers callers, Optional<IssuerTokens> tokens, InstantSource clock) {
        this.callers = callers;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Who it is; asks the issuer for its keys where they are due. */
    Identity identify(Asked asked) {
        return agreed(byCertificate(asked.certificates()), byHeader(asked.authorization()));
    }

    /** Whether finding out may take as long as asking the issuer does. */
    Pace pace(Asked asked) {
        return asked.authorization().size() == 1
                        && bearer(asked.authorization().getFirst())
                                .filter(this::mayBeToken)
                                .isPresent()
                ? Pace.MAY_WAIT
                : Pace.AT_ONCE;
    }

    /** How long something takes. */
    public enum Pace {
        AT_ONCE,
        MAY_WAIT
    }

    /** Who connects as one and speaks as another is nobody. */
    private static Identity agreed(Identity certificate, Identity header) {
        return switch (certificate) {
            case Identity.Nobody _ -> header;
            case Identity.Refused refused -> refused;
            case Identity.Found(var connected) ->
                switch (header) {
                    case Identity.Nobody _ -> certificate;
                    case Identity.Refused refused -> refused;
                    case Identity.Found(var spoken) ->
                        connected.name().equals(spoken.name())
                                ? certificate
                                : new Identity.Refused(Refusal.IDENTITIES_DIFFER);
                };
        };
    }

    private Identity byCertificate(List<X509Certificate> chain) {
        if (chain.isEmpty() || !callers.marks().contains(Mark.CERTIFICATE)) {
            return new Identity.Nobody();
        }
        // The TLS layer looked when the connection was made; a connection, or a session taken up again, may outlive
        // that.
        if (!validNow(chain)) {
            return new Identity.Refused(Refusal.CERTIFICATE_ENDED);
        }
        Set<Caller.Known> found = callers.withCertificate(chain.getFirst());
        return switch (found.size()) {
            case 0 -> new Identity.Refused(Refusal.CERTIFICATE_UNKNOWN);
            case 1 -> new Identity.Found(found.iterator().next());
            default -> new Identity.Refused(Refusal.CERTIFICATE_AMBIGUOUS);
        };
    }

    private boolean validNow(List<X509Certificate> chain) {
        Instant now = clock.instant();
        try {
            for (X509Certificate certificate : chain) {
                certificate.checkValidity(Date.from(now));
            }
            return true;
        } catch (CertificateExpiredException | CertificateNotYetValidException _) {
            return false;
        }
    }

    private Identity byHeader(List<String> authorization) {
        boolean asked = callers.marks().contains(Mark.SECRET) || callers.marks().contains(Mark.SUBJECT);
        if (authorization.isEmpty() || !asked) {
            return new Identity.Nobody();
        }
        if (authorization.size() > 1) {
            return new Identity.Refused(Refusal.HEADER_TWICE);
        }
        return bearer(authorization.getFirst())
                .map(this::byCredential)
                .orElseGet(() -> new Identity.Refused(Refusal.HEADER_MALFORMED));
    }

    private static Optional<String> bearer(String header) {
        Matcher matcher = BEARER.matcher(header);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private Identity byCredential(String credential) {
        Optional<Caller.Known> bySecret =
                callers.withSecret(Bytes.utf8(credential).sha256());
        if (bySecret.isPresent()) {
            return new Identity.Found(bySecret.get());
        }
        if (!mayBeToken(credential)) {
            return new Identity.Refused(Refusal.SECRET_UNKNOWN);
        }
        return switch (tokens.orElseThrow().judge(credential)) {
            case IssuerTokens.Judged.Subject(var sub) ->
                callers.withSubject(sub)
                        .<Identity>map(Identity.Found::new)
                        .orElseGet(() -> new Identity.Refused(Refusal.SUBJECT_UNKNOWN));
            case IssuerTokens.Judged.Refused(var why) -> new Identity.Refused(why);
        };
    }

    private boolean mayBeToken(String credential) {
        return tokens.isPresent() && COMPACT_JWS.matcher(credential).matches();
    }
}
