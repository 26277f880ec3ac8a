# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with run and the other parts
# What is done to Narthex on the cluster, step by step, and what must come of it.

release=narthex # the namespace of the release, too
app=shop
volume=main
note=''

build_applications() {
  [[ $build && ! $native ]] || return 0
  "$project/mvnw" -q -T1 -f "$project/pom.xml" package -Dmaven.test.skip=true -Dquick -pl runtime/server,operator -am
}

load_images() {
  # shellcheck disable=SC2086 # an option or nothing
  "$here/images" $native >"$logs/images.log" 2>&1 || { cat "$logs/images.log" >&2; return 1; }
  cluster_load "$project/target/images/runtime.tar" || return 1
  cluster_load "$project/target/images/operator.tar"
}

# A namespace in which the API server takes no pod that has a right too many.
namespace() {
  k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Namespace
metadata:
  name: $1
  labels: {pod-security.kubernetes.io/enforce: restricted}
YAML
}

install_chart() {
  namespace "$release" || return 1
  "$here/helm" install "$release" "$project/helm/narthex" --namespace "$release" --wait --timeout 3m \
    --set storageVolume.spec.size=1Gi --set storageVolume.spec.scrapeInterval=5s \
    --set annotatedPods.endpoint.interval=5s >"$logs/helm.log" 2>&1 || { cat "$logs/helm.log" >&2; return 1; }
}

ready() { # kind/name namespace
  k -n "$2" get "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -qx True
}

storage_ready() {
  until_true 180 "storagevolume/$volume Ready" ready "storagevolume/$volume" "$release"
}

may() { k auth can-i --as="system:serviceaccount:$1" "${@:2}" >/dev/null 2>&1; }

# Rights are proven by what works; this is what must not.
operator_rights() {
  local account
  account=$release:$(k -n "$release" get deployment -l app.kubernetes.io/name=narthex-operator \
    -o 'jsonpath={.items[0].spec.template.spec.serviceAccountName}') || return 1
  may "$account" list storagevolumes.monitoring.narthex.dev --all-namespaces || fail "$account may not list StorageVolumes" || return 1
  ! may "$account" '*' '*' --all-namespaces || fail "$account may do everything" || return 1
  ! may "$account" create pods --all-namespaces || fail "$account may create pods" || return 1
  ! may "$account" delete namespaces || fail "$account may delete namespaces" || return 1
  ! may "$account" create storagevolumes.monitoring.narthex.dev --all-namespaces || fail "$account may create StorageVolumes" || return 1
  ! may "$account" escalate clusterroles || fail "$account may give itself any right"
}

server_account() {
  k -n "$release" get "$(server_set)" -o 'jsonpath={.spec.template.spec.serviceAccountName}'
}

server_rights() {
  local account
  account=$release:$(server_account) || return 1
  may "$account" list pods --all-namespaces || fail "$account may not list pods" || return 1
  ! may "$account" get secrets/elsewhere -n "$app" || fail "$account may read Secrets of $app" || return 1
  ! may "$account" list secrets -n "$release" || fail "$account may list Secrets of $release" || return 1
  ! may "$account" create pods -n "$release" || fail "$account may create pods"
}

apply_resources() {
  local applied
  namespace "$app" || return 1
  applied=$(now_ms)
  k -n "$app" apply -f "$project/examples/kubernetes/2-webhook.yaml" -f "$project/examples/kubernetes/3-alerts.yaml" \
    -f "$project/examples/kubernetes/4-receiver.yaml" >/dev/null || return 1
  until_true 60 'alertrule/demo Ready' ready alertrule/demo "$app" || return 1
  until_true 60 'receiver/webhook Ready' ready receiver/webhook "$app" || return 1
  note="apply to both resources Ready $(seconds_since "$applied") s"
  k -n "$app" rollout status deployment/webhook --timeout=90s >/dev/null || fail 'the webhook pod does not become ready'
}

# ---------------------------------------------------------------- queries

