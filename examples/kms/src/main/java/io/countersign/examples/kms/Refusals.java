package io.countersign.examples.kms;

import io.countersign.examples.kms.Refusal.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.json.JsonMapper;

/** The one place where refusals leave: as application/problem+json (RFC 9457), with a line in the log. */
@RestControllerAdvice
final class Refusals extends ResponseEntityExceptionHandler implements AuthenticationEntryPoint {
    private static final Logger LOG = LoggerFactory.getLogger("kms.decisions");
    private static final Pattern RELEASE = Pattern.compile("/v1/secrets/([a-z0-9-]{1,64})/release");

    private final JsonMapper json;

    Refusals(JsonMapper json) {
        this.json = json;
    }

    /** From the filters: no token, or not a good one. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        switch (e) {
            case RefusedException refused -> refuse(request, response, refused);
            case InsufficientAuthenticationException _ -> {
                // RFC 6750, section 3.1: who brought no token gets no error code.
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                write(
                        request,
                        response,
                        new Refusal(
                                401, "token-missing", "Authorization: Bearer <token>", "no token", "Attest first."));
            }
            default ->
                refuse(
                        request,
                        response,
                        Refusal.invalidToken(
                                "token-malformed",
                                "Authorization: Bearer <token>",
                                "a header that is not of this form",
                                "Send the token as Countersign gave it, once."));
        }
    }

    /** From the controller. */
    @ExceptionHandler
    void refuse(HttpServletRequest request, HttpServletResponse response, RefusedException refused) throws IOException {
        Refusal refusal = refused.refusal();
        if (refusal.status() == 401) {
            response.setHeader(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer error=\"invalid_token\", error_description=\"%s\"".formatted(refusal.code()));
        }
        if (refusal.status() == 503) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
        }
        write(request, response, refusal);
    }

    /** Our own mistake: in the log with all there is, outside with nothing. */
    @ExceptionHandler
    void mistake(HttpServletRequest request, HttpServletResponse response, RuntimeException mistake)
            throws IOException {
        LOG.error("a mistake of this KMS", mistake);
        write(
                request,
                response,
                new Refusal(500, "internal-error", "an answer", "a mistake of this KMS", "See its log."));
    }

    private void write(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        log(request, refusal);
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", "No secret is released");
        members.put("status", refusal.status());
        members.put("detail", "Expected %s; found %s.".formatted(refusal.expected(), refusal.found()));
        members.put("code", refusal.code());
        members.put("expected", refusal.expected());
        members.put("found", refusal.found());
        members.put("hint", refusal.hint());
        response.setStatus(refusal.status());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(members));
    }

    /** The jti and the policy only of a token that verified: of another, they are whatever somebody wrote. */
    private static void log(HttpServletRequest request, Refusal refusal) {
        var path = RELEASE.matcher(request.getRequestURI());
        String name = path.matches() ? path.group(1) : "-";
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller != null && caller.getPrincipal() instanceof Jwt token) {
            LOG.info(
                    "refused secret={} code={} jti={} policy={}",
                    name,
                    refusal.code(),
                    token.getId(),
                    token.getClaimAsString("countersign_policy_id"));
        } else {
            LOG.info("refused secret={} code={}", name, refusal.code());
        }
    }
}
