{{- /* Everything that the schema cannot say, all of it at once. */}}
{{- define "tcp-echo.validate" -}}
{{- $problems := list }}
{{- range list "name" "image" "listener" "duration" "shutdown" "service" "route" "sysctl" "network" "container" "restricted" "resource" "availability" "monitoring" "config" }}
{{- $problems = concat $problems (include (printf "tcp-echo.%sProblems" .) $ | fromYamlArray) }}
{{- end }}
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

{{- define "tcp-echo.nameProblems" -}}
{{- if not (regexMatch "^([a-z]([-a-z0-9]{0,50}[a-z0-9])?)?$" (default "" .Values.fullnameOverride)) }}
- {{ printf "fullnameOverride %q cannot be the name of a Service: use lower case letters, digits and dashes, 52 at most, a letter first and no dash last" .Values.fullnameOverride | quote }}
{{- end }}
{{- if not (regexMatch "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$" (default "" .Values.namespaceOverride)) }}
- {{ printf "namespaceOverride %q cannot be the name of a namespace: use lower case letters, digits and dashes, 63 at most" .Values.namespaceOverride | quote }}
{{- end }}
{{- $selectors := include "tcp-echo.selectorLabels" . | fromYaml }}
{{- range $where := list "labels" "podLabels" }}
{{- range $key, $value := get $.Values $where }}
{{- if hasKey $selectors $key }}
- {{ printf "%s.%s is one of the labels by which Services, budget and policy find the pods: remove it, or set nameOverride" $where $key | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.imageProblems" -}}
{{- with .Values.image }}
{{- if and .digest (not (regexMatch "^sha256:[0-9a-f]{64}$" .digest)) }}
- "image.digest must be sha256: and 64 hexadecimal digits: copy it from the registry, or use image.tag"
{{- end }}
{{- if and .tag (not (regexMatch "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$" .tag)) }}
- {{ printf "image.tag %q cannot be a tag: use letters, digits, dots, dashes and underscores, or leave it empty for the chart's appVersion" .tag | quote }}
{{- end }}
{{- if not (regexMatch "^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$" .repository) }}
- {{ printf "image.repository %q cannot be a repository: write it without scheme, tag and digest, like registry.example.com/team/tcp-echo" .repository | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.listenerProblems" -}}
{{- $ports := dict (toString (int64 .Values.sidePort.port)) "sidePort" }}
{{- $servicePorts := dict }}
{{- $nodePorts := dict }}
{{- $sysctls := include "tcp-echo.merged" (list .Values.sysctls.values) | fromYaml }}
{{- $context := default dict .Values.securityContext }}
{{- $added := dig "capabilities" "add" list $context }}
{{- $user := default (dig "runAsUser" 1 (default dict .Values.podSecurityContext)) $context.runAsUser }}
{{- $root := eq (toString $user) "0" }}
{{- $unprivileged := ternary 1 (int64 (default "1024" (get $sysctls "net.ipv4.ip_unprivileged_port_start"))) (and $root (has "NET_BIND_SERVICE" $added)) }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- $socket := default dict $listener.socket }}
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
{{- if and (gt (int64 (default 1 $listener.acceptShards)) 1) (eq (toString (get $socket "reusePort")) "false") }}
- {{ printf "listeners.%s.acceptShards %d shares the port between sockets: set listeners.%s.socket.reusePort to true or null" $name (int64 $listener.acceptShards) $name | quote }}
{{- end }}
{{- if and $listener.trustedProxies (not (has (toString $listener.proxyProtocol) (list "optional" "required"))) }}
- {{ printf "listeners.%s.trustedProxies may send a header that nobody reads: set listeners.%s.proxyProtocol to optional or required, or remove them" $name $name | quote }}
{{- end }}
{{- range $listener.trustedProxies }}
{{- if not (include "tcp-echo.bits" .) }}
- {{ printf "listeners.%s.trustedProxies %q is neither an address nor a range: write one like 10.0.0.0/8, 203.0.113.7 or 2001:db8::/32" $name . | quote }}
{{- end }}
{{- end }}
{{- if and (ne (dig "tls" "clientAuth" "none" $listener) "none") (not (dig "tls" "secretName" "" $listener)) }}
- {{ printf "listeners.%s.tls.clientAuth needs TLS: set listeners.%s.tls.secretName" $name $name | quote }}
{{- end }}
{{- if and (gt (int64 (default 0 $socket.priority)) 6) (not (or (has "NET_ADMIN" $added) (has "NET_RAW" $added))) }}
- {{ printf "listeners.%s.socket.priority %d needs the capability NET_ADMIN or NET_RAW: use 6 or less, or add one to securityContext.capabilities.add" $name (int64 $socket.priority) | quote }}
{{- end }}
{{- if and (not (kindIs "invalid" $socket.mark)) (not (or (has "NET_ADMIN" $added) (has "NET_RAW" $added))) }}
- {{ printf "listeners.%s.socket.mark needs the capability NET_ADMIN or NET_RAW: remove it, or add one to securityContext.capabilities.add and run as root, since only root gets capabilities from Kubernetes" $name | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Each with its path, its bounds and whether it must be set. */}}
{{- define "tcp-echo.durations" -}}
{{- $bounds := .Files.Get "files/durations.yaml" | fromYaml }}
{{- $found := list }}
{{- range $key, $bound := $bounds.shutdown }}
{{- $found = append $found (dict "path" (printf "shutdown.%s" $key) "value" (get $.Values.shutdown $key) "bound" $bound) }}
{{- end }}
{{- range $monitor := list "serviceMonitor" "podMonitor" }}
{{- range $key, $bound := $bounds.monitoring }}
{{- $found = append $found (dict "path" (printf "monitoring.%s.%s" $monitor $key) "value" (get (get $.Values.monitoring $monitor) $key) "bound" $bound) }}
{{- end }}
{{- end }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- range $key, $bound := $bounds.listener }}
{{- $found = append $found (dict "path" (printf "listeners.%s.%s" $name $key) "value" (get $listener $key) "bound" $bound) }}
{{- end }}
{{- range $key, $bound := $bounds.socket }}
{{- $found = append $found (dict "path" (printf "listeners.%s.socket.%s" $name $key) "value" (get (default dict $listener.socket) $key) "bound" $bound) }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}

{{- define "tcp-echo.durationProblems" -}}
{{- range include "tcp-echo.durations" . | fromYamlArray }}
{{- if not (has (toString .value) (list "<nil>" "")) }}
{{- $millis := include "tcp-echo.millis" .value | int64 }}
{{- $least := include "tcp-echo.millis" .bound.least | int64 }}
{{- if not (include "tcp-echo.isDuration" .value) }}
- {{ printf "%s is %q: write a whole number and one unit, like 500ms, 10s, 5m or 1h" .path .value | quote }}
{{- else if and .bound.whole (or (lt $millis $least) (gt $millis (include "tcp-echo.millis" .bound.most | int64)) (ne (mod $millis 1000) 0)) }}
- {{ printf "%s must be whole seconds from %s to %s, not %s" .path .bound.least .bound.most .value | quote }}
{{- else if lt $millis $least }}
- {{ printf "%s cannot be turned off: set it to %s or more, or null" .path .bound.least | quote }}
{{- else if gt $millis (include "tcp-echo.millis" .bound.most | int64) }}
- {{ printf "%s must be from %s to %s, not %s" .path .bound.least .bound.most .value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.shutdownProblems" -}}
{{- $needed := include "tcp-echo.shutdownSeconds" . | int64 }}
{{- $given := include "tcp-echo.gracePeriod" . | int64 }}
{{- if lt $given $needed }}
- {{ printf "shutdown.terminationGracePeriodSeconds %d would kill connections that may still finish: set it to %d or more, leave it null, or shorten drainDelay, drainTimeout or lingerTimeout" $given $needed | quote }}
{{- end }}
{{- end }}

{{- define "tcp-echo.serviceProblems" -}}
{{- $service := .Values.service }}
{{- if ne $service.type "LoadBalancer" }}
{{- range $key := list "loadBalancerClass" "loadBalancerSourceRanges" "loadBalancerIP" "allocateLoadBalancerNodePorts" }}
{{- $value := get $service $key }}
{{- if or $value (kindIs "bool" $value) }}
- {{ printf "service.%s has no effect on type %s: set service.type to LoadBalancer or remove it" $key $service.type | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if eq $service.type "ClusterIP" }}
{{- if $service.externalTrafficPolicy }}
- "service.externalTrafficPolicy has no effect on type ClusterIP: set service.type to LoadBalancer or NodePort, or remove it"
{{- end }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- if $listener.nodePort }}
- {{ printf "listeners.%s.nodePort has no effect on type ClusterIP: set service.type to NodePort or LoadBalancer, or remove it" $name | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $service.sessionAffinityTimeoutSeconds (ne (toString $service.sessionAffinity) "ClientIP") }}
- "service.sessionAffinityTimeoutSeconds has no effect without affinity: set service.sessionAffinity to ClientIP, or remove it"
{{- end }}
{{- if and (eq (len (default list $service.ipFamilies)) 2) (has (toString $service.ipFamilyPolicy) (list "SingleStack" "<nil>" "")) }}
- "service.ipFamilies names two families: set service.ipFamilyPolicy to PreferDualStack or RequireDualStack, or name one"
{{- end }}
{{- with $service.loadBalancerIP }}
{{- if contains "/" . | or (not (include "tcp-echo.bits" .)) }}
- {{ printf "service.loadBalancerIP %q is no address: write one like 203.0.113.7 or 2001:db8::7" . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.routeProblems" -}}
{{- if .Values.tcpRoute.enabled }}
{{- $listeners := include "tcp-echo.listeners" . | fromYaml }}
{{- if not .Values.tcpRoute.parentRefs }}
- "tcpRoute.enabled needs a Gateway: add its name to tcpRoute.parentRefs"
{{- end }}
{{- range .Values.tcpRoute.parentRefs }}
{{- $listener := default "default" .listener }}
{{- if not (hasKey $listeners $listener) }}
- {{ printf "tcpRoute.parentRefs names the listener %s, which is not in listeners: use one of %s" $listener (keys $listeners | sortAlpha | join ", ") | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.sysctlProblems" -}}
{{- $safe := .Files.Get "files/safe-sysctls.yaml" | fromYaml }}
{{- $version := .Capabilities.KubeVersion.Version }}
{{- range $name, $value := include "tcp-echo.merged" (list .Values.sysctls.values) | fromYaml }}
{{- $since := get $safe $name }}
{{- if has $name (list "net.core.rmem_max" "net.core.wmem_max") }}
- {{ printf "sysctls.values.%s belongs to the node, not to a pod: set it on the node and remove it here" $name | quote }}
{{- else if and $.Values.hostNetwork (hasPrefix "net." $name) }}
- {{ printf "sysctls.values.%s belongs to the node while hostNetwork is on: set it on the node and remove it here" $name | quote }}
{{- else if not $.Values.sysctls.allowUnsafe }}
{{- if not $since }}
- {{ printf "sysctls.values.%s is not on the kubelet's safe list: remove it, or set sysctls.allowUnsafe to true and allow it on the nodes with --allowed-unsafe-sysctls" $name | quote }}
{{- else if not (semverCompare (printf ">=%s-0" $since) $version) }}
- {{ printf "sysctls.values.%s is on the kubelet's safe list since Kubernetes %s and this cluster is %s: remove it, or set sysctls.allowUnsafe to true and allow it on the nodes with --allowed-unsafe-sysctls" $name $since $version | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The bits of an address as a string of 0 and 1, 32 or 128 long; of a range those of its prefix. Empty for what is
       neither. */}}
{{- define "tcp-echo.bits" -}}
{{- $address := regexFind "^[^/]*" . }}
{{- $bits := "" }}
{{- if regexMatch "^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$" $address }}
{{- range splitList "." $address }}
{{- $bits = printf "%s%08b" $bits (int64 .) }}
{{- end }}
{{- else if regexMatch "^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$" $address | and (not (contains ":::" $address)) (le (len (splitList "::" $address)) 2) }}
{{- $halves := splitList "::" $address }}
{{- $head := splitList ":" (first $halves) | compact }}
{{- $tail := splitList ":" (rest $halves | join "") | compact }}
{{- $absent := int (sub 8 (add (len $head) (len $tail))) }}
{{- $colons := regexMatch "(^:[^:]|[^:]:$)" $address }}
{{- if and (not $colons) (ternary (ge $absent 1) (eq $absent 0) (contains "::" $address)) (not (regexMatch "[0-9A-Fa-f]{5}" $address)) }}
{{- $middle := list }}
{{- range until $absent }}{{- $middle = append $middle "0" }}{{- end }}
{{- range concat $head $middle $tail }}
{{- $bits = printf "%s%016b" $bits (printf "0x%s" . | int64) }}
{{- end }}
{{- end }}
{{- end }}
{{- if contains "/" . }}
{{- $length := regexFind "/.*$" . | trimPrefix "/" }}
{{- if and $bits (regexMatch "^(0|[1-9][0-9]{0,2})$" $length) (le (int $length) (len $bits)) -}}
/{{ trunc (int $length) $bits }}
{{- end }}
{{- else }}
{{- $bits }}
{{- end }}
{{- end }}

{{- /* From path and value to a sentence where the value is no address range. */}}
{{- define "tcp-echo.rangeProblem" -}}
{{- if not (and (contains "/" .value) (include "tcp-echo.bits" .value)) }}
- {{ printf "%s %q is no address range: write one like 10.0.0.0/8, 203.0.113.7/32 or 2001:db8::/32" .path .value | quote }}
{{- end }}
{{- end }}

{{- define "tcp-echo.networkProblems" -}}
{{- range .Values.service.loadBalancerSourceRanges }}
{{- include "tcp-echo.rangeProblem" (dict "path" "service.loadBalancerSourceRanges" "value" .) }}
{{- end }}
{{- $egress := list }}
{{- range .Values.networkPolicy.egress }}
{{- $egress = concat $egress (default list .to) }}
{{- end }}
{{- range $where, $peers := dict "echoFrom" .Values.networkPolicy.echoFrom "sidePortFrom" .Values.networkPolicy.sidePortFrom "egress" $egress }}
{{- range $peers }}
{{- with .ipBlock }}
{{- include "tcp-echo.rangeProblem" (dict "path" (printf "networkPolicy.%s: cidr" $where) "value" .cidr) }}
{{- $outer := include "tcp-echo.bits" .cidr }}
{{- $family := contains ":" .cidr }}
{{- $cidr := .cidr }}
{{- range .except }}
{{- include "tcp-echo.rangeProblem" (dict "path" (printf "networkPolicy.%s: except" $where) "value" .) }}
{{- $inner := include "tcp-echo.bits" . }}
{{- if and $outer $inner (or (ne $family (contains ":" .)) (not (hasPrefix $outer $inner)) (eq $outer $inner)) }}
- {{ printf "networkPolicy.%s: except %s must be a smaller range within %s" $where . $cidr | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.hostNetwork }}
{{- $ports := dict "sidePort" .Values.sidePort.port }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- $_ := set $ports (printf "listeners.%s" $name) $listener.port }}
{{- end }}
{{- range $name, $port := $ports }}
{{- $port = int64 $port }}
{{- if or (has $port (list 22 111 179 2379 2380 6443 9099 9100)) (and (ge $port 10248) (le $port 10260)) (and (ge $port 30000) (le $port 32767)) }}
- {{ printf "%s.port %d belongs to a node's own services while hostNetwork is on (kubelet, API server, etcd, ssh, node ports 30000 to 32767): use another port" $name $port | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Names that would stand twice in a pod. */}}
{{- define "tcp-echo.containerProblems" -}}
{{- $seen := dict "tcp-echo" "the service's own container" }}
{{- range $where := list "initContainers" "sidecars" }}
{{- range get $.Values $where }}
{{- with get $seen .name }}
- {{ printf "%s has the name of %s: give each container its own" $where . | quote }}
{{- end }}
{{- $_ := set $seen .name $where }}
{{- end }}
{{- end }}
{{- $volumes := dict "config" true "tmp" true }}
{{- range $name, $listener := include "tcp-echo.listeners" . | fromYaml }}
{{- if dig "tls" "secretName" "" $listener }}
{{- $_ := set $volumes (printf "tls-%s" $name) true }}
{{- end }}
{{- end }}
{{- range .Values.extraVolumes }}
{{- if hasKey $volumes .name }}
- {{ printf "extraVolumes has the name %s twice, or it is one of the chart's own (config, tmp): use another" .name | quote }}
{{- end }}
{{- $_ := set $volumes .name true }}
{{- end }}
{{- $paths := dict "/deployments/config" true "/tmp" true }}
{{- range .Values.extraVolumeMounts }}
{{- if not (hasKey $volumes .name) }}
- {{ printf "extraVolumeMounts names the volume %s, which is not in extraVolumes: add it there" .name | quote }}
{{- end }}
{{- if hasKey $paths (trimSuffix "/" .mountPath) }}
- {{ printf "extraVolumeMounts has the path %s twice, or it is one of the chart's own (/deployments/config, /tmp): use another" .mountPath | quote }}
{{- end }}
{{- $_ := set $paths (trimSuffix "/" .mountPath) true }}
{{- end }}
{{- $variables := dict }}
{{- range .Values.extraEnv }}
{{- if hasKey $variables .name }}
- {{ printf "extraEnv has %s twice, or it is one of the chart's own: remove it" .name | quote }}
{{- end }}
{{- $_ := set $variables .name true }}
{{- end }}
{{- end }}

{{- /* What Pod Security "restricted" would refuse. */}}
{{- define "tcp-echo.restrictedProblems" -}}
{{- if not .Values.allowUnrestricted }}
{{- $found := list }}
{{- $pod := include "tcp-echo.withoutNulls" .Values.podSecurityContext | fromYaml }}
{{- if .Values.hostNetwork }}
{{- $found = append $found "hostNetwork puts the pods into the node's network" }}
{{- end }}
{{- range .Values.extraVolumes }}
{{- $type := omit . "name" | keys | join ", " }}
{{- if not (has $type (list "" "configMap" "csi" "downwardAPI" "emptyDir" "ephemeral" "persistentVolumeClaim" "projected" "secret")) }}
{{- $found = append $found (printf "extraVolumes: %s is of the type %s" .name $type) }}
{{- end }}
{{- end }}
{{- $found = concat $found (include "tcp-echo.looseContext" (dict "path" "podSecurityContext" "context" $pod) | fromYamlArray) }}
{{- $own := include "tcp-echo.withoutNulls" .Values.securityContext | fromYaml }}
{{- $containers := list (dict "path" "securityContext" "context" $own "ports" list) }}
{{- range $where := list "initContainers" "sidecars" }}
{{- range get $.Values $where }}
{{- $context := include "tcp-echo.merged" (list $own .securityContext) | fromYaml }}
{{- $containers = append $containers (dict "path" (printf "%s: securityContext of %s" $where .name) "context" $context "ports" (default list .ports)) }}
{{- end }}
{{- end }}
{{- range $containers }}
{{- $path := .path }}
{{- $context := .context }}
{{- $found = concat $found (include "tcp-echo.looseContext" . | fromYamlArray) }}
{{- if ne (toString $context.allowPrivilegeEscalation) "false" }}
{{- $found = append $found (printf "%s.allowPrivilegeEscalation is not false" $path) }}
{{- end }}
{{- if $context.privileged }}
{{- $found = append $found (printf "%s.privileged is true" $path) }}
{{- end }}
{{- if not (has "ALL" (dig "capabilities" "drop" list $context)) }}
{{- $found = append $found (printf "%s.capabilities.drop is without ALL" $path) }}
{{- end }}
{{- range without (dig "capabilities" "add" list $context) "NET_BIND_SERVICE" }}
{{- $found = append $found (printf "%s.capabilities.add has %s" $path .) }}
{{- end }}
{{- if not (has (default "Default" $context.procMount) (list "Default")) }}
{{- $found = append $found (printf "%s.procMount is %s" $path $context.procMount) }}
{{- end }}
{{- if ne (hasKey $context "runAsNonRoot" | ternary $context.runAsNonRoot $pod.runAsNonRoot | toString) "true" }}
{{- $found = append $found (printf "%s.runAsNonRoot is not true" $path) }}
{{- end }}
{{- if not (or (dig "seccompProfile" "type" "" $context) (dig "seccompProfile" "type" "" $pod)) }}
{{- $found = append $found (printf "%s.seccompProfile is unset, in podSecurityContext too" $path) }}
{{- end }}
{{- range .ports }}
{{- if .hostPort }}
{{- $found = append $found (printf "%s: hostPort %d" $path (int64 .hostPort)) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $found | uniq }}
- {{ printf "%s, which Pod Security restricted refuses: undo it, or set allowUnrestricted to true" . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What pods and containers share. */}}
{{- define "tcp-echo.looseContext" -}}
{{- $path := .path }}
{{- with .context }}
{{- if eq (toString .runAsUser) "0" }}
- {{ printf "%s.runAsUser is 0, root" $path | quote }}
{{- end }}
{{- if eq (toString .runAsNonRoot) "false" }}
- {{ printf "%s.runAsNonRoot is false" $path | quote }}
{{- end }}
{{- range $profile := list "seccompProfile" "appArmorProfile" }}
{{- if eq (dig $profile "type" "" $.context) "Unconfined" }}
- {{ printf "%s.%s is Unconfined" $path $profile | quote }}
{{- end }}
{{- end }}
{{- with .seLinuxOptions }}
{{- if or .user .role (not (has (default "container_t" .type) (list "container_t" "container_init_t" "container_kvm_t" "container_engine_t"))) }}
- {{ printf "%s.seLinuxOptions has a user, a role or a type of its own" $path | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A quantity as a number. */}}
{{- define "tcp-echo.amount" -}}
{{- $units := dict "n" 1e-9 "u" 1e-6 "m" 1e-3 "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18
    "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 }}
{{- $text := toString . }}
{{- $unit := regexFind "(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)$" $text }}
{{- mulf (trimSuffix $unit $text | float64) (get $units $unit) }}
{{- end }}

{{- define "tcp-echo.resourceProblems" -}}
{{- $resources := include "tcp-echo.withoutNulls" .Values.resources | fromYaml }}
{{- range $resource := list "cpu" "memory" "ephemeral-storage" }}
{{- range $kind := list "requests" "limits" }}
{{- $value := dig $kind $resource "" $resources }}
{{- if and (ne $resource "cpu") (ne (toString $value) "") (lt (include "tcp-echo.amount" $value | float64) 1048576.0) }}
- {{ printf "resources.%s.%s %s is less than a mebibyte: write a number of bytes like 128Mi" $kind $resource (toString $value) | quote }}
{{- end }}
{{- end }}
{{- $request := dig "requests" $resource "" $resources }}
{{- $limit := dig "limits" $resource "" $resources }}
{{- if and (ne (toString $request) "") (ne (toString $limit) "") (gt (include "tcp-echo.amount" $request | float64) (include "tcp-echo.amount" $limit | float64)) }}
- {{ printf "resources.requests.%s %s is more than resources.limits.%s %s: lower the request or raise the limit" $resource (toString $request) $resource (toString $limit) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "tcp-echo.availabilityProblems" -}}
{{- $resources := include "tcp-echo.withoutNulls" .Values.resources | fromYaml }}
{{- with .Values.autoscaling }}
{{- if .enabled }}
{{- if gt (int64 .minReplicas) (int64 .maxReplicas) }}
- "autoscaling.minReplicas is larger than autoscaling.maxReplicas: swap or raise them"
{{- end }}
{{- if not (or .targetCPUUtilizationPercentage .targetMemoryUtilizationPercentage .metrics) }}
- "autoscaling has no metric: set autoscaling.targetCPUUtilizationPercentage, targetMemoryUtilizationPercentage or metrics"
{{- end }}
{{- range $resource, $percent := dict "cpu" .targetCPUUtilizationPercentage "memory" .targetMemoryUtilizationPercentage }}
{{- $asked := dig "requests" $resource (dig "limits" $resource "0" $resources) $resources }}
{{- if and $percent (eq (include "tcp-echo.amount" $asked | float64) 0.0) }}
- {{ printf "autoscaling measures %s as a share of the request, and there is none: set resources.requests.%s" $resource $resource | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.updateStrategy }}
{{- $surge := dig "rollingUpdate" "maxSurge" "25%" . | toString }}
{{- $missing := dig "rollingUpdate" "maxUnavailable" "25%" . | toString }}
{{- range $key, $value := dict "maxSurge" $surge "maxUnavailable" $missing }}
{{- if not (regexMatch "^([0-9]+|[0-9]{1,2}%|100%|<nil>)$" $value) }}
- {{ printf "updateStrategy.rollingUpdate.%s is %q: write a number of pods or a percentage like 50%%" $key $value | quote }}
{{- end }}
{{- end }}
{{- if and (eq .type "RollingUpdate") (regexMatch "^0+%?$" $surge) (regexMatch "^0+%?$" $missing) }}
- "updateStrategy.rollingUpdate has maxSurge and maxUnavailable 0, which replaces no pod: set one of them to 1 or more"
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
{{- range $name := list "serviceMonitor" "podMonitor" }}
{{- $monitor := get $.Values.monitoring $name }}
{{- if and $monitor.scrapeTimeout (gt (include "tcp-echo.millis" $monitor.scrapeTimeout | int64) (include "tcp-echo.millis" $monitor.interval | int64)) }}
- {{ printf "monitoring.%s.scrapeTimeout %s is longer than its interval %s, which the Prometheus operator refuses: shorten it" $name $monitor.scrapeTimeout $monitor.interval | quote }}
{{- end }}
{{- end }}
{{- $known := list "critical" "warning" "info" }}
{{- range ($.Files.Get "files/alerts.yaml" | fromYaml).groups }}
{{- range .rules }}
{{- $known = append $known .alert }}
{{- end }}
{{- end }}
{{- range $name, $level := .prometheusRule.severity }}
{{- if not (has $name $known) }}
- {{ printf "monitoring.prometheusRule.severity.%s is neither a severity nor an alert of this chart: use one of %s" $name (join ", " $known) | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What the chart computes other things from must not be said a second time, where it would win. */}}
{{- define "tcp-echo.configProblems" -}}
{{- $own := dict }}
{{- range include "tcp-echo.ownConfig" . | splitList "\n" }}
{{- $_ := set $own (regexFind "^[^=]*" .) true }}
{{- end }}
{{- range splitList "\n" (default "" .Values.extraConfig) }}
{{- $key := regexFind "^[^=:]*" . | trim }}
{{- if hasKey $own $key }}
- {{ printf "extraConfig sets %s, which the chart has set: use the value that it comes from" $key | quote }}
{{- end }}
{{- end }}
{{- end }}
