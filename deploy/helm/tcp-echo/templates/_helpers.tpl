{{- /* Maps merged as maps, so that no key stands twice: a later one wins, and its null takes a key away. */}}
{{- define "tcp-echo.merged" -}}
{{- $merged := dict }}
{{- range . }}
{{- range $key, $value := . }}
{{- if kindIs "invalid" $value }}
{{- $_ := unset $merged $key }}
{{- else }}
{{- $_ := set $merged $key $value }}
{{- end }}
{{- end }}
{{- end }}
{{- if $merged }}
{{- toYaml $merged }}
{{- end }}
{{- end }}

{{- /* A map without the keys that an overlay set to null, at any depth. */}}
{{- define "tcp-echo.withoutNulls" -}}
{{- $kept := dict }}
{{- range $key, $value := . }}
{{- if kindIs "map" $value }}
{{- $_ := set $kept $key (include "tcp-echo.withoutNulls" $value | fromYaml) }}
{{- else if not (kindIs "invalid" $value) }}
{{- $_ := set $kept $key $value }}
{{- end }}
{{- end }}
{{- toYaml $kept }}
{{- end }}

{{- /* Whether there is anything to render. An upgrade that keeps an older chart's values has none of the newer keys. */}}
{{- define "tcp-echo.enabled" -}}
{{- if kindIs "invalid" .Values.enabled }}
{{- fail "these are the values of an older chart, its image.tag among them, as helm upgrade --reuse-values keeps them: use --reset-then-reuse-values (Helm 3.14 or newer), which keeps your own values only" }}
{{- end }}
{{- if .Values.enabled }}true{{ end }}
{{- end }}

