# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The stock TFTP clients of Debian. Some of them end with 0 after a failure (tftp-hpa does), so a
# fetch is judged by the bytes alone.

# shellcheck disable=SC2034  # for the script
CLIENTS=(curl tftp-hpa atftp busybox)

# client_fetch NETNS CLIENT ADDRESS NAME FILE
client_fetch() {
  local netns=$1 client=$2 address=$3 name=$4 file=$5 command
  case $client in
    curl) command=(curl -sS -o "$file" "tftp://$address/$name") ;;
    tftp-hpa) command=(tftp -m octet "$address" -c get "$name" "$file") ;;
    atftp) command=(atftp --get -r "$name" -l "$file" "$address") ;;
    busybox) command=(busybox tftp -g -r "$name" -l "$file" "$address") ;;
  esac
  rm -f "$file"
  netns_run "$netns" timeout 20 "${command[@]}" >"$file.log" 2>&1 </dev/null || true
}

# client_expect NETNS CLIENT ADDRESS NAME WANTED: fetches beside WANTED and compares the bytes.
client_expect() {
  local client=$2 name=$4 wanted=$5 got=$5.$2
  client_fetch "$1" "$client" "$3" "$name" "$got"
  if ! cmp -s "$wanted" "$got"; then
    cat "$got.log" >&2
    die "$client did not get $name as it is built: $(bytes_of "$got"), wanted $(bytes_of "$wanted")" \
      "compare $got with $wanted"
  fi
}

bytes_of() {
  if [[ -f $1 ]]; then
    echo "$(stat -c %s "$1") bytes"
  else
    echo "nothing"
  fi
}
