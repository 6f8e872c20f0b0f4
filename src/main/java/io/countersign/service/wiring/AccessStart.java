package io.countersign.service.wiring;

import io.countersign.service.access.Gate;
import io.countersign.service.caller.AccessRules;
import io.countersign.service.caller.Role;
import io.countersign.service.config.CountersignConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.ClientAuth;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Says at start what everybody may do, which callers may do little, and whose files are open to others. */
@Singleton
class AccessStart {
    private static final Logger LOG = Logger.getLogger("io.countersign");

    void say(
            @Observes StartupEvent started,
            CountersignConfig config,
            Config all,
            AccessRules rules,
            Gate gate,
            ClientCertificates certificates,
            TlsConfigurationRegistry tls) {
        LOG.debugf("access is decided by %s", gate);
        refuseWithoutTls(certificates, all, tls);
        LOG.info(sentence(rules, config));
        if (rules instanceof AccessRules.ByRole) {
            config.callers().forEach((name, caller) -> {
                if (caller.roles().isEmpty()) {
                    LOG.warnf(
                            "caller %s: no roles, so it may introspect tokens of its audiences, and otherwise %s as everybody"
                                    + " may; set countersign.callers.%s.roles to give it more",
                            name, Role.words(rules.everybody()), name);
                }
            });
        }
        SecretFiles.named(config, all).forEach(file -> file.warning().ifPresent(LOG::warn));
    }

    /** One line: what may be done by who does not say who he is. */
    static String sentence(AccessRules rules, CountersignConfig config) {
        return switch (rules) {
            case AccessRules.Open _ ->
                "access: open. No caller has roles and countersign.access.anonymous is not set, so whoever reaches this"
                        + " service may " + Role.words(Role.all());
            case AccessRules.ByRole(var everybody) ->
                "access: by role. Who does not say who he is may do %s beside what is public (%s)"
                        .formatted(
                                Role.words(everybody),
                                config.access().anonymous().isPresent()
                                        ? "countersign.access.anonymous"
                                        : "a caller has roles, and countersign.access.anonymous is not set");
        };
    }

    private static void refuseWithoutTls(ClientCertificates certificates, Config all, TlsConfigurationRegistry tls) {
        if (certificates.wanted() == ClientAuth.NONE) {
            return;
        }
        Optional<TlsConfiguration> chosen = all.getOptionalValue("quarkus.http.tls-configuration-name", String.class)
                .map(tls::get)
                .orElseGet(tls::getDefault);
        boolean older = StreamSupport.stream(all.getPropertyNames().spliterator(), false)
                .anyMatch(name -> name.startsWith("quarkus.http.ssl.certificate."));
        if (!older && chosen.map(TlsConfiguration::getKeyStoreOptions).isEmpty()) {
            throw new IllegalArgumentException(
                    "a caller is known by a client certificate, but this service does not speak TLS: set"
                            + " quarkus.tls.key-store.pem.0.cert, quarkus.tls.key-store.pem.0.key and"
                            + " quarkus.tls.trust-store.pem.certs");
        }
    }
}
