# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The node: a tree of processes in PID, mount, network, UTS and IPC namespaces of its own, as a Kind node is. When its
# first process goes, all of it goes, with its mounts, links and packet filter rules.

cgroup_hierarchies() { findmnt -rno TARGET -t cgroup,cgroup2; }

# Routes that stay, also after `down`: what a late or stray client sends to an address of a cluster that is gone is
# dropped here instead of following the default route out of this machine. The link's own routes go before them.
keep_inside() {
  local subnet
  for subnet in 10.219.0.0/16 10.220.0.0/16 10.221.0.0/16; do ip route replace blackhole "$subnet" metric 4096; done
}

node_namespaces() {
  local hierarchy init
  mkdir -p "$state"/{containerd,kubelet,volumes,cni,pod-logs,flag,scratch}
  rm -f "$state"/flag/*
  while read -r hierarchy; do
    mkdir -p "$hierarchy/$cgroup"
    if [[ -e $hierarchy/cpuset.cpus ]]; then
      cat "$hierarchy/cpuset.cpus" >"$hierarchy/$cgroup/cpuset.cpus"
      cat "$hierarchy/cpuset.mems" >"$hierarchy/$cgroup/cpuset.mems"
    fi
  done < <(cgroup_hierarchies)
  node_files
  run node unshare --fork --kill-child --pid --mount --net --uts --ipc --mount-proc --propagation private \
    bash "$self" --offset "$offset" --state "$state" node-init
  wait_for 10 'the node namespaces' test -e "$state/flag/born"
  init=$(<"/proc/$(pid_of node)/task/$(pid_of node)/children")
  init=${init// /}
  echo "node-init $init $(start_time "$init")" >>"$state/pids"
  keep_inside
  ip link add "$link" type veth peer name eth0 netns "$init"
  ip addr add "$host_ip/24" dev "$link"
  ip link set "$link" up
  run forward "$bin/forward" "$host_ip:$port" "127.0.0.1:$port"
  touch "$state/flag/link"
  wait_for 10 'the node network' test -e "$state/flag/network"
  ip route add "$pod_cidr" via "$node_ip"
  ip route add "$svc_cidr" via "$node_ip"
}

node_files() {
  kubeconfig "$state/kubelet.conf" kubelet "https://$host_ip:$port"
  kubeconfig "$state/kube-proxy.conf" kube-proxy "https://$host_ip:$port"
  containerd_configuration >"$state/containerd.toml"
  network_configuration >"$state/cni/10-bridge.conflist"
  : >"$state/resolv.conf"
  kubelet_configuration >"$state/kubelet.yaml"
  kube_proxy_configuration >"$state/kube-proxy.yaml"
}

containerd_configuration() {
  cat <<E
version = 3
root = '$state/containerd'
state = '/run/containerd'
oom_score = 0
disabled_plugins = ['io.containerd.nri.v1.nri', 'io.containerd.image-verifier.v1.bindir']
[grpc]
  address = '$state/containerd.sock'
[plugins.'io.containerd.internal.v1.opt']
  path = '/run/containerd-opt'
[plugins.'io.containerd.cri.v1.images']
  snapshotter = 'overlayfs'
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = 'localhost/kube/pause:1'
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  enable_criu = false
[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = 'runc'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  BinaryName = '$bin/runc'
  SystemdCgroup = false
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['$bin/cni']
  conf_dir = '$state/cni'
E
}

network_configuration() {
  cat <<E
{"cniVersion": "1.0.0", "name": "kube", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "/run/cni-ipam", "ranges": [[{"subnet": "$pod_cidr"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
E
}

kubelet_configuration() {
  cat <<E
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
enforceNodeAllocatable: [pods]
containerRuntimeEndpoint: unix://$state/containerd.sock
podLogsDir: $state/pod-logs
volumePluginDir: $state/kubelet/volume-plugins
address: $node_ip
healthzBindAddress: 127.0.0.1
tlsCertFile: $pki/kubelet-server.crt
tlsPrivateKeyFile: $pki/kubelet-server.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $pki/ca.crt}
authorization: {mode: Webhook}
clusterDomain: cluster.local
clusterDNS: ["$dns_ip"]
resolvConf: $state/resolv.conf
oomScoreAdj: 0
maxOpenFiles: $(ulimit -Hn | sed s/unlimited/1000000/)
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%, imagefs.inodesFree: 0%}
syncFrequency: 10s
E
}

kube_proxy_configuration() {
  cat <<E
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $state/kube-proxy.conf}
mode: nftables
clusterCIDR: $pod_cidr
hostnameOverride: $node
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
oomScoreAdj: 0
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
E
}

# Runs as the first process in the node's namespaces.
node_init() {
  trap : HUP
  hostname "$node"
  own_mounts
  touch "$state/flag/born"
  until [[ -e $state/flag/link ]]; do sleep 0.02; done
  own_network
  touch "$state/flag/network"
  run_node
}

own_mounts() {
  local folder setting file
  # A /sys that shows this network namespace, with the machine's cgroups.
  mount --rbind /sys/fs/cgroup "$state/scratch"
  mount -t sysfs sysfs /sys
  mount --rbind "$state/scratch" /sys/fs/cgroup
  umount -l "$state/scratch"
  # What has a fixed path stays in here.
  mount -t tmpfs -o mode=755 run /run
  for folder in lib log; do
    mkdir -p /run/over/$folder/{upper,work}
    mount -t overlay -o "lowerdir=/var/$folder,upperdir=/run/over/$folder/upper,workdir=/run/over/$folder/work" over /var/$folder
  done
  # The kubelet wants to set these for the whole machine: let it set files instead.
  mkdir -p /run/sysctl
  for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=/run/sysctl/$(tr / . <<<"${setting%=*}")
    echo "${setting#*=}" >"$file"
    mount --bind "$file" "/proc/sys/${setting%=*}"
  done
  mount --make-rshared / # volumes mounted by the kubelet are to appear in containers
}

own_network() {
  ip link set lo up
  ip addr add "$node_ip/24" dev eth0
  ip link set eth0 up
  # For connections from this namespace to a service: translated before they leave.
  ip route add "$svc_cidr" via "$host_ip"
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
}

run_node() {
  local name
  local -A running
  export PATH=$bin:$PATH
  "$bin/containerd" --config "$state/containerd.toml" >"$log/containerd.log" 2>&1 &
  running[containerd]=$!
  until [[ -e $state/flag/kubelet ]]; do sleep 0.02; done
  "$bin/kubelet" --config="$state/kubelet.yaml" --kubeconfig="$state/kubelet.conf" --root-dir="$state/kubelet" \
    --hostname-override="$node" --node-ip="$node_ip" >"$log/kubelet.log" 2>&1 &
  running[kubelet]=$!
  "$bin/kube-proxy" --config="$state/kube-proxy.yaml" >"$log/kube-proxy.log" 2>&1 &
  running[kube-proxy]=$!
  # When one of the three ends, so does the node.
  while sleep 1; do
    for name in "${!running[@]}"; do
      kill -0 "${running[$name]}" 2>/dev/null && continue
      echo "$name ended:"
      tail -n 10 "$log/$name.log"
      exit 1
    done
  done
}

images_up() { # beside the start of the control plane
  local attempt
  for ((attempt = 0; attempt < 600; attempt++)); do
    ctr version >/dev/null 2>&1 && break
    sleep 0.05
  done
  load "$cache"/images/*.tar
  touch "$state/flag/images"
}

node_up() {
  local began
  began=$(clock)
  manifests | k apply -f - >/dev/null
  wait_for 60 containerd test -e "$state/flag/images"
  touch "$state/flag/kubelet"
  step "$began" 'containerd, images'
  began=$(clock)
  wait_for 60 'the kubelet' get "/api/v1/nodes/$node/proxy/healthz"
  wait_for 60 'the node to be ready' k wait --for=condition=Ready "node/$node" --timeout=5s
  step "$began" 'kubelet: node ready'
  began=$(clock)
  wait_for 90 DNS k -n kube-system rollout status deployment/coredns --timeout=5s
  wait_for 90 'the volume provisioner' k -n local-path-storage rollout status deployment/local-path-provisioner --timeout=5s
  step "$began" 'DNS, volume provisioner'
}

manifests() { sed -e "s|@DNS_IP@|$dns_ip|g" -e "s|@VOLUMES@|$state/volumes|g" "$parts/node.yaml"; }