{{- define "tcp-echo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | regexFind "^.*[A-Za-z0-9]" }}
{{- end }}

{{- /* A name that a Service can have: lower case letters, digits and dashes, a letter first. Short enough for the
       suffixes that some objects add. */}}
{{- define "tcp-echo.fullname" -}}
{{- $name := .Values.fullnameOverride }}
{{- if not $name }}
{{- $chart := include "tcp-echo.name" . }}
{{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name) }}
{{- if not (regexMatch "^[A-Za-z]" $name) }}
{{- $name = printf "%s-%s" $chart .Release.Name }}
{{- end }}
{{- $name = regexReplaceAll "[^a-z0-9-]+" (lower $name) "-" }}
{{- if not (regexMatch "^[a-z]" $name) }}
{{- $name = printf "tcp-echo-%s" $name }}
{{- end }}
{{- end }}
{{- $name | trunc 52 | regexFind "^.*[a-z0-9]" }}
{{- end }}

{{- define "tcp-echo.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- /* A version as the value of a label: 63 characters, no plus, and a letter or digit at the end. */}}
{{- define "tcp-echo.labelValue" -}}
{{- regexReplaceAll "[^A-Za-z0-9._-]+" . "_" | trunc 63 | regexFind "^.*[A-Za-z0-9]" }}
{{- end }}

{{- /* Component "server" keeps the helm test pods out of Services, budget and policy. */}}
{{- define "tcp-echo.selectorLabels" -}}
{{- include "tcp-echo.identity" (dict "root" . "component" "server") }}
{{- end }}

{{- define "tcp-echo.identity" -}}
app.kubernetes.io/name: {{ include "tcp-echo.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end }}

{{- /* Of an object of a component, or of a pod: without the chart's version there, which would roll the pods. */}}
{{- define "tcp-echo.labels" -}}
{{- $chart := dict "app.kubernetes.io/version" (include "tcp-echo.labelValue" .root.Chart.AppVersion) }}
{{- if not .pod }}
{{- $_ := set $chart "helm.sh/chart" (include "tcp-echo.labelValue" (printf "%s-%s" .root.Chart.Name .root.Chart.Version)) }}
{{- $_ := set $chart "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- end }}
{{- include "tcp-echo.merged" (list $chart .root.Values.labels .labels (include "tcp-echo.identity" . | fromYaml)) }}
{{- end }}

{{- /* Of an object: root, component, and where there are any suffix, namespace, labels and annotations. */}}
{{- define "tcp-echo.metadata" -}}
name: {{ printf "%s%s" (include "tcp-echo.fullname" .root) (default "" .suffix) | quote }}
namespace: {{ default (include "tcp-echo.namespace" .root) .namespace | quote }}
labels:
  {{- include "tcp-echo.labels" . | nindent 2 }}
{{- with include "tcp-echo.merged" (list .root.Values.commonAnnotations .annotations) }}
{{- if not $.annotationsFollow }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{- /* global.imageRegistry takes the place of the repository's own registry, if it names one. */}}
{{- define "tcp-echo.image" -}}
{{- $repository := .Values.image.repository }}
{{- with dig "imageRegistry" "" (default dict .Values.global) }}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) (regexReplaceAll "^([^/]*[.:][^/]*|localhost)/" $repository "") }}
{{- end }}
{{- if .Values.image.digest -}}
{{ $repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ $repository }}:{{ default (replace "+" "_" .Chart.AppVersion) .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "tcp-echo.pullSecrets" -}}
{{- $names := list }}
{{- range concat (default list (dig "imagePullSecrets" list (default dict .Values.global))) (default list .Values.image.pullSecrets) }}
{{- $names = append $names (kindIs "map" . | ternary . (dict "name" .)) }}
{{- end }}
{{- with $names | uniq }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{- define "tcp-echo.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "tcp-echo.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* What the pods of the Deployment and of helm test have in common. */}}
{{- define "tcp-echo.podSettings" -}}
serviceAccountName: {{ include "tcp-echo.serviceAccountName" . | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.priorityClassName }}
priorityClassName: {{ quote . }}
{{- end }}
{{- with .Values.runtimeClassName }}
runtimeClassName: {{ quote . }}
{{- end }}
{{- with include "tcp-echo.pullSecrets" . }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- with include "tcp-echo.merged" (list .Values.nodeSelector) }}
nodeSelector:
  {{- . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* A container besides the service's own is confined as that one is, unless it says otherwise. */}}
{{- define "tcp-echo.containers" -}}
{{- $root := .root }}
{{- $containers := list }}
{{- range .containers }}
{{- $context := include "tcp-echo.merged" (list $root.Values.securityContext .securityContext) | fromYaml }}
{{- $containers = append $containers (merge (dict "securityContext" $context) (omit . "securityContext")) }}
{{- end }}
{{- toYaml $containers }}
{{- end }}

{{- define "tcp-echo.isDuration" -}}
{{- if and (kindIs "string" .) (regexMatch "^[0-9]{1,12}(ms|s|m|h)$" .) }}true{{ end }}
{{- end }}

{{- /* Milliseconds of a duration; what is no duration is 0, and named by tcp-echo.validate. */}}
{{- define "tcp-echo.millis" -}}
{{- if include "tcp-echo.isDuration" . }}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 }}
{{- mul (regexFind "[1-9][0-9]*" . | default "0" | int64) (get $units (regexFind "[a-z]+$" .)) }}
{{- else }}0{{ end }}
{{- end }}

{{- /* Whole seconds, rounded up. */}}
{{- define "tcp-echo.seconds" -}}
{{- div (add (include "tcp-echo.millis" . | int64) 999) 1000 }}
{{- end }}

{{- /* A value as Quarkus reads it: 1h as 3600S, 500ms as it is, and numbers never as 1e+06. */}}
{{- define "tcp-echo.property" -}}
{{- if include "tcp-echo.isDuration" . }}
{{- if hasSuffix "ms" . }}{{ . }}{{ else }}{{ include "tcp-echo.seconds" . }}S{{ end }}
{{- else if and (kindIs "float64" .) (ne (floor .) (float64 .)) }}{{ . }}
{{- else if or (kindIs "float64" .) (kindIs "int64" .) (kindIs "int" .) }}{{ int64 . }}
{{- else if kindIs "slice" . }}{{ join "," . }}
{{- else }}{{ . }}
{{- end }}
{{- end }}

{{- /* The listeners that no overlay took away. */}}
{{- define "tcp-echo.listeners" -}}
{{- include "tcp-echo.withoutNulls" .Values.listeners }}
{{- end }}

{{- define "tcp-echo.servicePort" -}}
{{- int64 (default .port .servicePort) }}
{{- end }}

{{- define "tcp-echo.hasPreStopSleep" -}}
{{- if and (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) (ne (include "tcp-echo.millis" .Values.shutdown.preStopSleep) "0") }}true{{ end }}
{{- end }}

{{- define "tcp-echo.longestLinger" -}}
{{- $longest := 0 }}
{{- range include "tcp-echo.listeners" . | fromYaml }}
{{- $longest = max $longest (include "tcp-echo.seconds" (default "5s" .lingerTimeout) | int64) }}
{{- end }}
{{- $longest }}
{{- end }}

{{- define "tcp-echo.shutdownSeconds" -}}
{{- $sum := include "tcp-echo.longestLinger" . | int64 }}
{{- range list .Values.shutdown.drainDelay .Values.shutdown.drainTimeout .Values.shutdown.margin }}
{{- $sum = add $sum (include "tcp-echo.seconds" . | int64) }}
{{- end }}
{{- if include "tcp-echo.hasPreStopSleep" . }}
{{- $sum = add $sum (include "tcp-echo.seconds" .Values.shutdown.preStopSleep | int64) }}
{{- end }}
{{- $sum }}
{{- end }}

{{- define "tcp-echo.gracePeriod" -}}
{{- int64 (default (include "tcp-echo.shutdownSeconds" .) .Values.shutdown.terminationGracePeriodSeconds) }}
{{- end }}

{{- /* Empty where the manifest leaves the number to others. An autoscaler's number is taken from the cluster: a manifest
       without one would take the Deployment to a single pod when autoscaling is turned on. */}}
{{- define "tcp-echo.replicas" -}}
{{- if not (kindIs "invalid" .Values.replicas) }}
{{- if .Values.autoscaling.enabled }}
{{- $live := dict }}
{{- if .Release.IsUpgrade }}
{{- $live = lookup "apps/v1" "Deployment" (include "tcp-echo.namespace" .) (include "tcp-echo.fullname" .) }}
{{- end }}
{{- default (int64 .Values.autoscaling.minReplicas) (dig "spec" "replicas" 0 (default dict $live) | int64) }}
{{- else }}
{{- int64 .Values.replicas }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.fewestPods" -}}
{{- int64 (ternary .Values.autoscaling.minReplicas (kindIs "invalid" .Values.replicas | ternary 1 .Values.replicas) .Values.autoscaling.enabled) }}
{{- end }}

{{- /* Who may ask the side port; the helm test pods come on top. */}}
{{- define "tcp-echo.sidePortPeers" -}}
{{- $peers := default list .Values.networkPolicy.sidePortFrom }}
{{- $monitoring := .Values.monitoring }}
{{- if and $monitoring.namespace (or $monitoring.serviceMonitor.enabled $monitoring.podMonitor.enabled) }}
{{- $peers = append $peers (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" $monitoring.namespace))) }}
{{- end }}
{{- if $peers }}
{{- toYaml $peers }}
{{- end }}
{{- end }}

{{- /* The service's configuration. A null is left out, so that the service's own default holds. */}}
{{- define "tcp-echo.config" -}}
{{- include "tcp-echo.ownConfig" . }}
{{- with .Values.extraConfig }}
{{ trim . }}
{{- end }}
{{- end }}

{{- define "tcp-echo.ownConfig" -}}
quarkus.http.host=0.0.0.0
quarkus.http.port={{ int64 .Values.sidePort.port }}
quarkus.log.category."dev.tcpecho".level={{ .Values.logLevel }}
{{- if (.Values.log).json }}
quarkus.log.console.json.enabled=true
{{- end }}
{{- if .Values.sidePort.connections }}
echo.connections.enabled=true
{{- end }}
{{- if not (kindIs "invalid" .Values.sidePort.closedConnections) }}
echo.connections.closed={{ int64 .Values.sidePort.closedConnections }}
{{- end }}
{{- if not (kindIs "invalid" .Values.sidePort.maxConnections) }}
echo.side-port.max-connections={{ int64 .Values.sidePort.maxConnections }}
{{- end }}
{{- if not (kindIs "invalid" .Values.sidePort.pageEnabled) }}
echo.side-port.page.enabled={{ .Values.sidePort.pageEnabled }}
{{- end }}
{{- with .Values.sidePort.hosts }}
{{- $names := list "localhost" }}
{{- range $suffix := list "-side-port" "-pods" }}
{{- $name := printf "%s%s" (include "tcp-echo.fullname" $) $suffix }}
{{- $inNamespace := printf "%s.%s" $name (include "tcp-echo.namespace" $) }}
{{- $names = concat $names (list $name $inNamespace (printf "%s.svc" $inNamespace) (printf "%s.svc.cluster.local" $inNamespace)) }}
{{- end }}
echo.side-port.hosts={{ concat $names . | uniq | join "," }}
{{- end }}
echo.drain-delay={{ include "tcp-echo.property" .Values.shutdown.drainDelay }}
echo.drain-timeout={{ include "tcp-echo.property" .Values.shutdown.drainTimeout }}
{{- if not (kindIs "invalid" .Values.shortfall) }}
echo.shortfall={{ kindIs "bool" .Values.shortfall | ternary "off" .Values.shortfall }}
{{- end }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- $prefix := ternary "echo" (printf "echo.listeners.%s" $name) (eq $name "default") }}
{{ $prefix }}.host={{ include "tcp-echo.property" (default "*" $listener.host) }}
{{- with $listener.proxyProtocol | default "off" | toString }}
{{- if ne . "off" }}
{{ $prefix }}.proxy-protocol={{ . }}
{{- end }}
{{- end }}
{{- if dig "tls" "secretName" "" $listener }}
{{- $bucket := printf "quarkus.tls.echo-%s" $name }}
{{- $folder := printf "/deployments/tls/%s" $name }}
{{ $prefix }}.tls-configuration-name=echo-{{ $name }}
{{ $bucket }}.key-store.pem.0.cert={{ $folder }}/tls.crt
{{ $bucket }}.key-store.pem.0.key={{ $folder }}/tls.key
{{ $bucket }}.reload-period=5M
{{- if ne (default "none" $listener.tls.clientAuth) "none" }}
{{ $prefix }}.tls-client-auth={{ $listener.tls.clientAuth }}
{{ $bucket }}.trust-store.pem.certs={{ $folder }}/ca.crt
{{- end }}
{{- end }}
{{- range $key, $value := omit $listener "host" "servicePort" "nodePort" "proxyProtocol" "tls" "socket" "fault" }}
{{ $prefix }}.{{ kebabcase $key }}={{ include "tcp-echo.property" $value }}
{{- end }}
{{- range $key, $value := $listener.socket }}
{{ $prefix }}.socket.{{ kebabcase $key }}={{ include "tcp-echo.property" $value }}
{{- end }}
{{- range $key, $value := $listener.fault }}
{{ $prefix }}.fault.{{ kebabcase $key }}={{ include "tcp-echo.property" $value }}
{{- end }}
{{- end }}
{{- end }}
