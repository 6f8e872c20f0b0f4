package io.countersign.examples.kms;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Starts the KMS and says who may reach what: nobody reaches anything without a good token. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class KmsApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(KmsApplication.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The decoder of bearer tokens is {@link TokenVerifier}; every refusal is written by {@link Refusals}. */
    @Bean
    SecurityFilterChain filters(HttpSecurity http, TokenVerifier verifier, Refusals refusals) throws Exception {
        return http.authorizeHttpRequests(requests -> requests
                        // What failed before a controller is told as what it is, not as a missing token.
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(
                        server -> server.jwt(jwt -> jwt.decoder(verifier)).authenticationEntryPoint(refusals))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(refusals))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // There is no cookie that a browser could be made to send.
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }
}
