/**
 * What a message says: which alert of which service, since when, how bad, and where to read on. Nothing of it comes from
 * outside of the alert, so a message holds no secret unless a label or an annotation does.
 */
export const messageTemplates = `{{ define "twofold.title" -}}
[{{ if eq .Status "firing" }}{{ or .CommonLabels.severity "alert" | toUpper }}{{ else }}RESOLVED{{ end }}] {{ .GroupLabels.alertname }}
{{- with .GroupLabels.service }} of {{ . }}{{ end }}{{ with .GroupLabels.system }} in {{ . }}{{ end }}
{{- end }}

{{ define "twofold.alert" -}}
{{ if eq .Status "resolved" }}Over: {{ end }}{{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "15:04:05 UTC" }}{{ end }}
{{- with .Annotations.runbook_url }}
Runbook: {{ . }}{{ end }}
{{- with .Annotations.dashboard_url }}
Dashboard: {{ . }}{{ end }}
{{ end }}

{{ define "twofold.text" }}{{ range .Alerts }}{{ template "twofold.alert" . }}
{{ end }}{{ end }}

{{ define "twofold.message" }}{{ template "twofold.title" . }}
{{ template "twofold.text" . }}{{ end }}
`;
