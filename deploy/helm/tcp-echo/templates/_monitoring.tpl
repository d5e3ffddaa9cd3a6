{{- /* A monitor selects in its own namespace unless it is told another. */}}
{{- define "tcp-echo.monitoredNamespace" -}}
{{- $own := include "tcp-echo.namespace" .root }}
{{- if ne (default $own .monitor.namespace) $own -}}
namespaceSelector:
  matchNames:
    - {{ $own | quote }}
{{- end }}
{{- end }}

{{- define "tcp-echo.scrape" -}}
- port: http
  path: /q/metrics
  interval: {{ .interval | quote }}
  {{- with .scrapeTimeout }}
  scrapeTimeout: {{ . | quote }}
  {{- end }}
  {{- if .honorLabels }}
  honorLabels: true
  {{- end }}
  {{- with .relabelings }}
  relabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- /* The alerts of files/alerts.yaml, for this release alone: each metric is selected by the labels of its targets. */}}
{{- define "tcp-echo.alerts" -}}
{{- $of := printf "namespace=%q,app_kubernetes_io_name=%q,app_kubernetes_io_instance=%q" (include "tcp-echo.namespace" .) (include "tcp-echo.name" .) .Release.Name }}
{{- $severity := default dict .Values.monitoring.prometheusRule.severity }}
{{- $metric := "\\b(up|(?:echo|process)_[a-z_]+)\\b" }}
{{- $groups := list }}
{{- range (.Files.Get "files/alerts.yaml" | fromYaml).groups }}
{{- $rules := list }}
{{- range .rules }}
{{- $expr := regexReplaceAll (printf "%s\\{" $metric) .expr "${1}§" }}
{{- $expr = regexReplaceAll (printf "%s([^§]|$)" $metric) $expr (printf "${1}{%s}${2}" $of) }}
{{- $expr = replace "§" (printf "{%s," $of) $expr }}
{{- $level := get $severity .labels.severity | default .labels.severity }}
{{- $labels := dict "severity" (get $severity .alert | default $level) }}
{{- $rules = append $rules (merge (dict "expr" $expr "labels" $labels) .) }}
{{- end }}
{{- $groups = append $groups (dict "name" .name "rules" $rules) }}
{{- end }}
{{- toYaml $groups }}
{{- end }}
