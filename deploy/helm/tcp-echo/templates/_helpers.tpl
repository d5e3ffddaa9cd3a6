{{- define "tcp-echo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- /* Short enough for the suffixes that some objects add. */}}
{{- define "tcp-echo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := include "tcp-echo.name" . }}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "tcp-echo.instanceLabels" -}}
app.kubernetes.io/name: {{ include "tcp-echo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Component "server" keeps the helm test pod out of Services, budget and policy. */}}
{{- define "tcp-echo.selectorLabels" -}}
{{ include "tcp-echo.instanceLabels" . }}
app.kubernetes.io/component: server
{{- end }}

{{- define "tcp-echo.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "tcp-echo.labels" -}}
{{ include "tcp-echo.selectorLabels" . }}
{{ include "tcp-echo.commonLabels" . }}
{{- end }}

{{- define "tcp-echo.testLabels" -}}
{{ include "tcp-echo.instanceLabels" . }}
app.kubernetes.io/component: test
{{- end }}

{{- define "tcp-echo.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "tcp-echo.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "tcp-echo.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "tcp-echo.isDuration" -}}
{{- if and (kindIs "string" .) (regexMatch "^[0-9]{1,9}(ms|s|m|h)$" .) }}true{{ end }}
{{- end }}

{{- /* Milliseconds of a duration; what is no duration is 0, and named by tcp-echo.validate. */}}
{{- define "tcp-echo.millis" -}}
{{- if include "tcp-echo.isDuration" . }}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 }}
{{- mul (regexFind "^[0-9]+" . | int64) (get $units (regexFind "[a-z]+$" .)) }}
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
{{- else if or (kindIs "float64" .) (kindIs "int64" .) (kindIs "int" .) }}{{ int64 . }}
{{- else }}{{ . }}
{{- end }}
{{- end }}

{{- define "tcp-echo.servicePort" -}}
{{- int64 (default .port .servicePort) }}
{{- end }}

{{- define "tcp-echo.hasPreStopSleep" -}}
{{- if and (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) (ne (include "tcp-echo.millis" .Values.shutdown.preStopSleep) "0") }}true{{ end }}
{{- end }}

{{- define "tcp-echo.longestLinger" -}}
{{- $longest := 0 }}
{{- range .Values.listeners }}
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

{{- define "tcp-echo.fewestPods" -}}
{{- int64 (ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled) }}
{{- end }}

{{- define "tcp-echo.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "tcp-echo.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop:
    - ALL
{{- end }}

{{- /* The service's configuration. A null is left out, so that the service's own default holds. */}}
{{- define "tcp-echo.config" -}}
quarkus.http.host=0.0.0.0
quarkus.http.port={{ int64 .Values.sidePort.port }}
quarkus.log.category."dev.tcpecho".level={{ .Values.logLevel }}
{{- if .Values.sidePort.connections }}
echo.connections.enabled=true
{{- end }}
echo.drain-delay={{ include "tcp-echo.property" .Values.shutdown.drainDelay }}
echo.drain-timeout={{ include "tcp-echo.property" .Values.shutdown.drainTimeout }}
{{- if not (kindIs "invalid" .Values.shortfall) }}
echo.shortfall={{ kindIs "bool" .Values.shortfall | ternary "off" .Values.shortfall }}
{{- end }}
{{- range $name, $listener := .Values.listeners }}
{{- $prefix := ternary "echo" (printf "echo.listeners.%s" $name) (eq $name "default") }}
{{ $prefix }}.host=*
{{- range $key, $value := omit $listener "servicePort" "nodePort" "socket" }}
{{- if not (kindIs "invalid" $value) }}
{{ $prefix }}.{{ kebabcase $key }}={{ include "tcp-echo.property" $value }}
{{- end }}
{{- end }}
{{- range $key, $value := $listener.socket }}
{{- if not (kindIs "invalid" $value) }}
{{ $prefix }}.socket.{{ kebabcase $key }}={{ include "tcp-echo.property" $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
