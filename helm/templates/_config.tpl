{{/* The settings of the service, as it reads them: one line each, sorted, so that equal values give equal text. */}}
{{- define "countersign.properties" -}}
{{- $v := .Values -}}
{{- $p := dict
  "countersign.issuer" $v.issuer
  "countersign.data-dir" "/var/lib/countersign"
  "countersign.default-policy" $v.defaultPolicy
  "countersign.token.keys-dir" "/etc/countersign/keys"
  "countersign.token.rotation.poll" $v.signingKeys.poll
  "countersign.policies.poll" $v.policies.poll
  "countersign.collateral.offline" $v.collateral.offline
  "quarkus.http.port" 8080
  "quarkus.shutdown.delay" (printf "%ds" (int $v.shutdown.drainSeconds))
  "quarkus.shutdown.timeout" (printf "%ds" (int $v.shutdown.requestSeconds))
-}}
{{- if include "countersign.policiesConfigMap" . -}}
{{- $_ := set $p "countersign.policies-dir" "/etc/countersign/policies" -}}
{{- end -}}
{{- if $v.policies.signers -}}
{{- $_ := set $p "countersign.policies.signers" "/etc/countersign/config/signers.pem" -}}
{{- end -}}
{{- if $v.challenges.secret -}}
{{- $_ := set $p "countersign.challenge.secret-file" "/etc/countersign/challenge/secret" -}}
{{- end -}}
{{- if eq $v.audit.to "stdout" -}}
{{- $_ := set $p "countersign.audit.to" "-" -}}
{{- else if eq $v.audit.to "volume" -}}
{{- $_ := set $p "countersign.audit.to" "/var/log/countersign" -}}
{{- end -}}
{{- if $v.insecure.enabled -}}
{{- $_ := set $p "countersign.insecure.enabled" true -}}
{{- $_ := set $p "countersign.insecure.anchors" "/etc/countersign/config/anchors.pem" -}}
{{- end -}}
{{- if $v.anonymous -}}
{{- $_ := set $p "countersign.access.anonymous" (join "," $v.anonymous) -}}
{{- end -}}
{{- range $name, $audience := $v.audiences -}}
{{- $base := printf "countersign.audiences.%s" $name -}}
{{- $_ := set $p (printf "%s.uri" $base) $audience.uri -}}
{{- $_ := set $p (printf "%s.policies" $base) (join "," $audience.policies) -}}
{{- range $word, $key := dict "callerNonce" "caller-nonce" "typ" "typ" "dialect" "dialect" "detail" "detail" -}}
{{- if hasKey $audience $word -}}
{{- $_ := set $p (printf "%s.%s" $base $key) (index $audience $word) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $caller := $v.callers -}}
{{- $base := printf "countersign.callers.%s" $name -}}
{{- range $word, $key := dict "secretSha256" "secret-sha256" "oidcSubject" "oidc-subject" -}}
{{- with index $caller $word -}}
{{- $_ := set $p (printf "%s.%s" $base $key) . -}}
{{- end -}}
{{- end -}}
{{- range $word, $key := dict "certificateSha256" "certificate-sha256" "certificateKeySha256" "certificate-key-sha256" "certificateSan" "certificate-san" "audiences" "audiences" "roles" "roles" -}}
{{- with index $caller $word -}}
{{- $_ := set $p (printf "%s.%s" $base $key) (join "," .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $v.tls.secret -}}
{{- $_ := set $p "quarkus.http.ssl-port" 8443 -}}
{{- $_ := set $p "quarkus.http.insecure-requests" "disabled" -}}
{{- $_ := set $p "quarkus.http.tls-configuration-name" "server" -}}
{{- $_ := set $p "quarkus.tls.server.key-store.pem.server.cert" "/etc/countersign/tls/tls.crt" -}}
{{- $_ := set $p "quarkus.tls.server.key-store.pem.server.key" "/etc/countersign/tls/tls.key" -}}
{{- $_ := set $p "quarkus.tls.server.reload-period" "1m" -}}
{{- if $v.tls.clientAuthorities -}}
{{- $_ := set $p "quarkus.tls.server.trust-store.pem.certs" "/etc/countersign/client-authorities/ca.crt" -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $v.config -}}
{{- $_ := set $p $key $value -}}
{{- end -}}
{{- range $key, $value := $p }}
{{ $key }}={{ include "countersign.propertyValue" $value }}
{{- end }}
{{ end -}}

{{/* Whole numbers stay whole (YAML reads them as floating point); backslashes and line ends are escaped as in java.util.Properties. */}}
{{- define "countersign.propertyValue" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}
{{- printf "%.0f" . -}}
{{- else -}}
{{- $text := toString . | replace "\\" "\\\\" | replace "\r" "\\r" | replace "\n" "\\n" -}}
{{- if hasPrefix " " $text -}}\{{- end -}}{{- $text -}}
{{- end -}}
{{- end -}}

{{/* Everything in the ConfigMap: its digest rolls the pods. Policies are not in it, because they reload live. */}}
{{- define "countersign.configData" -}}
application.properties: |
{{- include "countersign.properties" . | trim | nindent 2 }}
{{- with .Values.policies.signers }}
signers.pem: |
{{- . | nindent 2 }}
{{- end }}
{{- with .Values.insecure.anchors }}
anchors.pem: |
{{- . | nindent 2 }}
{{- end }}
{{- end -}}
