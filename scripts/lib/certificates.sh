# shellcheck shell=bash
# Keys and certificates of the clone's own cluster, made with openssl. Sourced, never run.
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

certificate_days=365
renewed_before=$((30 * 24 * 3600)) # seconds that a certificate must still be good for

# certificates DIR ADDRESS: makes in DIR what is missing or expires within 30 days, and what is for another address than
# the node's ADDRESS. Prints the names of what it has made.
certificates() (
  set -e
  umask 077
  mkdir -p "$1"
  cd "$1"
  local address=$2 names
  names=DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  if [[ $address != "$(cat address 2>/dev/null)" ]]; then
    rm -f apiserver.crt kubelet-server.crt
    echo "$address" >address
  fi
  authority front-proxy-ca front-proxy front-proxy-client.crt
  certificate front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
  authority ca kubernetes '!(*-ca|front-proxy-client).crt'
  certificate apiserver ca /CN=kube-apiserver serverAuth "$names,IP:10.96.0.1,IP:$address"
  certificate kubelet-server ca /O=system:nodes/CN=system:node:twofold serverAuth "DNS:twofold,IP:$address"
  certificate metrics-server ca /CN=metrics-server serverAuth DNS:metrics-server.kube-system.svc
  certificate apiserver-kubelet-client ca /CN=kube-apiserver-kubelet-client clientAuth
  certificate admin ca /O=system:masters/CN=twofold clientAuth
  certificate kube-controller-manager ca /CN=system:kube-controller-manager clientAuth
  certificate kube-scheduler ca /CN=system:kube-scheduler clientAuth
  certificate kube-proxy ca /CN=system:kube-proxy clientAuth
  certificate kube-router ca /CN=kube-router clientAuth
  certificate kwok ca /CN=kwok clientAuth
  certificate kubelet ca /O=system:nodes/CN=system:node:twofold clientAuth
  if [[ ! -s service-accounts.pub ]]; then
    openssl genrsa -out service-accounts.key 2048 2>/dev/null
    openssl rsa -in service-accounts.key -pubout -out service-accounts.pub 2>/dev/null
    echo service-accounts
  fi
)

# stays_good FILE: whether the certificate is there and does not expire soon.
stays_good() { openssl x509 -in "$1" -noout -checkend "$renewed_before" >/dev/null 2>&1; }

# authority NAME COMMON_NAME SIGNED: what an authority has signed (a pattern of files) goes before it does.
authority() {
  ! stays_good "$1.crt" || return 0
  shopt -s extglob
  # shellcheck disable=SC2086 # a pattern
  rm -f $3
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -x509 -new -key "$1.key" -days $((10 * certificate_days)) -subj "/CN=$2" -out "$1.crt" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign,digitalSignature 2>/dev/null
  echo "$1"
}

certificate() { # NAME AUTHORITY SUBJECT USAGE [NAMES]
  local names=${5:-}
  ! stays_good "$1.crt" || return 0
  openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  openssl req -new -key "$1.key" -subj "$3" -out "$1.csr"
  {
    echo keyUsage=critical,digitalSignature
    echo "extendedKeyUsage=$4"
    echo basicConstraints=critical,CA:FALSE
    [[ -z $names ]] || echo "subjectAltName=$names"
  } >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -days "$certificate_days" \
    -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
  echo "$1"
}

# kubeconfig DIR NAME ADDRESS: prints one for the user whose certificate is NAME.
kubeconfig() {
  local ca crt key
  ca=$(base64 -w 0 "$1/ca.crt") crt=$(base64 -w 0 "$1/$2.crt") key=$(base64 -w 0 "$1/$2.key")
  cat <<END
apiVersion: v1
kind: Config
clusters:
  - name: twofold
    cluster: { server: "https://$3:6443", certificate-authority-data: $ca }
users:
  - name: twofold
    user: { client-certificate-data: $crt, client-key-data: $key }
contexts:
  - name: twofold
    context: { cluster: twofold, user: twofold }
current-context: twofold
END
}
