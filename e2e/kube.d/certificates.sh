# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The cluster's own certificate authority, its certificates and kubeconfigs.

cert() { # name subject [usage] [subjectAltName]
  local name=$1 subject=$2 usage=${3:-clientAuth} san=${4:-} key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1)
  [[ $name == admin ]] && key=(-newkey rsa:2048) # some Java clients read no other key from a kubeconfig
  openssl req -new "${key[@]}" -nodes -keyout "$pki/$name.key" -subj "$subject" 2>/dev/null |
    openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -set_serial "0x$(openssl rand -hex 8)" -days 365 \
      -extfile <(printf 'keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=%s\n' "$usage"
        [[ ! $san ]] || printf 'subjectAltName=%s\n' "$san") -out "$pki/$name.crt" 2>/dev/null
}

certificates() {
  [[ -e $pki/done ]] && openssl x509 -checkend 864000 -noout -in "$pki/apiserver.crt" >/dev/null && return
  rm -rf "$pki"
  (umask 077; mkdir -p "$pki")
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=kube-ca \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature \
    -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>/dev/null
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2>/dev/null
  cert apiserver /CN=kube-apiserver serverAuth "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:$host_ip,IP:$svc_ip"
  cert admin /O=system:masters/CN=kubernetes-admin
  cert apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client
  cert front-proxy /CN=front-proxy-client
  cert controller-manager /CN=system:kube-controller-manager
  cert scheduler /CN=system:kube-scheduler
  cert kubelet "/O=system:nodes/CN=system:node:$node"
  cert kubelet-server "/O=system:nodes/CN=system:node:$node" serverAuth "DNS:$node,IP:$node_ip"
  cert kube-proxy /CN=system:kube-proxy
  if openssl rsa -help 2>&1 | grep -q -- -traditional; then # PKCS#1, as Kind writes it
    openssl rsa -in "$pki/admin.key" -traditional -out "$pki/admin.key.1" 2>/dev/null
    mv "$pki/admin.key.1" "$pki/admin.key"
  fi
  touch "$pki/done"
}

# kubeconfig FILE CERTIFICATE [SERVER]
kubeconfig() {
  local name=$2 address=${3:-$server}
  (umask 077; cat >"$1") <<KUBECONFIG
apiVersion: v1
kind: Config
clusters:
- name: kube
  cluster: {server: "$address", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}
users:
- name: $name
  user: {client-certificate-data: $(base64 -w0 "$pki/$name.crt"), client-key-data: $(base64 -w0 "$pki/$name.key")}
contexts:
- name: kube
  context: {cluster: kube, user: $name}
current-context: kube
KUBECONFIG
}