urlencode() {
  local text=$1 i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in
      [a-zA-Z0-9.~_-]) printf '%s' "$c" ;;
      *) printf '%%%02X' "'$c" ;;
    esac
  done
}

# query EXPRESSION [TIME]: the answer of the server, asked through the API server
query() {
  k get --raw "/api/v1/namespaces/$release/services/$volume:9090/proxy/api/v1/query?query=$(urlencode "$1")${2:+&time=$2}"
}

# value EXPRESSION [TIME]: the value of its first series, nothing where there is none
value() { query "$@" | sed -nE 's/.*"value":\[[^,]*,"([^"]*)"\].*/\1/p'; }

is() { [[ $(value "$1") == "$2" ]]; }
some() { [[ $(value "$1") ]]; }

# ---------------------------------------------------------------- scraping

annotated_scraped() {
  local begun_ms=$(($(now_ms))) pod_ready
  k -n "$app" apply -f "$project/examples/kubernetes/1-demo.yaml" >/dev/null || return 1
  k -n "$app" rollout status deployment/demo --timeout=90s >/dev/null || fail 'the demo pod does not become ready' || return 1
  pod_ready=$(now_ms)
  until_true 60 'up is 1 for the annotated pod' is "up{namespace=\"$app\",pod=~\"demo-.*\",job=\"$release/annotated-pods\"}" 1 || return 1
  note="apply to first scrape $(seconds_since "$begun_ms") s, of which the pod ready to first scrape $(seconds_since "$pod_ready") s (interval 5 s)"
}

selected_scraped() {
  local begun_ms
  begun_ms=$(now_ms)
  k -n "$app" apply -f "$project/examples/kubernetes/5-selected.yaml" >/dev/null || return 1
  until_true 60 'up is 1 for the selected pod' is "up{namespace=\"$app\",job=\"$app/demo\",team=\"shop\"}" 1 || return 1
  note="apply to first scrape $(seconds_since "$begun_ms") s (interval 5 s)"
}

# ---------------------------------------------------------------- alerting

alert_fires() { until_true 120 'ALERTS has DemoErrorsHigh firing' some 'ALERTS{alertname="DemoErrorsHigh",alertstate="firing"}'; }

webhook_got() { k -n "$app" logs deployment/webhook | grep DemoErrorsHigh | grep -qi firing; }

alert_delivered() { until_true 60 'the webhook pod prints DemoErrorsHigh, firing' webhook_got; }

# ---------------------------------------------------------------- status

# above KIND/NAME NAMESPACE PATH LEAST
above() {
  local found
  found=$(k -n "$2" get "$1" -o "jsonpath={$3}")
  [[ $found =~ ^[0-9]+$ ]] && ((found >= $4))
}

columns_filled() {
  until_true 40 'annotated-pods: status.up' above scrapetarget/annotated-pods "$release" .status.up 1 || return 1
  until_true 40 'demo: status.up' above scrapetarget/demo "$app" .status.up 1 || return 1
  until_true 40 'demo: status.samples' above scrapetarget/demo "$app" .status.samples 1 || return 1
  until_true 40 'demo: status.firing' above alertrule/demo "$app" .status.firing 1 || return 1
  until_true 40 'webhook: status.sent' above receiver/webhook "$app" .status.sent 1 || return 1
  until_true 40 "$volume: status.series" above "storagevolume/$volume" "$release" .status.series 1 || return 1
  k get storagevolumes,scrapetargets,alertrules,receivers --all-namespaces | sed '/./s/^/        /' >&2
  k get narthex --all-namespaces >/dev/null || fail 'the category narthex is not there'
}

two_sources_refused() {
  local answer
  answer=$(k -n "$app" apply -f - 2>&1 <<'YAML'
apiVersion: monitoring.narthex.dev/v1alpha1
kind: ScrapeTarget
metadata: {name: two}
spec:
  pods: {}
  annotated: {}
YAML
  ) && fail "it was taken: $answer" && return 1
  [[ $answer == *'exactly one source'* ]] || fail "the answer does not help: $answer"
}

