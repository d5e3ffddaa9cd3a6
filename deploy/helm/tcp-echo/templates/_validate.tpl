{{- /* Everything that the schema cannot say, all of it at once. */}}
{{- define "tcp-echo.validate" -}}
{{- $problems := concat
    (include "tcp-echo.imageProblems" . | fromYamlArray)
    (include "tcp-echo.listenerProblems" . | fromYamlArray)
    (include "tcp-echo.durationProblems" . | fromYamlArray)
    (include "tcp-echo.shutdownProblems" . | fromYamlArray)
    (include "tcp-echo.serviceProblems" . | fromYamlArray)
    (include "tcp-echo.routeProblems" . | fromYamlArray)
    (include "tcp-echo.sysctlProblems" . | fromYamlArray)
    (include "tcp-echo.availabilityProblems" . | fromYamlArray)
    (include "tcp-echo.monitoringProblems" . | fromYamlArray) }}
{{- if $problems }}
{{- $sentence := printf "these values cannot work:\n  - %s" (join "\n  - " $problems) }}
{{- fail $sentence }}
{{- /* helm lint ignores fail; it quotes a name that cannot be one. */}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ quote $sentence }}
---
{{- end }}
{{- end }}

{{- define "tcp-echo.imageProblems" -}}
{{- with .Values.image }}
{{- if not (or .tag .digest) }}
- "image.tag and image.digest are both empty: set one of them, or leave image.tag at the chart's default"
{{- end }}
{{- if and .digest (not (regexMatch "^sha256:[0-9a-f]{64}$" .digest)) }}
- "image.digest must be sha256: and 64 hexadecimal digits: copy it from the registry, or use image.tag"
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.listenerProblems" -}}
{{- $ports := dict (toString (int64 .Values.sidePort.port)) "sidePort" }}
{{- $servicePorts := dict }}
{{- $nodePorts := dict }}
{{- $unprivileged := int64 (default "1024" (get .Values.sysctls.values "net.ipv4.ip_unprivileged_port_start")) }}
{{- range $name, $listener := .Values.listeners }}
{{- $port := int64 $listener.port }}
{{- if or (eq $name "http") (gt (len $name) 15) (not (regexMatch "^[a-z][a-z0-9]*(-[a-z0-9]+)*$" $name)) }}
- {{ printf "listeners.%s is also the name of a port: use lower case letters, digits and single dashes, 15 at most, and not http" $name | quote }}
{{- end }}
{{- with get $ports (toString $port) }}
- {{ printf "listeners.%s.port %d is also the port of %s: give each its own port" $name $port . | quote }}
{{- end }}
{{- $_ := set $ports (toString $port) (printf "listeners.%s" $name) }}
{{- $servicePort := include "tcp-echo.servicePort" $listener }}
{{- with get $servicePorts $servicePort }}
- {{ printf "the Service would have port %s twice, for listeners.%s and %s: set servicePort of one to another port" $servicePort $name . | quote }}
{{- end }}
{{- $_ := set $servicePorts $servicePort (printf "listeners.%s" $name) }}
{{- if $listener.nodePort }}
{{- $nodePort := toString (int64 $listener.nodePort) }}
{{- with get $nodePorts $nodePort }}
- {{ printf "listeners.%s.nodePort %s is also that of %s: give each its own, or none" $name $nodePort . | quote }}
{{- end }}
{{- $_ := set $nodePorts $nodePort (printf "listeners.%s" $name) }}
{{- end }}
{{- if lt $port $unprivileged }}
- {{ printf "listeners.%s.port %d is privileged and the container has no capabilities: use a port from 1024 and servicePort: %d, or set sysctls.values.net.ipv4.ip_unprivileged_port_start" $name $port $port | quote }}
{{- end }}
{{- if and (gt (int64 (default 1 $listener.acceptShards)) 1) (eq (toString (get (default dict $listener.socket) "reusePort")) "false") }}
- {{ printf "listeners.%s.acceptShards %d shares the port between sockets: set listeners.%s.socket.reusePort to true or null" $name (int64 $listener.acceptShards) $name | quote }}
{{- end }}
{{- range $key := list "tcpKeepAliveIdle" "tcpKeepAliveInterval" "tcpLinger2" }}
{{- $value := get (default dict $listener.socket) $key }}
{{- $millis := include "tcp-echo.millis" $value | int64 }}
{{- if and (include "tcp-echo.isDuration" $value) (or (eq $millis 0) (gt $millis 32767000) (ne (mod $millis 1000) 0)) }}
- {{ printf "listeners.%s.socket.%s must be whole seconds from 1s to 32767s, the kernel's limit" $name $key | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.durationProblems" -}}
{{- $durations := dict
    "shutdown.drainDelay" .Values.shutdown.drainDelay
    "shutdown.drainTimeout" .Values.shutdown.drainTimeout
    "shutdown.preStopSleep" .Values.shutdown.preStopSleep
    "shutdown.margin" .Values.shutdown.margin
    "monitoring.serviceMonitor.interval" .Values.monitoring.serviceMonitor.interval
    "monitoring.podMonitor.interval" .Values.monitoring.podMonitor.interval }}
{{- range $name, $listener := .Values.listeners }}
{{- range $key := list "idleTimeout" "writeStallTimeout" "lingerTimeout" }}
{{- $_ := set $durations (printf "listeners.%s.%s" $name $key) (get $listener $key) }}
{{- end }}
{{- range $key := list "tcpKeepAliveIdle" "tcpKeepAliveInterval" "tcpUserTimeout" "tcpDeferAccept" "soLinger" "tcpLinger2" }}
{{- $_ := set $durations (printf "listeners.%s.socket.%s" $name $key) (get (default dict $listener.socket) $key) }}
{{- end }}
{{- end }}
{{- range $name, $listener := .Values.listeners }}
{{- range $key := list "writeStallTimeout" "lingerTimeout" }}
{{- if and (get $listener $key) (include "tcp-echo.isDuration" (get $listener $key)) (eq (include "tcp-echo.millis" (get $listener $key)) "0") }}
- {{ printf "listeners.%s.%s cannot be turned off: set it to 1ms or more, or null" $name $key | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- range $key, $value := $durations }}
{{- if and $value (not (include "tcp-echo.isDuration" $value)) }}
- {{ printf "%s is %q: write a whole number and one unit, like 500ms, 10s, 5m or 1h" $key $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.shutdownProblems" -}}
{{- $needed := include "tcp-echo.shutdownSeconds" . | int64 }}
{{- $given := include "tcp-echo.gracePeriod" . | int64 }}
{{- if lt $given $needed }}
- {{ printf "shutdown.terminationGracePeriodSeconds %d would kill connections that may still finish: set it to %d or more, leave it null, or shorten drainDelay, drainTimeout or lingerTimeout" $given $needed | quote }}
{{- end }}
{{- if ne (mod (include "tcp-echo.millis" .Values.shutdown.preStopSleep | int64) 1000) 0 }}
- "shutdown.preStopSleep must be whole seconds: Kubernetes sleeps no fractions"
{{- end }}
{{- end }}

{{- define "tcp-echo.serviceProblems" -}}
{{- $type := .Values.service.type }}
{{- if ne $type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerSourceRanges" }}
{{- if get $.Values.service $key }}
- {{ printf "service.%s has no effect on type %s: set service.type to LoadBalancer or remove it" $key $type | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if eq $type "ClusterIP" }}
{{- if .Values.service.externalTrafficPolicy }}
- "service.externalTrafficPolicy has no effect on type ClusterIP: set service.type to LoadBalancer or NodePort, or remove it"
{{- end }}
{{- range $name, $listener := .Values.listeners }}
{{- if $listener.nodePort }}
- {{ printf "listeners.%s.nodePort has no effect on type ClusterIP: set service.type to NodePort or LoadBalancer, or remove it" $name | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.routeProblems" -}}
{{- if .Values.tcpRoute.enabled }}
{{- if not .Values.tcpRoute.parentRefs }}
- "tcpRoute.enabled needs a Gateway: add its name to tcpRoute.parentRefs"
{{- end }}
{{- range .Values.tcpRoute.parentRefs }}
{{- $listener := default "default" .listener }}
{{- if not (hasKey $.Values.listeners $listener) }}
- {{ printf "tcpRoute.parentRefs names the listener %s, which is not in listeners: use one of %s" $listener (keys $.Values.listeners | sortAlpha | join ", ") | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.sysctlProblems" -}}
{{- $safe := .Files.Get "files/safe-sysctls.yaml" | fromYaml }}
{{- $version := .Capabilities.KubeVersion.Version }}
{{- range $name, $value := .Values.sysctls.values }}
{{- $since := get $safe $name }}
{{- if has $name (list "net.core.rmem_max" "net.core.wmem_max") }}
- {{ printf "sysctls.values.%s belongs to the node, not to a pod: set it on the node and remove it here" $name | quote }}
{{- else if not $.Values.sysctls.allowUnsafe }}
{{- if not $since }}
- {{ printf "sysctls.values.%s is not on the kubelet's safe list: remove it, or set sysctls.allowUnsafe to true and allow it on the nodes with --allowed-unsafe-sysctls" $name | quote }}
{{- else if not (semverCompare (printf ">=%s-0" $since) $version) }}
- {{ printf "sysctls.values.%s is on the kubelet's safe list since Kubernetes %s and this cluster is %s: remove it, or set sysctls.allowUnsafe to true and allow it on the nodes with --allowed-unsafe-sysctls" $name $since $version | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.availabilityProblems" -}}
{{- with .Values.autoscaling }}
{{- if and .enabled (gt (int64 .minReplicas) (int64 .maxReplicas)) }}
- "autoscaling.minReplicas is larger than autoscaling.maxReplicas: swap or raise them"
{{- end }}
{{- end }}
{{- $budget := .Values.podDisruptionBudget }}
{{- if $budget.enabled }}
{{- $most := toString $budget.maxUnavailable }}
{{- $least := toString $budget.minAvailable }}
{{- $hasMost := not (kindIs "invalid" $budget.maxUnavailable) }}
{{- $hasLeast := not (kindIs "invalid" $budget.minAvailable) }}
{{- $pods := include "tcp-echo.fewestPods" . | int64 }}
{{- range $key := list "maxUnavailable" "minAvailable" }}
{{- if not (regexMatch "^([0-9]+|[0-9]{1,2}%|100%|<nil>)$" (toString (index $budget $key))) }}
- {{ printf "podDisruptionBudget.%s is %q: write a number of pods or a percentage like 50%%" $key (toString (index $budget $key)) | quote }}
{{- end }}
{{- end }}
{{- if and $hasMost $hasLeast }}
- "podDisruptionBudget has both maxUnavailable and minAvailable: set one of them to null"
{{- else if not (or $hasMost $hasLeast) }}
- "podDisruptionBudget has neither maxUnavailable nor minAvailable: set one of them, or enabled to false"
{{- else if regexMatch "^0+%?$" $most }}
- {{ printf "podDisruptionBudget.maxUnavailable %s blocks node drains for ever: set it to 1 or more" $most | quote }}
{{- else if $hasLeast }}
{{- $stay := int64 (trimSuffix "%" $least) }}
{{- if hasSuffix "%" $least }}
{{- $stay = div (add (mul $stay $pods) 99) 100 }}
{{- end }}
{{- if ge $stay $pods }}
- {{ printf "podDisruptionBudget.minAvailable %s blocks node drains with %d pods: lower it, or run more pods" $least $pods | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.monitoringProblems" -}}
{{- with .Values.monitoring }}
{{- if and .serviceMonitor.enabled .podMonitor.enabled }}
- "monitoring has both serviceMonitor and podMonitor enabled, which stores every sample twice: disable one of them"
{{- end }}
{{- end }}
{{- end }}
