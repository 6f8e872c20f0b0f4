{{/* What the schema cannot say: values that do not go together. Each refusal says what to do. */}}
{{- define "countersign.refusals" -}}
{{- $v := .Values -}}
{{- if not $v.image.repository -}}
{{- fail "image.repository is not set: name the repository of your registry that holds the Countersign image, for instance --set image.repository=registry.example/countersign; the folder image/ says how to make and push one" -}}
{{- end -}}
{{- if and $v.image.digest $v.image.tag -}}
{{- fail "image.digest and image.tag are both set: keep the digest, which names one image for ever, and leave image.tag empty" -}}
{{- end -}}
{{- if not (or $v.image.digest $v.image.tag) -}}
{{- fail "neither image.digest nor image.tag is set: set image.digest to the sha256:… that your registry showed when the image was pushed" -}}
{{- end -}}
{{- if not $v.issuer -}}
{{- fail "issuer is not set: set it to the address at which relying parties reach the service, for instance https://attest.example; it becomes the iss of tokens" -}}
{{- end -}}
{{- if not $v.signingKeys.secret -}}
{{- fail "signingKeys.secret is not set: without it every replica would make keys of its own and forget them with its pod. Make a ring with \"countersign keys rotate\" and a Secret of it as docs/keys.md says, and name the Secret" -}}
{{- end -}}
{{- if and $v.policies.files $v.policies.configMap -}}
{{- fail "policies.files and policies.configMap are both set: keep the one in which your policies are, and empty the other" -}}
{{- end -}}
{{- include "countersign.refuseSharing" . -}}
{{- include "countersign.refuseInsecure" . -}}
{{- include "countersign.refuseConfig" . -}}
{{- range $name, $caller := $v.callers -}}
{{- if and (not $v.tls.clientAuthorities) (or $caller.certificateSha256 $caller.certificateKeySha256 $caller.certificateSan) -}}
{{- fail (printf "callers.%s is known by a client certificate, but tls.clientAuthorities is not set: name the ConfigMap with the authorities whose certificates count" $name) -}}
{{- end -}}
{{- end -}}
{{- if and $v.tls.clientAuthorities (not $v.tls.secret) -}}
{{- fail "tls.clientAuthorities is set, but tls.secret is not: client certificates exist only on TLS. Set tls.secret to the Secret with the server's certificate" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas (%d) is more than autoscaling.maxReplicas (%d): swap them" (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (dig "requests" "cpu" "" $v.resources)) -}}
{{- fail "autoscaling.enabled is true, but resources.requests.cpu is not set: autoscaling measures the use of the requested CPU, so set it" -}}
{{- end -}}
{{- range $name, $caller := $v.callers -}}
{{- range $caller.audiences -}}
{{- if not (hasKey $v.audiences .) -}}
{{- fail (printf "callers.%s.audiences names %s, which is not among the audiences: register it under audiences, or correct the name" $name .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* More than one replica shares what must happen once. */}}
{{- define "countersign.refuseSharing" -}}
{{- $v := .Values -}}
{{- $several := gt (int (include "countersign.mostReplicas" .)) 1 -}}
{{- if and $several (not $v.redis.secret) -}}
{{- fail (printf "%s, but redis.secret is not set: a challenge must be spent once among all replicas, and only a shared Redis or Valkey can see to that. Set redis.secret and challenges.secret, or keep one replica" (ternary "autoscaling.enabled is true" (printf "replicas is %d" (int $v.replicas)) $v.autoscaling.enabled)) -}}
{{- end -}}
{{- if and $v.redis.secret (not $v.challenges.secret) -}}
{{- fail "redis.secret is set, but challenges.secret is not: replicas recognise each other's challenges by a secret they share. Make one of 32 random bytes (head -c 32 /dev/urandom > secret; kubectl create secret generic <name> --from-file=secret) and name it" -}}
{{- end -}}
{{- if and $v.challenges.secret (not $v.redis.secret) -}}
{{- fail "challenges.secret is set, but redis.secret is not: challenges that several replicas accept need a Redis in which they are spent once. Set both, or neither" -}}
{{- end -}}
{{- if and $v.redis.secret $v.networkPolicy.enabled (not $v.networkPolicy.redis) -}}
{{- fail "redis.secret is set and networkPolicy.enabled is true, but networkPolicy.redis is empty: the pods would not reach Redis. Say where it is, as NetworkPolicy peers, for instance [{podSelector: {matchLabels: {app: redis}}}]" -}}
{{- end -}}
{{- end -}}

{{/* Two values and a sentence, so that no single flag turns trust off. */}}
{{- define "countersign.refuseInsecure" -}}
{{- $sentence := "nothing here is attested by genuine hardware" -}}
{{- with .Values.insecure -}}
{{- if and .enabled (ne .because $sentence) -}}
{{- fail (printf "insecure.enabled is true: with it, laboratory keys count as hardware, and no verdict proves anything. If that is what you want, set insecure.because to %q; never where a key is released" $sentence) -}}
{{- end -}}
{{- if and .enabled (not .anchors) -}}
{{- fail "insecure.enabled is true, but insecure.anchors is empty: give the laboratory's roots, for instance --set-file insecure.anchors=anchors.pem" -}}
{{- end -}}
{{- if and (not .enabled) (or .because .anchors) -}}
{{- fail "insecure.because or insecure.anchors is set, but insecure.enabled is false: remove them, so that nobody wonders whether this release is a laboratory" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Settings that have a value of their own, or are secret, do not go through config. */}}
{{- define "countersign.refuseConfig" -}}
{{- $owned := dict
  "countersign.issuer" "issuer"
  "countersign.data-dir" "data"
  "countersign.policies-dir" "policies"
  "countersign.policies" "policies"
  "countersign.default-policy" "defaultPolicy"
  "countersign.redis-url" "redis"
  "countersign.challenge.secret-file" "challenges"
  "countersign.token.keys-dir" "signingKeys"
  "countersign.token.rotation.poll" "signingKeys"
  "countersign.audiences" "audiences"
  "countersign.callers" "callers"
  "countersign.access.anonymous" "anonymous"
  "countersign.access.client-certificates" "tls"
  "countersign.audit.to" "audit"
  "countersign.collateral.offline" "collateral"
  "countersign.insecure" "insecure"
  "quarkus.http.port" "service"
  "quarkus.http.ssl-port" "tls"
  "quarkus.http.tls-configuration-name" "tls"
  "quarkus.http.insecure-requests" "tls"
  "quarkus.shutdown.delay" "shutdown"
  "quarkus.shutdown.timeout" "shutdown"
  "quarkus.tls.server" "tls"
  "quarkus.http.root-path" ""
  "quarkus.http.non-application-root-path" ""
  "quarkus.config" ""
  "quarkus.profile" ""
  "countersign.token.rotation.every" "signingKeys"
-}}
{{- range $place := list "config" "configFromSecrets" -}}
{{- range $key, $_ := index $.Values $place -}}
{{- range $taken, $value := $owned -}}
{{- if or (eq $key $taken) (hasPrefix (printf "%s." $taken) $key) -}}
{{- if eq $taken "countersign.token.rotation.every" -}}
{{- fail (printf "%s sets countersign.token.rotation.every, but a mounted Secret cannot be written: rotate where the folder of keys is, and deliver it as docs/keys.md says" $place) -}}
{{- else if $value -}}
{{- fail (printf "%s sets %s, which this chart sets itself: use the value %s instead" $place $key $value) -}}
{{- else -}}
{{- fail (printf "%s sets %s, which would part this chart from the service: probes and paths rely on its default, so leave it out" $place $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $_ := .Values.config -}}
{{- if regexMatch "(?i)(password|passwd|passphrase|api-key|credentials|[.-]secret$|[.-]token$)" $key -}}
{{- fail (printf "config sets %s, which looks like a secret, and everybody who may read ConfigMaps could read it: put it into a Secret and name that under configFromSecrets" $key) -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "-D(countersign|quarkus|smallrye|mp)\\." .Values.javaOptions -}}
{{- fail "javaOptions sets a setting of the service with -D: put it under config, where it is checked" -}}
{{- end -}}
{{- end -}}
