#!/usr/bin/env bash
# Makes all that the image holds, as one archive: artifacts/container/root.tar. Needs a .NET SDK and the programs of any Linux x64 with glibc and
# OpenSSL 3, liblz4 and libzstd, no container tool and no root.
#
#   container/build.sh && docker build -t messaging .
#
# The server is published with its runtime, and the libraries of this machine that it loads stand beside it under their own paths: there is no
# distribution below, no shell and no package, so that nothing of those has to be updated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=artifacts/container
root=$out/root
# A number that no distribution gives to anybody; Kubernetes wants a number to see that it is not root's.
user=65532

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-${HOME:-/tmp}}"

publish() {
  # Compiled ahead of time the first messages take two thirds of the time; the runtime compiles again what turns out to be hot.
  dotnet publish src/Messaging.Api -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -o "$root/app" -nodeReuse:false </dev/null
  # Documentation of members, and the provider for LTTng, which needs a library that hardly any machine has.
  rm -f "$root"/app/*.xml "$root/app/libcoreclrtraceptprovider.so"
}

# Where this machine has a library.
path_of() {
  PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | awk -v name="$1" '$1 == name && /x86-64/ && !found { print $NF; found = 1 }'
}

# Libraries that are loaded by name while the server runs, so that ldd can't tell of them.
loaded_by_name() {
  local name path
  for name in libssl.so.3 libcrypto.so.3 liblz4.so.1 libzstd.so.1; do
    path=$(path_of "$name")
    if [[ -z $path ]]; then echo "there is no $name here" >&2; return 1; fi
    echo "$path"
  done
  # Asked for when a Postgres is called; without it the server does the same and prints that it is missing.
  path_of libgssapi_krb5.so.2
}

# What the given files need beside themselves and what lies in the folder of the server.
needed_by() {
  ldd "$@" | awk '$2 == "=>" { print $3 } $1 ~ "^/.*ld-linux" { print $1 }' | { grep '^/' || true; } | { grep -v /app/ || true; }
}

copy_libraries() {
  local server named library
  mapfile -t server < <(find "$root/app" -name '*.so' -o -name Messaging.Api)
  named=$(loaded_by_name)
  # shellcheck disable=SC2086 # one path a word
  { echo "$named"; needed_by "${server[@]}" $named; } | sort -u | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp --dereference "$library" "$root$library"
  done
}

write_system() {
  # Whatever the umask here is: the server reads all of it and writes nothing of it.
  chmod -R u=rwX,go=rX "$root"
  mkdir -p "$root"/{data,dev,proc,sys,tmp,etc/messaging,etc/ssl/certs}
  chmod 1777 "$root/tmp"
  printf 'root:x:0:0::/:/none\nmessaging:x:%s:%s::/data:/none\n' "$user" "$user" >"$root/etc/passwd"
  printf 'root:x:0:\nmessaging:x:%s:\n' "$user" >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  # Whom the server trusts when it calls others by TLS: a Postgres elsewhere.
  if [[ -r /etc/ssl/certs/ca-certificates.crt ]]; then cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  else : >"$root/etc/ssl/certs/ca-certificates.crt"; fi
}

# The owners stand in the archive, so that whoever builds it need not be root.
pack() {
  tar --create --file "$out/root.tar" --directory "$root" --sort=name --owner=0 --group=0 --exclude=./data .
  tar --append --file "$out/root.tar" --directory "$root" --owner="$user" --group="$user" ./data
}

rm -rf "$root" "$out/root.tar"
mkdir -p "$root"
publish
copy_libraries
write_system
pack
echo "$out/root.tar: $(($(stat -c %s "$out/root.tar") >> 20)) MiB"