bad_expression_told() {
  k -n "$app" apply -f - >/dev/null <<'YAML' || return 1
apiVersion: monitoring.narthex.dev/v1alpha1
kind: AlertRule
metadata: {name: broken}
spec:
  rules:
  - alert: Broken
    expr: sum by (job (up)
YAML
  until_true 40 'alertrule/broken not Ready, with a reason' not_ready_because alertrule/broken 'rules\[0\]' || return 1
  k -n "$app" delete alertrule broken >/dev/null || return 1
  ready alertrule/demo "$app" || fail 'alertrule/demo is no longer Ready'
}

not_ready_because() { # kind/name expression
  k -n "$app" get "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].message}' |
    grep -qE "^False .*$2"
}

# ---------------------------------------------------------------- the server's pod

server_set() { k -n "$release" get statefulsets -o name | head -n 1; }
server_pod() { local set; set=$(server_set); echo "pod/${set#*/}-0"; }
uid() { k -n "$release" get "$1" -o 'jsonpath={.metadata.uid}'; }

before='' before_time=''

server_replaced() {
  local pod old
  pod=$(server_pod)
  old=$(uid "$pod") || return 1
  # A moment that every scrape before it has reached; its answer must be the same from now on.
  before_time=$(($(now_ms) / 1000 - 2))
  before=$(value "sum(demo_http_requests_total{namespace=\"$app\"})" "$before_time")
  [[ $before ]] || fail 'nothing to compare: no sample of the demo' || return 1
  k -n "$release" delete "$pod" --wait=false >/dev/null || return 1
  until_true 60 "$pod made anew" new_pod "$pod" "$old" || return 1
  until_true 90 "$pod ready" pod_ready "$pod" || return 1
  until_true 30 "$volume answers" query up
}

new_pod() { local u; u=$(uid "$1") && [[ $u && $u != "$2" ]]; }
pod_ready() { k -n "$release" get "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -qx True; }

data_kept() {
  local after
  after=$(value "sum(demo_http_requests_total{namespace=\"$app\"})" "$before_time")
  [[ $after == "$before" ]] || fail "requests counted at $before_time: $before before, '$after' after" || return 1
  note="$after requests counted at $before_time, before and after"
}

scraping_goes_on() {
  until_true 60 'up is 1 again' is "up{namespace=\"$app\",pod=~\"demo-.*\",job=\"$release/annotated-pods\"}" 1 || return 1
  until_true 60 'the StorageVolume is Ready again' ready "storagevolume/$volume" "$release"
}

# ---------------------------------------------------------------- the end

uninstall() {
  k -n "$release" delete "storagevolume/$volume" --timeout=60s >/dev/null || fail 'the StorageVolume cannot be deleted' || return 1
  until_true 60 'its StatefulSet goes with it' gone || return 1
  "$here/helm" uninstall "$release" --namespace "$release" --wait --timeout 2m >>"$logs/helm.log" 2>&1 || { cat "$logs/helm.log" >&2; return 1; }
}

gone() { [[ ! $(k -n "$release" get statefulsets -o name) ]]; }

collect_logs() {
  {
    k get pods,statefulsets,deployments,services,persistentvolumeclaims --all-namespaces -o wide
    k get storagevolumes,scrapetargets,alertrules,receivers --all-namespaces -o yaml
    k get events --all-namespaces --sort-by=.lastTimestamp
  } >"$logs/objects.log" 2>&1
  k -n "$release" logs deployment/"$release"-operator --tail=2000 >"$logs/operator.log" 2>&1
  k -n "$release" logs "$(server_pod)" --tail=2000 >"$logs/server.log" 2>&1
  k -n "$release" logs "$(server_pod)" --tail=2000 --previous >"$logs/server-previous.log" 2>&1
  k -n "$app" logs deployment/webhook --tail=500 >"$logs/webhook.log" 2>&1
  say "        logs: $logs"
}
